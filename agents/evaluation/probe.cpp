#include "agents/evaluation/probe.h"

#include <fmt/format.h>

#include <cmath>

#include "agents/evaluation/three_conditions.h"
#include "agents/recordings/recorded_player.h"
#include "sim/base/error.h"
#include "sim/episode/expert_seed.h"
#include "sim/generation/generate_task.h"

namespace medal {
namespace {

/// In the recorded task at penalty 1: what the expert does depends neither on the penalty nor on who watches it.
EpisodeSpec probe_spec(const Replay& replay) {
  EpisodeSpec spec = replay.spec;
  spec.parameters.penalty = 1.0F;
  spec.steps = replay.steps();
  spec.presence.clear();
  add_conditions(spec);
  return spec;
}

TaskScores mean_of(const std::vector<TaskScores>& repetitions) {
  TaskScores mean = repetitions.front();
  for (double FourScores::*score : {&TaskScores::full, &TaskScores::half, &TaskScores::solo, &TaskScores::expert}) {
    double sum = 0;
    for (const TaskScores& scores : repetitions) sum += scores.*score;
    mean.*score = sum / static_cast<double>(repetitions.size());
  }
  return mean;
}

}  // namespace

Replay record_demonstration(const TaskParameters& parameters, std::uint64_t seed, const ExpertFactory& expert) {
  EpisodeSpec spec;
  spec.parameters = parameters;
  spec.seed = spec.geometry_seed = seed;
  spec.steps = parameters.episode_steps();
  spec.presence = {fixed_presence(PresenceKind::full, spec.steps)};
  const auto task = std::make_shared<const Task>(generate_task(parameters, seed));
  const LidarCaster caster{LidarOptions()};
  Episode episode(spec, task, expert(*task, expert_seed(seed, ExpertStream::evaluation)), caster);
  ReplayRecorder recorder(spec);
  const Action standing;
  while (!episode.finished()) {
    episode.step(std::span(&standing, 1));
    recorder.record(episode, std::span(&standing, 1));
  }
  return recorder.replay();
}

Demonstration check_demonstration(const std::string& name, Replay replay, float control_rate,
                                  const EvaluationOptions& options) {
  const auto refuse = [&](const std::string& why) { throw UserError("probe '" + name + "' " + why); };
  const float recorded_rate = replay.spec.parameters.control_rate;
  if (std::abs(recorded_rate - control_rate) > 1e-3F)
    refuse(
        fmt::format("was recorded at {:g} decisions a second, but this agent takes {:g}; record it again at that "
                    "task.control_rate",
                    recorded_rate, control_rate));
  double score = 0;
  const int difference = play_again(
      replay, [&](const Episode& episode) { score = static_cast<double>(episode.expert_score().unit_penalty_score); });
  if (difference >= 0)
    refuse(
        fmt::format("does not come out as recorded: its states part at step {}; record it again, or use the program "
                    "that recorded it (version {})",
                    difference, replay.program_version));
  if (score < options.minimum_expert_score || replay.steps() < 2)
    refuse(
        fmt::format("is too poor a demonstration: its expert scored {:g}, less than {:g}; record a better one, or "
                    "lower evaluation.minimum_expert_score by --set",
                    score, options.minimum_expert_score));
  return {name, std::move(replay), score};
}

namespace {

/// What the learners of the first repetition remember; valid until the policy is reset.
std::array<std::vector<RememberedEvent>, kConditions> remembered_by_first(const BatchPolicy& policy) {
  std::array<std::vector<RememberedEvent>, kConditions> events;
  for (std::size_t k = 0; policy.remembered && k < events.size(); ++k)
    events[k] = policy.remembered(static_cast<int>(k));
  return events;
}

}  // namespace

std::vector<TaskScores> play_demonstration(const BatchPolicy& policy, const Demonstration& demonstration, int repeats,
                                           const LidarOptions& lidar) {
  const LidarCaster caster(lidar);
  const EpisodeSpec spec = probe_spec(demonstration.replay);
  const auto task = std::make_shared<const Task>(generate_task(spec.parameters, spec.seed, spec.geometry_seed));
  Episodes episodes;
  std::vector<std::uint64_t> seeds;
  for (int i = 0; i < repeats; ++i) {
    episodes.push_back(std::make_unique<Episode>(
        spec, task, std::make_unique<RecordedPlayer>(demonstration.replay.expert_actions), caster));
    seeds.push_back(mix_seed(spec.seed, static_cast<std::uint64_t>(i)));
  }
  std::vector<TaskScores> scores = play_three_conditions(policy, episodes, seeds, observation_size(lidar));
  for (const TaskScores& repetition : scores) {
    MEDAL_CHECK(repetition.expert == demonstration.score, "the demonstration depends on who watches it");
  }
  return scores;
}

ProbeResult probe(const BatchPolicy& policy, std::span<const Demonstration> demonstrations, int repeats,
                  const EvaluationOptions& options, const LidarOptions& lidar) {
  MEDAL_CHECK(!demonstrations.empty() && repeats > 0);
  ProbeResult result;
  result.repeats = repeats;
  std::vector<TaskScores> means;
  for (const Demonstration& demonstration : demonstrations) {
    const Replay& replay = demonstration.replay;
    std::vector<TaskScores> scores = play_demonstration(policy, demonstration, repeats, lidar);
    means.push_back(mean_of(scores));
    result.parts.push_back({demonstration.name, replay.title, replay.expert_player, replay.steps(),
                            summarise(std::move(scores), 0, options), remembered_by_first(policy)});
  }
  result.total = summarise(means, 0, options);
  if (demonstrations.size() == 1) {
    result.total = result.parts.front().result;
    result.total.tasks = means;
  }
  return result;
}

}  // namespace medal
