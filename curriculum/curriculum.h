#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "curriculum/adr.h"
#include "curriculum/presence.h"
#include "curriculum/task_distribution.h"
#include "sim/episode/batched_environment.h"

namespace medal {

struct CurriculumOptions {
  int geometry_reuse = 8;
  bool stagger = true;
};

template <class Visitor>
void describe(CurriculumOptions& o, Visitor&& visit) {
  visit(Field{"geometry_reuse", "", 1, 1000, "Episodes in a row that a world keeps its terrain and obstacles for."},
        o.geometry_reuse);
  visit(Field{"stagger", "", 0, 1, "Shorten the first episode of each world by a different share."}, o.stagger);
}

/// Decides what every world plays next. `next` is pure between calls of `advance` and `record`.
class Curriculum {
 public:
  /// `worlds` is the global number of worlds. Throws UserError when ADR is on and learners_per_world < 3.
  Curriculum(const CurriculumOptions& options, const AdrOptions& adr, const TaskDistribution& distribution,
             int learners_per_world, int worlds, std::uint64_t seed);

  /// Seeded by (seed, world, episode). Geometry knobs (arena_size, bumpiness, densities) and the geometry seed stay for
  /// geometry_reuse episodes of a world (which of them are kept is shifted by world, so that the costly changes
  /// spread); all else is drawn anew. A geometry knob on a schedule, or measured by ADR, follows that at once. With
  /// `stagger`, the worlds' first episodes have evenly spread lengths; the cut ones do not count. Boundary episodes pin
  /// learners 0, 1, 2 to full, half, solo from one common spawn.
  EpisodeSpec next(int world, std::int64_t episode) const;
  /// Sets the training steps that schedules follow.
  void advance(std::int64_t training_steps) { training_steps_ = training_steps; }
  /// Applies finished boundary episodes; `results` must be ordered by (world, episode), the same on every rank.
  /// Boundary episodes that began before their end last moved measured something else and are left out.
  void record(std::span<const EpisodeResult> results);

  const Adr& adr() const { return adr_; }
  std::int64_t training_steps() const { return training_steps_; }
  /// Lossless state (schedule position, ADR). `from_json` throws UserError on text that does not fit this config.
  std::string to_json() const;
  void from_json(const std::string& text);

 private:
  TaskParameters draw_parameters(int world, std::int64_t episode, Random& random, std::uint64_t& geometry_seed) const;
  int first_episode_steps(int world, int steps) const;

  CurriculumOptions options_;
  Adr adr_;
  TaskDistribution distribution_;
  int learners_per_world_ = 1;
  int worlds_ = 1;
  std::uint64_t seed_ = 0;
  std::int64_t training_steps_ = 0;
};

}  // namespace medal
