#include <algorithm>
#include <filesystem>
#include <optional>

#include "agents/experts/expert_bot.h"
#include "agents/recordings/replay.h"
#include "experiments/config/config_file.h"
#include "sim/base/error.h"
#include "sim/generation/generate_task.h"
#include "viewer/verbs/shot.h"

namespace medal {
namespace {

constexpr std::uint64_t kExpertDomain = 0x564945574552ULL;

/// Tells learners apart by when they see the expert, where that does.
std::vector<std::string> names_of(const EpisodeSpec& spec) {
  std::vector<std::string> names = {"expert"};
  std::vector<std::string> kinds;
  for (const PresenceTimeline& presence : spec.presence)
    kinds.emplace_back(kPresenceNames[static_cast<std::size_t>(presence.kind)]);
  std::vector<std::string> distinct = kinds;
  std::sort(distinct.begin(), distinct.end());
  const bool telling = std::adjacent_find(distinct.begin(), distinct.end()) == distinct.end();
  for (std::size_t k = 0; k < kinds.size(); ++k)
    names.push_back(kinds.size() == 1 ? "learner"
                    : telling         ? "learner (" + kinds[k] + ")"
                                      : "learner " + std::to_string(k + 1));
  return names;
}

}  // namespace

PlayedEpisode walk_with_expert(const ShotOptions& options, double until) {
  const std::filesystem::path file = options.config.empty() ? kDefaultPreset : options.config;
  const Config config = load_config(&file, options.overrides);
  Random random(options.seed);
  EpisodeSpec spec;
  spec.parameters = sample_task_parameters(config.evaluation_task, 0, random);
  spec.seed = spec.geometry_seed = options.seed;
  spec.presence.resize(static_cast<std::size_t>(options.learners));
  spec.steps = spec.parameters.episode_steps();
  const auto task = std::make_shared<const Task>(generate_task(spec.parameters, spec.seed));
  NavmeshCache navmeshes(1);
  const LidarCaster lidar(config.environment.lidar);
  Episode episode(spec, task, make_expert(*task, mix_seed(options.seed, kExpertDomain), navmeshes), lidar);
  PlayedEpisode played{SceneTimeline(task), options.learners, config.environment.lidar};
  played.timeline.set_names(names_of(spec));
  const std::vector<Action> standing(spec.presence.size());
  played.timeline.add(episode);
  while (!episode.finished() && static_cast<double>(played.timeline.seconds()) < until) {
    episode.step(standing);
    played.timeline.add(episode);
  }
  return played;
}

PlayedEpisode play_replay(const ShotOptions& options) {
  if (!options.config.empty() || !options.overrides.empty())
    throw UserError("--config and --set do not go with --replay: a replay brings its own task");
  const Replay replay = load_replay(options.replay);
  LidarOptions lidar;
  if (!replay.config_toml.empty()) lidar = config_from_toml(replay.config_toml, options.replay).environment.lidar;
  std::optional<SceneTimeline> timeline;
  const int difference = play_again(replay, [&](const Episode& episode) {
    // The task lives as long as the episode only.
    if (!timeline) timeline.emplace(std::make_shared<const Task>(episode.task()));
    timeline->add(episode);
  });
  if (difference >= 0)
    throw UserError("'" + options.replay + "' does not come out as recorded: it differs at step " +
                    std::to_string(difference) + "; use the program that recorded it (version " +
                    replay.program_version + ")");
  timeline->set_names(names_of(replay.spec));
  return {std::move(*timeline), static_cast<int>(replay.spec.presence.size()), lidar};
}

}  // namespace medal
