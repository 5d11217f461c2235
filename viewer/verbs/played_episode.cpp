#include <filesystem>
#include <optional>

#include "agents/recordings/replay.h"
#include "experiments/config/config_file.h"
#include "experiments/verbs/override_check.h"
#include "sim/base/error.h"
#include "viewer/sessions/game.h"
#include "viewer/verbs/shot.h"

namespace medal {

PlayedEpisode walk_with_expert(const ShotOptions& options, double until) {
  check_overrides(options.overrides, {"task.", "evaluation.task.", "lidar."}, "task.goals=4");
  const std::filesystem::path file = options.config.empty() ? kDefaultPreset : options.config;
  const Config config = load_config(&file, options.overrides);
  Random random(options.seed);
  EpisodeSpec spec;
  spec.parameters = sample_task_parameters(config.evaluation_task, 0, random);
  spec.seed = spec.geometry_seed = options.seed;
  spec.presence.resize(static_cast<std::size_t>(options.learners));
  spec.steps = spec.parameters.episode_steps();
  Game game(spec, true, config.environment.lidar);
  const std::vector<Action> standing(spec.presence.size());
  const double last = until * static_cast<double>(spec.parameters.control_rate);
  while (!game.episode().finished() && game.timeline().last_step() < last) game.step(standing);
  return {game.timeline(), spec, config.environment.lidar};
}

PlayedEpisode play_replay(const ShotOptions& options) {
  if (!options.config.empty() || !options.overrides.empty())
    throw UserError("--config and --set do not go with --replay: a replay brings its own task");
  const Replay replay = load_replay(options.replay);
  LidarOptions lidar;
  if (!replay.config_toml.empty()) lidar = config_from_toml(replay.config_toml, options.replay).environment.lidar;
  std::optional<Timeline> timeline;
  const int difference = play_again(replay, [&](const Episode& episode) {
    // The task lives as long as the episode only.
    if (!timeline) timeline.emplace(std::make_shared<const Task>(episode.task()));
    timeline->add(episode);
  });
  if (difference >= 0)
    throw UserError("'" + options.replay + "' does not come out as recorded: it differs at step " +
                    std::to_string(difference) + "; use the program that recorded it (version " +
                    replay.program_version + ")");
  return {std::move(*timeline), replay.spec, lidar};
}

}  // namespace medal
