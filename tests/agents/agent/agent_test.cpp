#include "agents/agent/agent.h"

#include <algorithm>
#include <fstream>

#include "agents/checkpoint/checkpoint.h"
#include "agents/heads/heads.h"
#include "agents/network/network.h"
#include "sim/base/error.h"
#include "sim/base/random.h"
#include "sim/episode/observation.h"
#include "tests/support/catch.h"
#include "tests/support/file_helpers.h"
#include "tests/support/tensors.h"

using namespace medal;

namespace {

const LidarOptions kLidar{4, {0.0F}};
constexpr const char* kConfig =
    "[network]\nencoder_size = 8\nmemory_size = 8\n[lidar]\nazimuths = 4\npitches = [0.0]\n[run]\nseed = 3\n";
const auto kSize = static_cast<std::size_t>(observation_size(kLidar));

std::shared_ptr<const Network> small_network() {
  seed_weights(5);
  NetworkOptions options;
  options.encoder_size = 8;
  options.memory_size = 8;
  const auto network = std::make_shared<Network>(options, observation_layout(kLidar));
  const at::NoGradGuard no_gradient;  // a new policy is nearly even, whatever it sees
  for (const Parameter& parameter : network->parameters())
    if (parameter.name == "policy.weight") at::Tensor(parameter.value).mul_(300.0F);
  return network;
}

std::vector<float> observations(int learners, std::uint64_t seed) {
  Random random(seed);
  std::vector<float> numbers(static_cast<std::size_t>(learners) * kSize);
  for (float& number : numbers) number = random.uniform();
  return numbers;
}

std::vector<float> numbers_of(std::span<const Action> actions) {
  std::vector<float> numbers;
  for (const Action& action : actions)
    numbers.insert(numbers.end(), {action.forward, action.strafe, action.turn, action.jump, action.crouch});
  return numbers;
}

/// Actions of `steps` steps, one after the other.
std::vector<float> play(Agent& agent, int learners, int steps, std::uint64_t first_seed = 0) {
  std::vector<float> all;
  std::vector<Action> actions(static_cast<std::size_t>(learners));
  for (int step = 0; step < steps; ++step) {
    agent.act(observations(learners, first_seed + static_cast<std::uint64_t>(step)), actions);
    const std::vector<float> numbers = numbers_of(actions);
    all.insert(all.end(), numbers.begin(), numbers.end());
  }
  return all;
}

std::filesystem::path saved(const std::filesystem::path& folder, const Network& network, const char* config = kConfig,
                            const ObservationRecord& observation = observation_record(kLidar)) {
  CheckpointHeader header;
  header.config_toml = config;
  header.observation = observation;
  save_agent(folder / "agent.medal", header, network);
  return folder / "agent.medal";
}

std::string error_of(const std::filesystem::path& file) {
  try {
    Agent::load(file);
  } catch (const UserError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("an agent that is loaded acts as the network that was saved") {
  const TemporaryFolder folder("agent");
  const auto network = small_network();
  Agent original(network, kLidar);
  Agent loaded = Agent::load(saved(folder.path, *network));
  CHECK(loaded.lidar().azimuths == 4);
  CHECK(loaded.observation_size() == static_cast<int>(kSize));
  CHECK(loaded.parameter_count() == original.parameter_count());
  original.reset(3);
  loaded.reset(3);
  CHECK(play(loaded, 3, 20) == play(original, 3, 20));
}

TEST_CASE("learners side by side do not touch each other's memories") {
  const auto network = small_network();
  Agent together(network, kLidar), alone(network, kLidar);
  together.set_sampling(false);
  alone.set_sampling(false);
  together.reset(3);
  alone.reset(1);
  for (std::uint64_t step = 0; step < 10; ++step) {
    const std::vector<float> rows = observations(3, step);
    std::vector<Action> actions(3), own(1);
    together.act(rows, actions);
    alone.act(std::span(rows).subspan(kSize, kSize), own);
    CHECK(numbers_of(own) == numbers_of(std::span(actions).subspan(1, 1)));
  }
}

TEST_CASE("an agent draws its actions by the seed alone, and its most likely actions by none") {
  Agent agent(small_network(), kLidar);
  const auto played = [&](std::uint64_t seed) {
    agent.reset(4, seed);
    return play(agent, 4, 20);
  };
  CHECK(played(7) == played(7));
  CHECK(played(7) != played(8));
  agent.set_sampling(false);
  CHECK(played(7) == played(8));
}

TEST_CASE("a learner that forgets acts as at its episode's start; the others go on") {
  Agent agent(small_network(), kLidar);
  const auto insights_after = [&](int forgetting) {
    agent.reset(2);
    std::vector<Action> actions(2);
    std::vector<AgentInsight> insights(2);
    play(agent, 2, 5);
    if (forgetting >= 0) agent.forget(forgetting);
    agent.act(observations(2, 9), actions, insights);
    return insights;
  };
  const auto kept = insights_after(-1), first_forgot = insights_after(0), second_forgot = insights_after(1);
  CHECK(first_forgot[0].memory != kept[0].memory);
  CHECK(first_forgot[1].memory == kept[1].memory);
  CHECK(second_forgot[0].memory == kept[0].memory);
  CHECK(second_forgot[1].memory != kept[1].memory);

  agent.reset(2);
  std::vector<Action> actions(2);
  std::vector<AgentInsight> fresh(2);
  agent.act(observations(2, 9), actions, fresh);
  CHECK(first_forgot[0].memory == fresh[0].memory);
  CHECK(first_forgot[0].value == fresh[0].value);
}

TEST_CASE("cells that are held are what the next step begins with, until they are free again") {
  Agent agent(small_network(), kLidar);
  agent.set_sampling(false);
  agent.reset(2);
  const std::vector<float> free = play(agent, 2, 20);
  std::vector<HeldCell> empty;  // as all are at an episode's start
  for (int cell = 0; cell < 8; ++cell) empty.push_back({cell, 0.0F});
  agent.hold(empty);
  agent.reset(2);
  const std::vector<float> held = play(agent, 2, 20);
  constexpr std::size_t kFirstStep = 2 * kActionSize;
  CHECK(std::equal(free.begin(), free.begin() + kFirstStep, held.begin()));
  CHECK(held != free);
  const Agent copy = agent;
  agent.hold({});
  agent.reset(2);
  CHECK(play(agent, 2, 20) == free);
  Agent still_held = copy;
  still_held.reset(2);
  CHECK(play(still_held, 2, 20) == held);
}

TEST_CASE("a copy of an agent goes on apart from it") {
  Agent agent(small_network(), kLidar);
  agent.reset(2);
  play(agent, 2, 5);
  Agent copy = agent;
  const auto wanted = play(agent, 2, 5, 50);
  CHECK(play(copy, 2, 5, 50) == wanted);
  Agent third = copy;
  play(copy, 2, 5, 60);
  CHECK(play(third, 2, 5, 70) == play(agent, 2, 5, 70));
}

TEST_CASE("an agent's insight is what its network says") {
  const auto network = small_network();
  Agent agent(network, kLidar);
  agent.reset(2);
  std::vector<Action> actions(2);
  std::vector<AgentInsight> insights(2);
  std::vector<float> rows = observations(2, 1);
  agent.act(rows, actions, insights);

  at::Tensor memory = at::zeros({2, network->memory_state_size()});
  const auto output = network->step(at::from_blob(rows.data(), {2, static_cast<std::int64_t>(kSize)}), memory, true);
  const at::Tensor guess = output.guesses[head_index("expert_place")][1];
  CHECK(insights[1].value == output.value[1].item<float>());
  CHECK(insights[1].expert_feet.x() == Approx(10.0F * guess[0].item<float>()));
  CHECK(insights[1].expert_feet.z() == Approx(10.0F * guess[2].item<float>()));
  CHECK(insights[1].expert_visible == Approx(at::sigmoid(guess[3]).item<float>()));
  CHECK(insights[1].odds[0].probabilities ==
        network->actions().odds(output.action_parameters.narrow(0, 1, 1))[0].probabilities);
  CHECK(insights[1].memory.size() == network->memory().shown(std::span(memory[1].data_ptr<float>(), 16)).size());
}

TEST_CASE("what holds no agent for this program is told by its name") {
  const TemporaryFolder folder("agent");
  const auto network = small_network();
  CHECK_THAT(error_of(folder.path / "none.medal"), has_text("none.medal' cannot be opened"));
  std::ofstream(folder.path / "text.medal") << "a text that is long enough to have a header";
  CHECK_THAT(error_of(folder.path / "text.medal"), has_text("is not a Medal checkpoint"));
  ObservationRecord seven;
  seven.size = 7;
  CHECK_THAT(error_of(saved(folder.path, *network, kConfig, seven)), has_text("numbers, not 7"));
  CHECK_THAT(error_of(saved(folder.path, *network, "[lidar\n")), has_text("malformed TOML"));
  CHECK_THAT(error_of(saved(folder.path, *network, "[lidar]\nazimuths = 4\npitches = [0.0]\n")),
             has_text("does not fit the network of its own config"));
}
