#include "sim/episode/batched_environment.h"

#include <xxhash.h>

#include <algorithm>
#include <exception>
#include <functional>
#include <iterator>
#include <stdexcept>
#include <string>

#include "sim/base/error.h"
#include "sim/base/job_crew.h"
#include "sim/base/stopwatch.h"
#include "sim/episode/expert_seed.h"
#include "sim/generation/generate_task.h"

namespace medal {

namespace {

constexpr std::uint64_t kRetryDomain = 0x5245545259ULL;
/// Geometries tried for one episode, before its knobs count as impossible.
constexpr int kGeometryTries = 20;
/// Draws of knobs tried for a world's first episode, before their ranges count as impossible.
constexpr int kDraws = 20;

/// A world's geometry may leave no room for the goals; then the next one that follows from the same seeds is taken.
/// Throws UserError where none does.
std::shared_ptr<const Task> expand(EpisodeSpec& spec) {
  for (int attempt = 1;; ++attempt) {
    try {
      return std::make_shared<const Task>(generate_task(spec.parameters, spec.seed, spec.geometry_seed));
    } catch (const UserError&) {
      if (attempt == kGeometryTries) throw;
      spec.geometry_seed = mix_seed(spec.geometry_seed, kRetryDomain);
    }
  }
}

/// Ranges of knobs may hold corners that no layout fits into; a world that draws one plays with its last knobs again,
/// or in its first episode with the next that `draw_again` gives, and `replaced` says so.
std::shared_ptr<const Task> expand_or_replace(EpisodeSpec& spec, const Episode* last,
                                              const std::function<TaskParameters(int)>& draw_again, bool& replaced) {
  replaced = false;
  for (int draw = 0;; ++draw) {
    try {
      return expand(spec);
    } catch (const UserError&) {
      if (last ? last->spec().parameters == spec.parameters : draw == kDraws) throw;
      spec.parameters = last ? last->spec().parameters : draw_again(draw);
      replaced = true;
    }
  }
}

struct World {
  std::int64_t episode_index = 0;
  std::unique_ptr<Episode> episode;
  bool task_replaced = false;
  std::vector<Action> log;  ///< step-major
  std::vector<EpisodeResult> results;
  StageSeconds timing;
};

}  // namespace

struct BatchedEnvironment::Implementation {
  Implementation(const EnvironmentOptions& environment_options, int first, int count, int group_count,
                 EpisodeSource episode_source, ExpertFactory expert_factory, Autoreset when)
      : options(environment_options),
        first_world(first),
        source(std::move(episode_source)),
        experts(std::move(expert_factory)),
        autoreset(when),
        lidar(options.lidar),
        observation_width(static_cast<std::size_t>(medal::observation_size(options.lidar))),
        worlds(static_cast<std::size_t>(count)),
        groups(static_cast<std::size_t>(group_count)),
        crew(options.threads) {}

  /// Calls job(world index) for every world.
  template <class Job>
  void for_each_world(Job&& job) {
    crew.run(static_cast<int>(worlds.size()), [&job](int world) { job(static_cast<std::size_t>(world)); });
  }

  bool can_replay(const WorldRecord& record) const;
  void begin(World& world, EpisodeSpec spec, const std::function<TaskParameters(int)>& draw_again) const;
  void begin_next(std::size_t index, std::int64_t episode);
  void step_world(std::size_t index, std::span<const Action> actions, const StepOutputs& out);
  void observe_world(std::size_t index, std::span<float> observations);
  void finish_episode(std::size_t index);

  std::size_t learners_per_world() const { return static_cast<std::size_t>(options.learners_per_world); }

