#include "agents/evaluation/evaluation.h"
#include "agents/training/trainer.h"
#include "experiments/config/config_file.h"
#include "tests/support/catch.h"
#include "tests/support/random_policy.h"

using namespace medal;

// The named easy task of the `smoke` preset: 3 goals on flat ground in 8 m without penalty, where walking into spheres
// pays.
TEST_CASE("a policy trained for under a minute on the smoke preset beats a random one") {
  const std::filesystem::path preset = "smoke";
  const Config config = load_config(&preset, {});
  const auto communicator = make_communicator();
  Trainer trainer(config, *communicator);
  while (trainer.should_stop(false) == StopReason::none) trainer.iterate();
  CHECK(trainer.elapsed_seconds() < 60);

  EvaluationOptions options = config.evaluation;
  options.tasks = 32;
  const auto& lidar = config.environment.lidar;
  const Agent agent(trainer.network(), lidar);
  const auto trained = evaluate(agent_policy(agent, true, 1), config.evaluation_task, options, lidar);
  const auto random = evaluate(random_policy(1), config.evaluation_task, options, lidar);
  INFO("trained " << trained.full.mean << ", random " << random.full.mean);
  CHECK(trained.full.low > random.full.high);
}
