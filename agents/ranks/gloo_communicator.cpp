#include "agents/ranks/gloo_communicator.h"

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>

#include "agents/ranks/addresses.h"
#include "agents/ranks/heartbeat.h"
#include "agents/ranks/long_wait.h"
#include "agents/ranks/lost_rank.h"
#include "sim/base/error.h"

namespace medal {
namespace {

using at::Tensor;

// A save, an evaluation or a resume may keep the others waiting for long.
constexpr std::chrono::minutes kCollectiveTimeout{30};

class GlooCommunicator : public Communicator {
 public:
  GlooCommunicator(c10::intrusive_ptr<c10d::Store> store, c10::intrusive_ptr<c10d::Store> heartbeat_store,
                   const RankSettings& settings, c10::intrusive_ptr<c10d::ProcessGroupGloo::Options> options)
      : rank_(settings.rank),
        size_(settings.size),
        asked_to_stop_(settings.asked_to_stop),
        group_(c10::make_intrusive<c10d::ProcessGroupGloo>(store, rank_, size_, options)),
        heartbeat_(std::move(heartbeat_store), rank_, size_) {}

  int rank() const override { return rank_; }
  int size() const override { return size_; }
  void all_reduce_sum(Tensor& tensor) override { all_reduce(tensor, c10d::ReduceOp::SUM); }
  void all_reduce_max(Tensor& tensor) override { all_reduce(tensor, c10d::ReduceOp::MAX); }

  void broadcast(Tensor& tensor) override {
    std::vector<Tensor> tensors{tensor};
    wait_for([&] { return group_->broadcast(tensors); });
  }

  std::vector<std::string> all_gather(const std::string& bytes) override {
    Tensor lengths = at::zeros({size_}, at::kLong);
    lengths[rank_] = static_cast<std::int64_t>(bytes.size());
    all_reduce_sum(lengths);
    // Gloo gathers equal sizes only.
    std::vector<Tensor> mine{at::zeros({lengths.max().item<std::int64_t>() + 1}, at::kByte)};
    std::memcpy(mine[0].data_ptr(), bytes.data(), bytes.size());
    std::vector<std::vector<Tensor>> all(1);
    for (int i = 0; i < size_; ++i) all[0].push_back(at::empty_like(mine[0]));
    wait_for([&] { return group_->allgather(all, mine); });
    std::vector<std::string> result;
    for (int i = 0; i < size_; ++i)
      result.emplace_back(static_cast<const char*>(all[0][static_cast<std::size_t>(i)].data_ptr()),
                          static_cast<std::size_t>(lengths[i].item<std::int64_t>()));
    return result;
  }

  void barrier() override {
    wait_for([&] { return group_->barrier(); });
  }

 private:
  void all_reduce(Tensor& tensor, c10d::ReduceOp operation) {
    MEDAL_CHECK(tensor.is_cpu() && tensor.is_contiguous());
    std::vector<Tensor> tensors{tensor};
    c10d::AllreduceOptions options;
    options.reduceOp = operation;
    wait_for([&] { return group_->allreduce(tensors, options); });
  }

  template <class Start>
  void wait_for(Start&& start) {
    try {
      const auto work = start();
      LongWait wait(rank_, asked_to_stop_);
      while (!has_finished(*work)) {
        const std::optional<int> silent = heartbeat_.silent_rank();
        if (silent) throw LostRank(rank_, "rank " + std::to_string(*silent) + " is silent, its machine may be gone");
        wait.look(-1);
      }
    } catch (const LostRank&) {
      leave_group();
      throw;
    } catch (const std::exception& error) {
      leave_group();
      throw LostRank(rank_, first_line(error));
    }
  }

  /// Its destructor would wait for what never comes: it stays until the process ends.
  void leave_group() { group_.release(); }

  /// Waits for it a second at most. Throws what went wrong in it.
  static bool has_finished(c10d::Work& work) try {
    return work.wait(std::chrono::seconds(1));
  } catch (const std::exception&) {
    if (work.isCompleted()) throw;
    return false;  // it takes longer, no more
  }

  int rank_, size_;
  std::function<bool()> asked_to_stop_;
  c10::intrusive_ptr<c10d::ProcessGroupGloo> group_;
  Heartbeat heartbeat_;
};

/// The network interface: GLOO_SOCKET_IFNAME if set, else the one that reaches the meeting point, by its own address.
std::shared_ptr<::gloo::transport::Device> open_device(const RankSettings& settings) {
  if (const char* interface = std::getenv("GLOO_SOCKET_IFNAME"))
    return c10d::ProcessGroupGloo::createDeviceForInterface(interface);
  const std::string address = own_address_towards(settings.host, settings.port);
  return c10d::ProcessGroupGloo::createDeviceForHostname(address);
}

}  // namespace

std::unique_ptr<Communicator> make_gloo_communicator(c10::intrusive_ptr<c10d::Store> store,
                                                     c10::intrusive_ptr<c10d::Store> heartbeat_store,
                                                     const RankSettings& settings) {
  auto options = c10d::ProcessGroupGloo::Options::create(kCollectiveTimeout);
  options->devices.push_back(open_device(settings));
  return std::make_unique<GlooCommunicator>(std::move(store), std::move(heartbeat_store), settings, options);
}

}  // namespace medal
