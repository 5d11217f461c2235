#include "agents/agent/agent.h"

#include <algorithm>
#include <cmath>

#include "agents/checkpoint/checkpoint.h"
#include "agents/config/saved_config.h"
#include "agents/heads/heads.h"
#include "agents/network/network.h"
#include "sim/base/error.h"
#include "sim/base/version.h"
#include "sim/episode/observation.h"
#include "sim/episode/privileged.h"

namespace medal {
namespace {

std::span<float> numbers_of(const at::Tensor& tensor) {
  return {tensor.data_ptr<float>(), static_cast<std::size_t>(tensor.numel())};
}

/// Before a network is made that the file cannot fill: what its config says of sizes may be wrong.
void check_encoder(const Checkpoint& checkpoint, const NetworkOptions& options) {
  for (int layer = 0; layer < options.encoder_layers; ++layer) {
    const std::vector<std::int64_t> shape = checkpoint.parameter_shape("encoder" + std::to_string(layer) + ".weight");
    if (shape.size() != 2 || shape[1] != options.encoder_size)
      throw UserError("checkpoint '" + checkpoint.file().string() +
                      "' does not fit the network of its own config; use another copy of it");
  }
}

}  // namespace

struct Agent::Implementation {
  std::shared_ptr<const Network> network;
  LidarOptions lidar;
  SensedSlices sensed;  ///< of the simulator's numbers those that the agent was trained on
  bool sample = true;
  std::vector<HeldCell> held;
  std::vector<Random> random;  ///< [N]
  at::Tensor memory;           ///< [N, S]
  at::Tensor observations;     ///< [N, O], of those

  Implementation(std::shared_ptr<const Network> its_network, const LidarOptions& its_lidar, SensedSlices its_slices)
      : network(std::move(its_network)), lidar(its_lidar), sensed(std::move(its_slices)) {}
  Implementation(const Implementation& other)
      : network(other.network),
        lidar(other.lidar),
        sensed(other.sensed),
        sample(other.sample),
        held(other.held),
        random(other.random) {
    if (!other.memory.defined()) return;
    memory = other.memory.clone();
    observations = other.observations.clone();
  }

  NetworkOutput step(std::span<const float> row_by_row, std::span<Action> actions, bool guess) {
    const at::NoGradGuard no_gradient;
    MEDAL_CHECK(observations.size(0) == static_cast<std::int64_t>(actions.size()) &&
                    row_by_row.size() == actions.size() * static_cast<std::size_t>(medal::observation_size(lidar)),
                "reset() said how many learners there are");
    take_what_is_sensed(row_by_row);
    hold_cells();
    NetworkOutput output = network->step(observations, memory, guess);
    const ActionDistribution& distribution = network->actions();
    at::Tensor stored;
    if (sample) {
      at::Tensor uniforms = at::empty({observations.size(0), kActionSize});
      float* draw = uniforms.data_ptr<float>();
      for (Random& own : random)
        for (int i = 0; i < kActionSize; ++i) *draw++ = own.uniform();
      stored = distribution.sample(output.action_parameters, uniforms).stored;
    } else {
      stored = distribution.mode(output.action_parameters);
    }
    distribution.to_actions(stored, actions);
    return output;
  }

  void take_what_is_sensed(std::span<const float> row_by_row) {
    const auto size = static_cast<std::size_t>(medal::observation_size(lidar));
    float* to = observations.data_ptr<float>();
    for (std::size_t row = 0; row < row_by_row.size(); row += size)
      for (std::size_t i = 0; i < sensed.offsets.size(); ++i) {
        const auto length = static_cast<std::size_t>(sensed.layout.slices[i].length);
        const auto from = row_by_row.subspan(row + static_cast<std::size_t>(sensed.offsets[i]), length);
        to = std::copy(from.begin(), from.end(), to);
      }
  }

  void hold_cells() {
    for (std::int64_t learner = 0; !held.empty() && learner < memory.size(0); ++learner) {
      const std::span<float> state = numbers_of(memory[learner]);
      const auto first = static_cast<std::size_t>(network->memory().shown(state).data() - state.data());
      for (const HeldCell& one : held) state[first + static_cast<std::size_t>(one.cell)] = one.value;
    }
  }

