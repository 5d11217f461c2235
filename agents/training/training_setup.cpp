#include "agents/training/training_setup.h"

#include <torch/cuda.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <thread>

#include "agents/layers/initial_weights.h"
#include "agents/network/network.h"
#include "sim/base/error.h"
#include "sim/base/random.h"

namespace medal {
namespace {

constexpr std::uint64_t kNetworkDomain = 0x4E4554574F524B31ULL;

/// "cuda" alone is the GPU of this machine's LOCAL_RANK, as launchers count.
at::Device find_device(const std::string& name) {
  const DeviceName wanted = parse_device(name);
  if (!wanted.cuda) return at::kCPU;
  const int count = torch::cuda::is_available() ? static_cast<int>(torch::cuda::device_count()) : 0;
  if (count == 0)
    throw UserError("run.device = '" + name + "', but there is no GPU that this LibTorch can use; use --device cpu");
  const char* local_rank = std::getenv("LOCAL_RANK");
  const int index = wanted.index.value_or((local_rank ? std::atoi(local_rank) : 0) % count);
  if (index >= count)
    throw UserError("run.device = '" + name + "', but this machine has only " + std::to_string(count) +
                    " GPUs; use --device cuda");
  return at::Device(at::kCUDA, static_cast<at::DeviceIndex>(index));
}

}  // namespace

void check_trainable(const TrainingConfig& config, int ranks) {
  find_device(config.run.device);
  const int worlds = config.run.learners / config.environment.learners_per_world;
  if (worlds % ranks != 0)
    throw UserError("run.learners / environment.learners_per_world = " + std::to_string(worlds) +
                    " worlds cannot be split over " + std::to_string(ranks) + " ranks; change run.learners or --ranks");
  if (config.run.groups > worlds / ranks)
    throw UserError("run.groups = " + std::to_string(config.run.groups) + ", but each rank has only " +
                    std::to_string(worlds / ranks) + " worlds; lower run.groups or raise run.learners");
}

std::shared_ptr<Network> make_network(const TrainingConfig& config, const Checkpoint* initial_agent) {
  seed_weights(mix_seed(static_cast<std::uint64_t>(config.run.seed), kNetworkDomain));
  const auto network = std::make_shared<Network>(config.network, observation_layout(config.environment.lidar));
  if (initial_agent != nullptr) {
    sensed_by(initial_agent->header().observation, config.environment.lidar, "run.initial_agent");  // or throws
    initial_agent->load_parameters(*network, &config.environment.lidar);
  }
  network->to(find_device(config.run.device));
  return network;
}

int worlds_of(const TrainingConfig& config, int ranks) {
  return config.run.learners / config.environment.learners_per_world / ranks;
}

/// While the device chooses the actions of one group, the threads step another; on the CPU nobody would gain.
int groups_of(const TrainingConfig& config, int ranks) {
  if (config.run.groups > 0) return config.run.groups;
  return config.run.device == "cpu" ? 1 : std::min(2, worlds_of(config, ranks));
}

EnvironmentOptions environment_of(const TrainingConfig& config, int ranks) {
  EnvironmentOptions options = config.environment;
  if (options.threads == 0 && config.run.device != "cpu")
    options.threads = std::max(1, static_cast<int>(std::thread::hardware_concurrency()) / ranks);
  return options;
}

}  // namespace medal
