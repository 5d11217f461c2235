#include "agents/ranks/communicator.h"

#include <chrono>
#include <thread>
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#include "agents/ranks/addresses.h"
#include "agents/ranks/gloo_communicator.h"
#include "agents/ranks/long_wait.h"
#include "agents/ranks/lost_rank.h"
#include "agents/ranks/shared_memory_communicator.h"
#include "sim/base/error.h"

namespace medal {
namespace {

using at::Tensor;

// Machines of a cluster may start minutes apart.
constexpr std::chrono::minutes kMeetingTimeout{5};
constexpr std::chrono::milliseconds kPause{20};  // between two looks

class SingleCommunicator : public Communicator {
 public:
  int rank() const override { return 0; }
  int size() const override { return 1; }
  void all_reduce_sum(Tensor&) override {}
  void all_reduce_max(Tensor&) override {}
  void broadcast(Tensor&) override {}
  std::vector<std::string> all_gather(const std::string& bytes) override { return {bytes}; }
  void barrier() override {}
};

LongWait wait_for_start(const RankSettings& settings) {
  return {settings.rank, settings.asked_to_stop, "it has not started, or cannot be reached"};
}

/// Until the store answers. LibTorch would wait without a word, and could not be stopped.
void wait_for_store(const RankSettings& settings) {
  LongWait wait = wait_for_start(settings);
  while (!is_listening(settings.host, settings.port)) {
    if (wait.so_far() > kMeetingTimeout) throw std::runtime_error("nobody listens there");
    wait.look(0);
    std::this_thread::sleep_for(kPause);
  }
}

c10::intrusive_ptr<c10d::Store> open_store(const RankSettings& settings, bool as_server) {
  c10d::TCPStoreOptions options;
  options.port = static_cast<std::uint16_t>(settings.port);
  options.isServer = as_server;
  options.waitWorkers = false;  // without a word who is missing
  options.timeout = kMeetingTimeout;
  if (!as_server) wait_for_store(settings);
  const auto store = c10::make_intrusive<c10d::TCPStore>(settings.host, options);
  return c10::make_intrusive<c10d::PrefixStore>("medal" + settings.prefix, store);
}

/// Returns once all ranks are there. Who is late is named.
void meet(c10d::Store& store, const RankSettings& settings) {
  const auto key = [](int rank) { return "here" + std::to_string(rank); };
  store.set(key(settings.rank), std::vector<std::uint8_t>{1});
  LongWait wait = wait_for_start(settings);
  for (int other = 0; other < settings.size; ++other) {
    while (!store.check({key(other)})) {
      if (wait.so_far() > kMeetingTimeout) throw std::runtime_error("rank " + std::to_string(other) + " did not come");
      wait.look(other);
      std::this_thread::sleep_for(kPause);
    }
  }
}

}  // namespace

void all_reduce_mean(Communicator& communicator, Tensor& tensor) {
  if (communicator.size() == 1) return;
  Tensor plain = tensor.to(at::kCPU);  // where collectives work
  communicator.all_reduce_sum(plain);
  plain.mul_(1.0 / communicator.size());
  if (!plain.is_same(tensor)) tensor.copy_(plain);
}

std::unique_ptr<Communicator> make_communicator(const RankSettings& settings) {
  if (settings.size == 1) return std::make_unique<SingleCommunicator>();
  try {
    const c10::intrusive_ptr<c10d::Store> store = open_store(settings, settings.rank == 0 && settings.host_store);
    meet(*store, settings);
    if (settings.shared_memory)
      if (auto communicator = make_shared_memory_communicator(*store, settings)) return communicator;
#ifdef MEDAL_WITH_GLOO
    return make_gloo_communicator(store, open_store(settings, false), settings);
#else
    throw UserError("this build lacks Gloo, which ranks on several machines take; run all ranks on one");
#endif
  } catch (const UserError&) {
    throw;
  } catch (const std::exception& error) {
    throw UserError("rank " + std::to_string(settings.rank) + " of " + std::to_string(settings.size) +
                    " cannot meet the others at " + settings.host + ":" + std::to_string(settings.port) +
                    "; check MASTER_ADDR and MASTER_PORT, and that all ranks run (" + first_line(error) + ")");
  }
}

bool has_gloo() {
#ifdef MEDAL_WITH_GLOO
  return true;
#else
  return false;
#endif
}

std::unique_ptr<Communicator> make_communicator() { return make_communicator(environment_rank_settings()); }

}  // namespace medal
