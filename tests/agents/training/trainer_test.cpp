#include "agents/training/trainer.h"

#include <torch/cuda.h>
#include <unistd.h>

#include <cmath>

#include "agents/agent/agent_experts.h"
#include "agents/memory/memories.h"
#include "agents/network/network.h"
#include "sim/base/error.h"
#include "sim/episode/observation.h"
#include "tests/support/catch.h"
#include "tests/support/file_helpers.h"
#include "tests/support/local_ranks.h"
#include "tests/support/tensors.h"

using namespace medal;

namespace {

TrainingConfig tiny_config() {
  TrainingConfig config;
  config.run.learners = 8;
  config.run.steps = 100'000;
  config.task.base.arena_size = 12;
  config.task.base.goals = 4;
  config.task.base.episode_seconds = 6;
  config.environment.learners_per_world = 4;
  config.environment.lidar.azimuths = 8;
  config.network.encoder_size = config.network.memory_size = 16;
  config.learner.unroll = 16;
  return config;
}

std::uint64_t hash_after(const TrainingConfig& config, int iterations) {
  const auto communicator = make_communicator();
  Trainer trainer(config, *communicator);
  for (int i = 0; i < iterations; ++i) trainer.iterate();
  return trainer.state_hash();
}

/// An agent that has learnt a little, alone in its file.
std::filesystem::path write_agent(const std::filesystem::path& folder, const TrainingConfig& config) {
  const auto communicator = make_communicator();
  Trainer trainer(config, *communicator);
  for (int i = 0; i < 2; ++i) trainer.iterate();
  CheckpointHeader header;
  header.observation = observation_record(config.environment.lidar);
  header.counters_json = R"({"steps":256,"iteration":2,"elapsed":1.5})";
  save_agent(folder / "agent.medal", header, *trainer.network());
  return folder / "agent.medal";
}

}  // namespace

TEST_CASE("training depends on the seed and on nothing else") {
  TrainingConfig config = tiny_config();
  const auto first = hash_after(config, 6);
  CHECK(first == hash_after(config, 6));
  config.run.seed = 2;
  CHECK(first != hash_after(config, 6));
}

TEST_CASE("training does not depend on the number of simulation threads") {
  TrainingConfig config = tiny_config();
  config.run.learners = 16;
  const auto one = hash_after(config, 5);
  config.environment.threads = 2;
  CHECK(one == hash_after(config, 5));
  config.environment.threads = 4;
  CHECK(one == hash_after(config, 5));
}

TEST_CASE("training does not depend on the groups that take turns, with whatever memory") {
  TrainingConfig config = tiny_config();
  config.run.learners = 24;
  for (const char* memory : {"lstm", "events"}) {
    config.network.memory = memory_kind(memory);
    config.run.groups = 1;
    const auto one = hash_after(config, 6);
    for (const int groups : {2, 3, 6}) {
      config.run.groups = groups;
      config.environment.threads = groups;
      CHECK(one == hash_after(config, 6));
    }
  }
}

TEST_CASE("playing while learning is another run, of the same steps, that depends on neither groups nor threads") {
  TrainingConfig config = tiny_config();
  const auto plain = hash_after(config, 5);
  config.run.overlap = true;
  const auto one = hash_after(config, 5);
  CHECK(one != plain);
  config.run.groups = 2;
  config.environment.threads = 3;
  CHECK(one == hash_after(config, 5));
  const auto communicator = make_communicator();
  Trainer trainer(config, *communicator);
  CHECK(trainer.iterate().steps == 8 * 16);
  CHECK(trainer.iterate().finite);
}

TEST_CASE("a GPU learns what the CPU learns, with whatever memory") {
  if (!torch::cuda::is_available()) return;
  const auto communicator = make_communicator();
  for (const bool overlap : {false, true})
    for (const char* memory : {"lstm", "events", "gru"}) {
      TrainingConfig config = tiny_config();
      config.network.memory = memory_kind(memory);
      config.learner.bf16 = false;
      config.learner.blind_share = 0.5;
      config.run.overlap = overlap;
      Trainer cpu(config, *communicator);
      config.run.device = "cuda";
      config.environment.threads = 2;
      Trainer gpu(config, *communicator);
      // Long enough for episodes of 60 steps to end; rounding has not yet changed a draw.
      for (int i = 0; i < 5; ++i) {
        const IterationResult wanted = cpu.iterate(), result = gpu.iterate();
        INFO(memory << ", overlap " << overlap << ", iteration " << i);
        CHECK(result.finite);
        for (const char* name : {"loss/policy", "loss/value", "loss/entropy", "loss/attention", "gradient_norm"})
          CHECK(result.numbers.at(name) == Approx(wanted.numbers.at(name)).epsilon(0.02).margin(1e-3));
      }
    }
}

