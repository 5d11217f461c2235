#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "curriculum/adr/policies.h"
#include "curriculum/distribution/task_distribution.h"
#include "sim/episode/batched_environment.h"

namespace medal {

struct CurriculumOptions {
  int geometry_reuse = 8;
  bool stagger = true;
  double fair_penalty_until = 0;
  double full_penalty_from = 0;
  double fair_penalty_fade = 0;
};

template <class Visitor>
void describe(CurriculumOptions& o, Visitor&& visit) {
  visit(Field{"geometry_reuse", "", 1, 1000, "Episodes in a row that a world keeps its terrain and obstacles for."},
        o.geometry_reuse);
  visit(Field{"stagger", "", 0, 1, "Shorten the first episode of each world by a different share."}, o.stagger);
  visit(
      Field{"fair_penalty_until", "", 0, 1e15,
            "Learner steps in which a wrong entry costs what makes entering blindly come to nothing, 2 / (goals - 2): "
            "with fewer goals exploring alone would pay, with more a learner would keep away."},
      o.fair_penalty_until);
  visit(Field{"full_penalty_from", "", 0, 1e15,
              "Learner steps from which a wrong entry costs task.penalty; in between the cost moves there."},
        o.full_penalty_from);
  visit(
      Field{"fair_penalty_fade", "", 0, 1e15,
            "Learner steps in which the cost moves there once the blind learners follow (learner.blind_until), if that "
            "is sooner; 0: never sooner. Who is made to fear goals before it follows does not begin to remember."},
      o.fair_penalty_fade);
}

/// Decides what every world plays next. `next` is pure between calls of `advance` and `record`.
class Curriculum {
 public:
  /// `worlds` is the global number of worlds. Throws UserError where the options contradict each other or the
  /// distribution; the rules are checked here and in what is called here, nowhere else.
  Curriculum(const CurriculumOptions& options, const AdrOptions& adr, const TaskDistribution& distribution,
             int learners_per_world, int worlds, std::uint64_t seed);

  /// Seeded by (seed, world, episode). Geometry knobs (arena_size, bumpiness, densities) and the geometry seed stay for
  /// geometry_reuse episodes of a world (which of them are kept is shifted by world, so that the costly changes
  /// spread); all else is drawn anew. A geometry knob on a schedule, or measured by ADR, follows that at once. With
  /// `stagger`, the worlds' first episodes have evenly spread lengths; the cut ones do not count. Episodes that measure
  /// something for ADR play the three conditions.
  EpisodeSpec next(int world, std::int64_t episode) const;
  /// Sets the training steps that schedules follow.
  void advance(std::int64_t training_steps) { training_steps_ = training_steps; }
  /// Says that learners follow, now; the first time counts.
  void note_following() {
    if (!following_since_) following_since_ = training_steps_;
  }
  /// Hands ADR what episodes measured; `results` must be ordered by (world, episode), the same on every rank.
  void record(std::span<const EpisodeResult> results);

  const AdrPolicy& adr() const { return *adr_; }
  /// What a wrong entry costs now in a task whose ranged knobs stand at their middle.
  float penalty() const;
  std::int64_t training_steps() const { return training_steps_; }
  /// Lossless state (schedule position, ADR). `from_json` throws UserError on text that does not fit this config.
  std::string to_json() const;
  void from_json(const std::string& text);

 private:
  TaskParameters draw_parameters(int world, std::int64_t episode, Random& random, std::uint64_t& geometry_seed) const;
  float penalty_now(const TaskParameters& parameters) const;
  int first_episode_steps(int world, int steps) const;

  CurriculumOptions options_;
  AdrOptions adr_options_;
  std::unique_ptr<AdrPolicy> adr_;
  bool measures_ = false;  ///< ADR is on and learns from episodes
  TaskDistribution distribution_;
  int learners_per_world_ = 1;
  int worlds_ = 1;
  std::uint64_t seed_ = 0;
  std::int64_t training_steps_ = 0;
  std::optional<std::int64_t> following_since_;  ///< learner steps
};

}  // namespace medal
