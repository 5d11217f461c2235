#include "agents/ranks/gloo_communicator.h"

#include <chrono>
#include <cstdlib>
#include <cstring>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>

#include "agents/ranks/lost_rank.h"
#include "sim/base/error.h"

namespace medal {
namespace {

using at::Tensor;

// A save, an evaluation or a resume may keep the others waiting for long.
constexpr std::chrono::minutes kCollectiveTimeout{30};

class GlooCommunicator : public Communicator {
 public:
  GlooCommunicator(c10::intrusive_ptr<c10d::Store> store, int rank, int size,
                   c10::intrusive_ptr<c10d::ProcessGroupGloo::Options> options)
      : rank_(rank), size_(size), group_(store, rank, size, options) {}

  int rank() const override { return rank_; }
  int size() const override { return size_; }
  void all_reduce_sum(Tensor& tensor) override { all_reduce(tensor, c10d::ReduceOp::SUM); }
  void all_reduce_max(Tensor& tensor) override { all_reduce(tensor, c10d::ReduceOp::MAX); }

  void broadcast(Tensor& tensor) override {
    std::vector<Tensor> tensors{tensor};
    wait_for([&] { return group_.broadcast(tensors); });
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
    wait_for([&] { return group_.allgather(all, mine); });
    std::vector<std::string> result;
    for (int i = 0; i < size_; ++i)
      result.emplace_back(static_cast<const char*>(all[0][static_cast<std::size_t>(i)].data_ptr()),
                          static_cast<std::size_t>(lengths[i].item<std::int64_t>()));
    return result;
  }

  void barrier() override {
    wait_for([&] { return group_.barrier(); });
  }

 private:
  void all_reduce(Tensor& tensor, c10d::ReduceOp operation) {
    MEDAL_CHECK(tensor.is_cpu() && tensor.is_contiguous());
    std::vector<Tensor> tensors{tensor};
    c10d::AllreduceOptions options;
    options.reduceOp = operation;
    wait_for([&] { return group_.allreduce(tensors, options); });
  }

  template <class Start>
  void wait_for(Start&& start) {
    try {
      start()->wait();
    } catch (const std::exception& error) {
      throw LostRank(rank_, first_line(error));
    }
  }

  int rank_, size_;
  c10d::ProcessGroupGloo group_;
};

/// The network interface: GLOO_SOCKET_IFNAME if set, loopback if all ranks are on this machine, else what this
/// machine's name resolves to.
std::shared_ptr<::gloo::transport::Device> open_device(const RankSettings& settings) {
  if (const char* interface = std::getenv("GLOO_SOCKET_IFNAME"))
    return c10d::ProcessGroupGloo::createDeviceForInterface(interface);
  if (settings.host == "127.0.0.1" || settings.host == "localhost")
    return c10d::ProcessGroupGloo::createDeviceForHostname("127.0.0.1");
  return c10d::ProcessGroupGloo::createDefaultDevice();
}

}  // namespace

std::unique_ptr<Communicator> make_gloo_communicator(c10::intrusive_ptr<c10d::Store> store,
                                                     const RankSettings& settings) {
  auto options = c10d::ProcessGroupGloo::Options::create(kCollectiveTimeout);
  options->devices.push_back(open_device(settings));
  return std::make_unique<GlooCommunicator>(std::move(store), settings.rank, settings.size, options);
}

}  // namespace medal