TEST_CASE("a resumed run is bit for bit the run that was not stopped") {
  const auto folder = std::filesystem::temp_directory_path() / ("medal_trainer_test_" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  const TrainingConfig config = tiny_config();
  const auto communicator = make_communicator();
  // 10 iterations of 16 steps cross the ends of 60-step episodes before and after the stop.
  Trainer whole(config, *communicator);
  for (int i = 0; i < 5; ++i) whole.iterate();
  whole.save(folder / "middle.medal", "", "test");
  for (int i = 0; i < 5; ++i) whole.iterate();

  Trainer resumed(config, *communicator);
  resumed.resume(Checkpoint(folder / "middle.medal"));
  CHECK(resumed.iteration() == 5);
  for (int i = 0; i < 5; ++i) resumed.iterate();
  CHECK(resumed.state_hash() == whole.state_hash());
  CHECK(resumed.steps() == whole.steps());
  std::filesystem::remove_all(folder);
}

TEST_CASE("a frozen agent in the expert's seat makes another run, which depends on no thread and goes on bit for bit") {
  const TemporaryFolder folder("trainer_expert_agent");
  TrainingConfig config = tiny_config();
  const auto agent = std::make_shared<Network>(config.network, observation_layout(config.environment.lidar));
  const ExpertFactory experts = agent_experts(Agent(agent, config.environment.lidar));
  const auto communicator = make_communicator();
  Trainer bots(config, *communicator);
  config.task.base.expert = ExpertKind::agent;
  CHECK(user_error_of([&] { Trainer(config, *communicator).iterate(); }).find("expert_agent") != std::string::npos);
  Trainer whole(config, *communicator, nullptr, experts);
  config.environment.threads = 3;
  Trainer threaded(config, *communicator, nullptr, experts), resumed(config, *communicator, nullptr, experts);
  for (int i = 0; i < 5; ++i) whole.iterate();
  whole.save(folder.path / "middle.medal", "", "test");
  for (int i = 0; i < 5; ++i) whole.iterate();
  for (int i = 0; i < 10; ++i) threaded.iterate();
  CHECK(threaded.state_hash() == whole.state_hash());
  CHECK_FALSE(resumed.resume(Checkpoint(folder.path / "middle.medal")));
  for (int i = 0; i < 5; ++i) resumed.iterate();
  CHECK(resumed.state_hash() == whole.state_hash());
  for (int i = 0; i < 10; ++i) bots.iterate();
  CHECK(bots.state_hash() != whole.state_hash());
}

TEST_CASE("a run that begins from an agent has its network on every rank, its own seed and counters at zero") {
  const TemporaryFolder folder("trainer_from");
  TrainingConfig config = tiny_config();
  const Checkpoint agent(write_agent(folder.path, config));
  Network expected(config.network, observation_layout(config.environment.lidar));
  agent.load_parameters(expected);
  config.run.seed = 5;
  run_ranks(2, [&](Communicator& communicator) {
    // Rank 1 is given none: what the first one was given counts.
    Trainer trainer(config, communicator, communicator.rank() == 0 ? &agent : nullptr);
    const auto actual = copies(trainer.network()->parameters()), wanted = copies(expected.parameters());
    for (std::size_t i = 0; i < wanted.size(); ++i)
      if (!at::equal(actual[i], wanted[i])) throw std::runtime_error("another network");
    if (trainer.steps() != 0 || trainer.iteration() != 0) throw std::runtime_error("counters go on");
  });
}

TEST_CASE("an agent of other sizes, or alone in its file, is refused where it does not serve") {
  const TemporaryFolder folder("trainer_misfit");
  const TrainingConfig config = tiny_config();
  const Checkpoint agent(write_agent(folder.path, config));
  const auto communicator = make_communicator();
  TrainingConfig other = config;
  other.environment.lidar.azimuths = 16;
  CHECK(user_error_of([&] { Trainer(other, *communicator, &agent); }).find("observations") != std::string::npos);
  other = config;
  other.network.memory_size = 24;
  CHECK(user_error_of([&] { Trainer(other, *communicator, &agent); }).find("does not fit") != std::string::npos);
  Trainer trainer(config, *communicator);
  CHECK(user_error_of([&] { trainer.resume(agent); }).find("--from") != std::string::npos);
}

TEST_CASE("training stops at the wanted number of steps") {
  TrainingConfig config = tiny_config();
  config.run.steps = 3 * 8 * 16;
  const auto communicator = make_communicator();
  Trainer trainer(config, *communicator);
  int iterations = 0;
  while (trainer.should_stop(false) == StopReason::none) {
    trainer.iterate();
    ++iterations;
  }
  CHECK(iterations == 3);
  CHECK(trainer.should_stop(false) == StopReason::steps);
  CHECK(trainer.should_stop(true) == StopReason::signal);
}

TEST_CASE("every ablation switch trains, and trains another agent") {
  TrainingConfig config = tiny_config();
  SECTION("without memory") { config.network.memory = memory_kind("none"); }
  SECTION("without the attention loss") { config.learner.heads["attention_weight"] = 0; }
  SECTION("with continuous actions") { config.network.action_head = ActionHeadKind::gaussian; }
  SECTION("with bernoulli presence") { config.task.base.presence = PresenceKind::bernoulli; }
  SECTION("without an expert") { config.task.base.expert = ExpertKind::absent; }
  const auto communicator = make_communicator();
  Trainer trainer(config, *communicator), whole(tiny_config(), *communicator);
  for (int i = 0; i < 3; ++i) {
    const IterationResult result = trainer.iterate();
    CHECK(result.finite);
    CHECK(result.steps == (i + 1) * 8 * 16);
    whole.iterate();
  }
  CHECK(trainer.state_hash() != whole.state_hash());
}

TEST_CASE("automatic domain randomisation moves within training, and each iteration reports where it stands") {
  TrainingConfig config = tiny_config();
  config.adr.enabled = true;
  config.adr.settings.set("queue_length", 1);
  config.adr.settings.set("boundary_probability", 1.0);
  // An agent that has learnt nothing transmits nothing: here that widens the range all the same.
  config.adr.settings.set("low_threshold", -1);
  config.adr.settings.set("high_threshold", -1);
  KnobDistribution knob;
  knob.knob = "bumpiness";
  knob.kind = KnobDistribution::Kind::adr;
  knob.low = 0;
  knob.high = 1;
  knob.initial_low = knob.initial_high = 0.5;
  knob.step = 0.1;
  config.task.knobs = {knob};
  const auto communicator = make_communicator();
  Trainer trainer(config, *communicator);
  const IterationResult first = trainer.iterate();
  REQUIRE(first.adr_ranges.size() == 1);
  CHECK(first.adr_ranges[0].knob == "bumpiness");
  CHECK((first.adr_ranges[0].low == 0.5 && first.adr_ranges[0].high == 0.5));  // no episode that counts has ended
  CHECK(first.numbers.at("adr/entropy") == 0.0);
  IterationResult last;
  for (int i = 1; i < 16; ++i) last = trainer.iterate();
  const AdrRange now = trainer.curriculum().adr().ranges()[0];
  CHECK(now.high - now.low > 0.15);
  CHECK((last.adr_ranges[0].low == now.low && last.adr_ranges[0].high == now.high));
  CHECK(last.numbers.at("adr/entropy") == Approx(std::log1p(now.high - now.low)));
}

TEST_CASE("an iteration reports every loss, the schedules, and means of the episodes that ended") {
  TrainingConfig config = tiny_config();
  KnobDistribution penalty;
  penalty.knob = "penalty";
  penalty.kind = KnobDistribution::Kind::schedule;
  penalty.low = 0.5;
  penalty.high = 1;
  penalty.end = 2 * 8 * 16;
  config.task.knobs = {penalty};
  const auto communicator = make_communicator();
  Trainer trainer(config, *communicator);
  CHECK(trainer.iterate().numbers.at("penalty") == 0.75);
  IterationResult result = trainer.iterate();
  CHECK(result.numbers.at("penalty") == 1);
  for (const char* name : {"loss/policy", "loss/value", "loss/entropy", "loss/attention", "loss/presence", "loss/order",
                           "gradient_norm", "clip_fraction", "approximate_kl", "explained_variance", "learning_rate"})
    CHECK(std::isfinite(result.numbers.at(name)));
  CHECK(result.numbers.at("loss/entropy") > 0);
  CHECK(result.numbers.find("adr/entropy") == nullptr);
  while (result.episodes == 0) result = trainer.iterate();  // 60 steps each
  CHECK(result.episode_means.counts.at("score/expert") == static_cast<double>(result.episodes));
  CHECK(result.episode_means.counts.at("score/all") == 4 * static_cast<double>(result.episodes));
}

TEST_CASE("a world's ground is worked out once for as many episodes as its geometry stays") {
  TrainingConfig config = tiny_config();
  config.run.learners = 64;
  config.task.base.episode_seconds = 2;
  config.curriculum.geometry_reuse = 4;
  const std::int64_t worlds = config.run.learners / config.environment.learners_per_world;
  const auto communicator = make_communicator();
  Trainer trainer(config, *communicator);
  NavmeshCache::Statistics counted;
  for (std::int64_t episodes = 0; episodes < 20 * worlds; episodes = counted.builds + counted.hits) {
    trainer.iterate();
    counted = trainer.navmeshes().statistics();
  }
  // A world's first and last geometry may stay for fewer episodes.
  const std::int64_t whole = (counted.builds + counted.hits) / config.curriculum.geometry_reuse;
  CHECK(counted.builds <= whole + worlds);
  CHECK(counted.builds >= whole - worlds);
}
