#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "agents/navigation/navmesh_cache.h"
#include "agents/recordings/replay.h"
#include "experiments/card/numbers/played.h"
#include "experiments/card/worlds/subject.h"

namespace medal {

/// A learner that stands still until its step comes, and sees another avatar than the expert's: 0 is the expert, k + 1
/// learner k.
struct LateLearner {
  int from_step = 0;
  int demonstrator = 0;
};

/// A world to be played.
struct World {
  EpisodeSpec spec;
  std::shared_ptr<const Task> task;  ///< null where the knobs leave no layout
  std::unique_ptr<Player> expert;
  std::vector<LateLearner> late = {};  ///< [learner]; empty: all are there from the beginning
};

/// The knobs that the card's tasks begin with: 20 m of hills without obstacles, 5 goals, a minute, a perfect expert,
/// penalty 1; the subject's control rate. The expert's speed is drawn from 0.7 to 1, as `medal eval` draws it.
TaskParameters card_parameters(const Subject& subject, std::uint64_t seed);
/// As many obstacles, of all three kinds, as full difficulty has, times `share`.
void set_obstacles(TaskParameters& parameters, float share);

/// Control steps in so many seconds.
int steps_in(double seconds, const TaskParameters& parameters);
/// Seen for so long from the beginning, then not again.
PresenceTimeline seen_for(double seconds, const TaskParameters& parameters);
/// full, half and solo, as the transmission metric has them.
std::vector<PresenceTimeline> three_conditions(const TaskParameters& parameters);

/// The task of that seed with the expert that its knobs name, and one learner for each presence, all from one spawn.
/// `required`: throws UserError where there is no layout; else the task is null then.
World make_world(const TaskParameters& parameters, std::uint64_t seed, std::vector<PresenceTimeline> presence,
                 NavmeshCache& navmeshes, bool required = true);

/// The world of that spec with another task on the same ground.
World make_world(const Task& task, const EpisodeSpec& spec, NavmeshCache& navmeshes);

/// All worlds of one task, from its seed.
using WorldMaker = std::function<std::vector<World>(std::uint64_t seed, NavmeshCache& navmeshes)>;

struct PlayedTasks {
  std::vector<std::vector<Played>> tasks;  ///< [task][world]
  int rejected = 0;                        ///< seeds whose worlds threw UserError
};

/// Plays so many tasks of `medal eval`'s seeds; `seed` shifts them. Throws UserError where hardly any has a layout.
PlayedTasks play_tasks(const Subject& subject, int seed, int tasks, const WorldMaker& make);

/// Plays the first world of the first of those tasks, and writes it down.
Replay record_task(const Subject& subject, int seed, const WorldMaker& make);

}  // namespace medal
