// Scores a trained agent on tasks that training never draws from. Component learning; nothing here reads Torch's
// headers.
#include <cstdio>
#include <exception>

#include "agents/agent/agent.h"
#include "agents/evaluation/evaluation.h"

using namespace medal;

int main(int argc, char** argv) try {
  // What `medal export` wrote, or a checkpoint of a run: runs/quick/checkpoints/latest.
  const Agent agent = Agent::load(argc > 1 ? argv[1] : "agents/pretrained/quick/agent.medal");
  std::printf("an agent of %lld parameters, observations of %d numbers\n",
              static_cast<long long>(agent.parameter_count()), agent.observation_size());

  TaskDistribution tasks;  // each knob a value or a distribution; here the world of the preset quick
  tasks.base.arena_size = 14;
  tasks.base.bumpiness = 0.25F;
  tasks.base.upright_density = tasks.base.low_bar_density = tasks.base.overhead_bar_density = 0;
  EvaluationOptions options;
  options.tasks = 16;
  const BatchPolicy policy = agent_policy(agent, options.sample_actions, kPolicySeed);
  const EvaluationResult result = evaluate(policy, tasks, options, agent.lidar());
  std::printf("CT %.2f (%.2f .. %.2f): expert seen always %.1f, until half-time %.1f, never %.1f\n", result.ct.mean,
              result.ct.low, result.ct.high, result.full.mean, result.half.mean, result.solo.mean);
} catch (const std::exception& error) {
  std::fprintf(stderr, "%s\n", error.what());
  return 2;
}
