#include "agents/evaluation/evaluation.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "agents/evaluation/three_conditions.h"
#include "agents/experts/experts.h"
#include "sim/base/error.h"
#include "sim/episode/expert_seed.h"
#include "sim/generation/generate_task.h"

namespace medal {
namespace {

/// A seed domain that training never draws from: training seeds go through mix_seed(run seed, world, ...), these carry
/// a tag in the fourth word.
constexpr std::uint64_t kHeldOutDomain = 0x48454C444F555431ULL;
constexpr int kTasksAtOnce = 32;
constexpr int kHopeless = 64;  // rejected tasks after which most must not be

EpisodeSpec held_out_spec(const TaskDistribution& tasks, const EvaluationOptions& options, std::uint64_t seed) {
  Random random(seed);
  EpisodeSpec spec;
  spec.parameters = sample_task_parameters(tasks, 0, random);
  spec.seed = spec.geometry_seed = seed;
  spec.steps = spec.parameters.episode_steps();
  if (options.leave_seconds > 0)
    add_conditions(spec, static_cast<int>(std::lround(options.leave_seconds * spec.parameters.control_rate)));
  else
    add_conditions(spec);
  return spec;
}

/// Null where there is no layout for this draw of the knobs; `why_not` then says so, where it is wanted.
std::unique_ptr<Episode> begin_held_out(const TaskDistribution& tasks, const EvaluationOptions& options,
                                        std::uint64_t seed, const LidarCaster& lidar, NavmeshCache& navmeshes,
                                        const ExpertFactory& agents, std::string* why_not = nullptr) {
  const EpisodeSpec spec = held_out_spec(tasks, options, seed);
  try {
    auto task = std::make_shared<const Task>(generate_task(spec.parameters, spec.seed, spec.geometry_seed));
    auto expert = make_expert(*task, expert_seed(seed, ExpertStream::evaluation), navmeshes, agents);
    return std::make_unique<Episode>(spec, std::move(task), std::move(expert), lidar);
  } catch (const UserError& error) {
    if (why_not != nullptr) *why_not = error.what();
    return nullptr;
  }
}

[[noreturn]] void reject_tasks(int rejected) {
  throw UserError("evaluation.task: " + std::to_string(rejected) +
                  " held-out tasks were rejected; make the layout easier or lower evaluation.minimum_expert_score");
}

/// What the expert does depends neither on what the learners do nor on what they sense.
double play_expert_alone(Episode& episode) {
  const std::vector<Action> standing(static_cast<std::size_t>(episode.learners()));
  while (!episode.finished()) episode.step(standing);
  return static_cast<double>(episode.expert_score().unit_penalty_score);
}

}  // namespace

std::uint64_t held_out_seed(int seed, std::uint64_t index) {
  return mix_seed(static_cast<std::uint64_t>(seed), index, 0, kHeldOutDomain);
}

void check_held_out_tasks(const TaskDistribution& tasks, const EvaluationOptions& options,
                          const ExpertFactory& agents) {
  LidarOptions blind;
  blind.azimuths = 4;
  const LidarCaster caster(blind);
  NavmeshCache navmeshes(1);
  std::string why_not;
  bool any_layout = false;
  for (int index = 0; index < kHopeless; ++index) {
    const auto episode = begin_held_out(tasks, options, held_out_seed(options.seed, static_cast<std::uint64_t>(index)),
                                        caster, navmeshes, agents, &why_not);
    any_layout |= episode != nullptr;
    if (episode && play_expert_alone(*episode) >= options.minimum_expert_score) return;
  }
  if (!any_layout) throw UserError("evaluation.task: " + why_not);
  reject_tasks(kHopeless);
}

EvaluationResult evaluate(const BatchPolicy& policy, const TaskDistribution& tasks, const EvaluationOptions& options,
                          const LidarOptions& lidar, const ExpertFactory& agents) {
  const LidarCaster caster(lidar);
  NavmeshCache navmeshes(1);
  const int size = observation_size(lidar);
  std::vector<TaskScores> scores;
  int rejected = 0;
  std::uint64_t index = 0;
  const auto hopeless = [&] { return rejected >= kHopeless && rejected > 10 * static_cast<int>(scores.size()); };
  while (static_cast<int>(scores.size()) < options.tasks) {
    if (hopeless()) reject_tasks(rejected);
    Episodes episodes;
    std::vector<std::uint64_t> seeds;
    const int wanted = std::min(kTasksAtOnce, options.tasks - static_cast<int>(scores.size()));
    while (static_cast<int>(episodes.size()) < wanted && !hopeless()) {
      const std::uint64_t seed = held_out_seed(options.seed, index++);
      auto episode = begin_held_out(tasks, options, seed, caster, navmeshes, agents);
      if (!episode) {
        ++rejected;
        continue;
      }
      episodes.push_back(std::move(episode));
      seeds.push_back(seed);
    }
    for (TaskScores& task : play_three_conditions(policy, episodes, seeds, size)) {
      if (task.expert < options.minimum_expert_score)
        ++rejected;
      else
        scores.push_back(std::move(task));
    }
  }
  return summarise(std::move(scores), rejected, options);
}

Replay record_held_out_task(const BatchPolicy& policy, const TaskDistribution& tasks, const EvaluationOptions& options,
                            const LidarOptions& lidar, const ExpertFactory& agents) {
  const LidarCaster caster(lidar);
  NavmeshCache navmeshes(1);
  for (int index = 0; index < kTasksAtOnce; ++index) {
    Episodes episodes;
    const std::uint64_t seed = held_out_seed(options.seed, static_cast<std::uint64_t>(index));
    episodes.push_back(begin_held_out(tasks, options, seed, caster, navmeshes, agents));
    if (!episodes.front()) continue;
    ReplayRecorder recorder(episodes.front()->spec());
    play_three_conditions(policy, episodes, std::span(&seed, 1), observation_size(lidar), &recorder);
    if (episodes.front()->expert_score().unit_penalty_score >= options.minimum_expert_score) return recorder.replay();
  }
  reject_tasks(kTasksAtOnce);
}

}  // namespace medal