  AgentInsight insight(const NetworkOutput& output, std::int64_t learner) const {
    AgentInsight insight;
    insight.value = output.value[learner].item<float>();
    insight.odds = network->actions().odds(output.action_parameters.narrow(0, learner, 1));
    const at::Tensor guess = output.guesses[head_index("expert_place")][learner].to(at::kCPU).contiguous();
    const float* place = guess.data_ptr<float>();
    insight.expert_feet = kPrivilegedScale * Vec3(place[0], place[1], place[2]);
    insight.expert_visible = 1.0F / (1.0F + std::exp(-place[3]));
    const std::span<const float> shown = network->memory().shown(numbers_of(memory[learner]));
    insight.memory.assign(shown.begin(), shown.end());
    const at::Tensor reads = output.reads.defined() ? output.reads[learner].to(at::kCPU).contiguous() : at::Tensor();
    insight.recollection = network->memory().recollection(
        numbers_of(memory[learner]), reads.defined() ? numbers_of(reads) : std::span<const float>());
    return insight;
  }
};

Agent Agent::load(const std::filesystem::path& file) { return load(Checkpoint(file)); }

Agent Agent::load(const Checkpoint& checkpoint) {
  const std::string file = checkpoint.file().string();
  const SavedConfig config(checkpoint.header().config_toml, "config in " + file);
  const auto lidar = config.section<LidarOptions>("lidar");
  SensedSlices sensed = sensed_by(checkpoint.header().observation, lidar,
                                  "the agent in '" + file + "'" + writer_text(checkpoint.writer()));
  const auto options = config.section<NetworkOptions>("network");
  check_encoder(checkpoint, options);
  const auto network = std::make_shared<Network>(options, sensed.layout);
  checkpoint.load_parameters(*network);
  Agent agent(network, lidar);
  agent.implementation_->sensed = std::move(sensed);
  return agent;
}

Agent::Agent(std::shared_ptr<const Network> network, const LidarOptions& lidar)
    : implementation_(std::make_unique<Implementation>(std::move(network), lidar,
                                                       sensed_by(observation_record(lidar), lidar, "an agent"))) {}
Agent Agent::with_network(std::shared_ptr<const Network> network) const {
  Agent agent(*this);
  agent.implementation_->network = std::move(network);
  return agent;
}
Agent::Agent(const Agent& other) : implementation_(std::make_unique<Implementation>(*other.implementation_)) {}
Agent& Agent::operator=(const Agent& other) { return *this = Agent(other); }
Agent::Agent(Agent&&) noexcept = default;
Agent& Agent::operator=(Agent&&) noexcept = default;
Agent::~Agent() = default;

const LidarOptions& Agent::lidar() const { return implementation_->lidar; }
int Agent::observation_size() const { return medal::observation_size(implementation_->lidar); }
std::int64_t Agent::parameter_count() const { return count_of(implementation_->network->parameters()); }
const Network& Agent::network() const { return *implementation_->network; }
const SensedSlices& Agent::sensed() const { return implementation_->sensed; }

void Agent::reset(int learners, std::uint64_t seed) {
  std::vector<Random> generators;
  for (int i = 0; i < learners; ++i) generators.emplace_back(seed, static_cast<std::uint64_t>(i));
  reset(generators);
}

void Agent::reset(std::span<const Random> generators) {
  const auto learners = static_cast<std::int64_t>(generators.size());
  implementation_->memory = at::zeros({learners, implementation_->network->memory_state_size()});
  implementation_->observations = at::zeros({learners, implementation_->sensed.layout.size});
  implementation_->random.assign(generators.begin(), generators.end());
}

void Agent::forget(int learner) { implementation_->memory[learner].zero_(); }

void Agent::set_sampling(bool sample) { implementation_->sample = sample; }

void Agent::hold(std::vector<HeldCell> cells) { implementation_->held = std::move(cells); }

std::vector<RememberedEvent> Agent::remembered(int learner) const {
  return implementation_->network->memory().recollection(numbers_of(implementation_->memory[learner]), {}).events;
}

void Agent::act(std::span<const float> observations, std::span<Action> actions) {
  implementation_->step(observations, actions, false);
}

void Agent::act(std::span<const float> observations, std::span<Action> actions, std::span<AgentInsight> insights) {
  MEDAL_CHECK(insights.size() == actions.size());
  const NetworkOutput output = implementation_->step(observations, actions, true);
  for (std::size_t i = 0; i < insights.size(); ++i)
    insights[i] = implementation_->insight(output, static_cast<std::int64_t>(i));
}

}  // namespace medal