  EnvironmentOptions options;
  int first_world;
  EpisodeSource source;
  ExpertFactory experts;
  Autoreset autoreset;
  LidarCaster lidar;
  std::size_t observation_width;
  std::vector<World> worlds;
  std::vector<JobCrew::Batch> groups;  ///< the steps at work
  JobCrew crew;                        ///< ends before what it works on
};

/// Whether a record has the shape of a running episode here; what it says is checked by its hash.
bool BatchedEnvironment::Implementation::can_replay(const WorldRecord& record) const {
  const std::size_t steps = record.actions.size() / learners_per_world();
  return record.spec.presence.size() == learners_per_world() && record.actions.size() % learners_per_world() == 0 &&
         record.spec.steps > 0 && steps < static_cast<std::size_t>(record.spec.steps);
}

void BatchedEnvironment::Implementation::begin(World& world, EpisodeSpec spec,
                                               const std::function<TaskParameters(int)>& draw_again) const {
  Stopwatch watch;
  MEDAL_CHECK(static_cast<int>(spec.presence.size()) == options.learners_per_world, "one timeline for each learner");
  const std::shared_ptr<const Task> task =
      expand_or_replace(spec, world.episode.get(), draw_again, world.task_replaced);
  std::unique_ptr<Player> expert = experts(*task, expert_seed(spec.seed, ExpertStream::training));
  world.episode.reset();  // frees its memory before the next world takes the same
  world.episode = std::make_unique<Episode>(spec, task, std::move(expert), lidar);
  world.log.clear();
  world.log.reserve(static_cast<std::size_t>(spec.steps) * learners_per_world());
  watch.lap(world.timing.generation);
}

void BatchedEnvironment::Implementation::begin_next(std::size_t index, std::int64_t episode) {
  World& world = worlds[index];
  world.episode_index = episode;
  const int number = first_world + static_cast<int>(index);
  // Episodes below 0 are none: their draws are spare ones.
  begin(world, source(number, episode), [&](int draw) { return source(number, -1 - draw).parameters; });
}

void BatchedEnvironment::Implementation::finish_episode(std::size_t index) {
  World& world = worlds[index];
  const Episode& episode = *world.episode;
  EpisodeResult result{first_world + static_cast<int>(index),
                       world.episode_index,
                       episode.spec(),
                       episode.expert_score(),
                       {},
                       world.task_replaced};
  for (int k = 0; k < episode.learners(); ++k) result.learners.push_back(episode.learner_score(k));
  world.results.push_back(std::move(result));
}

void BatchedEnvironment::Implementation::observe_world(std::size_t index, std::span<float> observations) {
  World& world = worlds[index];
  for (std::size_t k = 0; k < learners_per_world(); ++k)
    world.episode->observe(
        static_cast<int>(k),
        observations.subspan((index * learners_per_world() + k) * observation_width, observation_width), &world.timing);
}

void BatchedEnvironment::Implementation::step_world(std::size_t index, std::span<const Action> actions,
                                                    const StepOutputs& out) {
  World& world = worlds[index];
  const std::size_t first = index * learners_per_world();
  const bool begins = world.episode->finished();  // only by Autoreset::next_step
  if (begins) {
    begin_next(index, world.episode_index + 1);
  } else {
    const std::span<const Action> mine = actions.subspan(first, learners_per_world());
    world.episode->step(mine, &world.timing);
    world.log.insert(world.log.end(), mine.begin(), mine.end());
  }
  const bool finished = world.episode->finished();
  for (std::size_t k = 0; k < learners_per_world(); ++k) {
    out.rewards[first + k] = world.episode->last_reward(static_cast<int>(k));
    out.terminated[first + k] = 0;
    out.truncated[first + k] = finished ? 1 : 0;
  }
  if (finished) finish_episode(index);
  if (finished && autoreset == Autoreset::same_step) {
    if (!out.final_observations.empty()) observe_world(index, out.final_observations);
    begin_next(index, world.episode_index + 1);
  }
  observe_world(index, out.observations);
  for (std::size_t k = 0; k < learners_per_world(); ++k)
    world.episode->observe_privileged(static_cast<int>(k),
                                      out.privileged.subspan((first + k) * kPrivilegedSize, kPrivilegedSize));
}

BatchedEnvironment::BatchedEnvironment(const EnvironmentOptions& options, int first_world, int worlds,
                                       EpisodeSource source, ExpertFactory experts, Autoreset autoreset, int groups)
    : implementation_(std::make_unique<Implementation>(options, first_world, worlds, groups, std::move(source),
                                                       std::move(experts), autoreset)) {
  MEDAL_CHECK(groups >= 1 && groups <= worlds, "no group without a world");
  implementation_->for_each_world([this](std::size_t w) { implementation_->begin_next(w, 0); });
}
BatchedEnvironment::~BatchedEnvironment() = default;

int BatchedEnvironment::worlds() const { return static_cast<int>(implementation_->worlds.size()); }
int BatchedEnvironment::learners() const { return worlds() * implementation_->options.learners_per_world; }
int BatchedEnvironment::observation_size() const { return static_cast<int>(implementation_->observation_width); }

void BatchedEnvironment::observe(const StepOutputs& out) {
  Implementation& self = *implementation_;
  self.for_each_world([&](std::size_t w) {
    self.observe_world(w, out.observations);
    for (std::size_t k = 0; k < self.learners_per_world(); ++k) {
      const std::size_t row = w * self.learners_per_world() + k;
      self.worlds[w].episode->observe_privileged(static_cast<int>(k),
                                                 out.privileged.subspan(row * kPrivilegedSize, kPrivilegedSize));
      if (!out.terminated.empty()) out.terminated[row] = 0;
      if (!out.truncated.empty()) out.truncated[row] = 0;
    }
  });
}

int BatchedEnvironment::groups() const { return static_cast<int>(implementation_->groups.size()); }

LearnerRange BatchedEnvironment::learners_of(int group) const {
  const int first = first_world_of(group);
  return {first * implementation_->options.learners_per_world,
          (first_world_of(group + 1) - first) * implementation_->options.learners_per_world};
}

int BatchedEnvironment::first_world_of(int group) const {
  return static_cast<int>(std::int64_t{worlds()} * group / groups());
}

void BatchedEnvironment::step(std::span<const Action> actions, const StepOutputs& out) {
  for (int group = 0; group < groups(); ++group) begin_step(group, actions, out);
  std::exception_ptr failure;  // thrown when all have ended: until then they write to `out`
  for (int group = 0; group < groups(); ++group) {
    try {
      finish_step(group);
    } catch (...) {
      if (!failure) failure = std::current_exception();
    }
  }
  if (failure) std::rethrow_exception(failure);
}

void BatchedEnvironment::begin_step(int group, std::span<const Action> actions, const StepOutputs& out) {
  MEDAL_CHECK(static_cast<int>(actions.size()) == learners(), "one action for each learner");
  Implementation& self = *implementation_;
  const int first = first_world_of(group);
  self.crew.begin(self.groups[static_cast<std::size_t>(group)], first_world_of(group + 1) - first,
                  [&self, first, actions, out](int world) {
                    self.step_world(static_cast<std::size_t>(first + world), actions, out);
                  });
}

bool BatchedEnvironment::step_ended(int group) const {
  return implementation_->crew.ended(implementation_->groups[static_cast<std::size_t>(group)]);
}

bool BatchedEnvironment::help() { return implementation_->crew.help(); }

void BatchedEnvironment::finish_step(int group) {
  implementation_->crew.finish(implementation_->groups[static_cast<std::size_t>(group)]);
}

void BatchedEnvironment::run_jobs(int jobs, std::function<void(int)> job) {
  implementation_->crew.run(jobs, std::move(job));
}

std::vector<EpisodeResult> BatchedEnvironment::take_results() {
  std::vector<EpisodeResult> results;
  for (World& world : implementation_->worlds) {
    std::move(world.results.begin(), world.results.end(), std::back_inserter(results));
    world.results.clear();
  }
  return results;
}

void BatchedEnvironment::restart(std::int64_t episode) {
  implementation_->for_each_world([&](std::size_t w) {
    implementation_->worlds[w].results.clear();
    implementation_->begin_next(w, episode);
  });
}

std::vector<WorldRecord> BatchedEnvironment::save() const {
  std::vector<WorldRecord> records;
  int index = implementation_->first_world;
  for (const World& world : implementation_->worlds)
    records.push_back({index++, world.episode_index, world.episode->spec(), world.log, world.episode->state_hash(),
                       world.task_replaced});
  return records;
}

void BatchedEnvironment::restore(const std::vector<WorldRecord>& records) {
  Implementation& self = *implementation_;
  if (records.size() != self.worlds.size()) throw std::runtime_error("the record holds another number of worlds");
  self.for_each_world([&](std::size_t w) {
    const WorldRecord& record = records[w];
    if (record.world != self.first_world + static_cast<int>(w) || !self.can_replay(record))
      throw std::runtime_error("the record of world " + std::to_string(record.world) +
                               " is damaged or belongs elsewhere");
    World& world = self.worlds[w];
    world.episode_index = record.episode;
    world.results.clear();
    const TaskParameters& recorded = record.spec.parameters;
    self.begin(world, record.spec, [&](int) { return recorded; });
    world.task_replaced = record.task_replaced;
    for (std::size_t first = 0; first < record.actions.size(); first += self.learners_per_world())
      world.episode->step(std::span(record.actions).subspan(first, self.learners_per_world()));
    world.log.assign(record.actions.begin(), record.actions.end());
    if (world.episode->state_hash() != record.state_hash)
      throw std::runtime_error("world " + std::to_string(record.world) +
                               " came out different when simulated again; was the checkpoint made by another build?");
  });
}

std::uint64_t BatchedEnvironment::state_hash() const {
  std::uint64_t hash = 0;
  for (const World& world : implementation_->worlds) {
    const std::uint64_t state[] = {static_cast<std::uint64_t>(world.episode_index), world.episode->state_hash()};
    hash = XXH3_64bits_withSeed(state, sizeof state, hash);
  }
  return hash;
}

StageSeconds BatchedEnvironment::timing() const {
  StageSeconds sum;
  for (const World& world : implementation_->worlds) sum.add(world.timing);
  return sum;
}

const Episode& BatchedEnvironment::episode(int local_world) const {
  return *implementation_->worlds[static_cast<std::size_t>(local_world)].episode;
}

}  // namespace medal
