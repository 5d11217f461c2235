#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "curriculum/task_distribution.h"
#include "sim/episode/episode.h"

namespace medal {

struct AdrOptions {
  bool enabled = false;
  double boundary_probability = 0.5;
  int queue_length = 32;
  double low_threshold = 0.3;
  double high_threshold = 0.5;
  double upper_half_from = 1e15;
};

template <class Visitor>
void describe(AdrOptions& o, Visitor&& visit) {
  visit(Field{"enabled", "", 0, 1, "Let automatic domain randomisation move the ranges of the adr knobs."}, o.enabled);
  visit(Field{"boundary_probability", "", 0, 1, "Chance that an episode measures one end of one knob's range."},
        o.boundary_probability);
  visit(Field{"queue_length", "", 1, 100000, "Boundary episodes that decide one move."}, o.queue_length);
  visit(Field{"low_threshold", "", -1, 1, "Training CT below which the end moves inward."}, o.low_threshold);
  visit(Field{"high_threshold", "", -1, 1, "Training CT above which the end moves outward."}, o.high_threshold);
  visit(
      Field{"upper_half_from", "", 0, 1e15,
            "Learner steps from which the adr knobs are drawn from the upper half of their range alone; 1e15: never."},
      o.upper_half_from);
}

/// Scores of one boundary world at penalty 1: learners 0, 1, 2 saw the expert always, until half-time, never.
struct BoundaryOutcome {
  double full = 0, half = 0, solo = 0, expert = 0;
};

/// One end of one knob's range.
struct AdrBoundary {
  int knob = 0;  ///< index into the adr knobs
  bool upper = false;
  std::vector<BoundaryOutcome> queue;
};

struct AdrMove {
  std::int64_t training_steps = 0;
  std::string knob;
  bool upper = false;
  double ct = 0;     ///< ratio of means over the queue
  double value = 0;  ///< the end's new value
  int moved = 0;     ///< +1 widened, -1 narrowed, 0 stayed
};

/// Boundary sampling (Akkaya et al. 2019) scored by cultural transmission (Bhoopchand et al. 2022). Pure state machine:
/// drawing is const and thread-safe; outcomes are applied between iterations in an order that the caller fixes.
/// An end moves between its initial value and its limit: ADR may take back what it added, never the initial range.
class Adr {
 public:
  Adr() = default;
  /// Takes the adr knobs of the distribution. Throws UserError on contradictory ranges.
  Adr(const AdrOptions& options, const TaskDistribution& distribution);

  /// Draws every adr knob within its present range into `parameters`, or within the upper half of it from
  /// upper_half_from `training_steps` on.
  void draw(TaskParameters& parameters, std::int64_t training_steps, Random& random) const;
  /// The boundary that an episode measures, or -1 for none: `pin` then sets that knob to that end of its range.
  int choose_boundary(Random& random) const;
  void pin(TaskParameters& parameters, int boundary) const;
  /// Whether an episode with these parameters measured the boundary where it is now. Those that began before its last
  /// move did not.
  bool measures(const TaskParameters& parameters, int boundary) const;
  void record(int boundary, const BoundaryOutcome& outcome, std::int64_t training_steps);

  /// (full - solo) / 2E + (half - solo) / 2E, means first; 0 where the expert scores 0 or less.
  static double cultural_transmission(const std::vector<BoundaryOutcome>& outcomes);

  struct Range {
    std::string knob;
    double low = 0, high = 0;
  };
  const std::vector<Range>& ranges() const { return ranges_; }
  const std::vector<AdrMove>& history() const { return history_; }
  const std::vector<AdrBoundary>& boundaries() const { return boundaries_; }
  /// Mean over knobs of log(1 + width / limit width): the "ADR entropy" curve, 0 at single points.
  double entropy() const;

  /// Lossless. `from_json` throws UserError when the text is malformed or has other knobs than this distribution.
  std::string to_json() const;
  void from_json(const std::string& text);

 private:
  int move(const AdrBoundary& boundary, double ct);

  AdrOptions options_;
  std::vector<KnobDistribution> knobs_;
  std::vector<Range> ranges_;
  std::vector<AdrBoundary> boundaries_;
  std::vector<AdrMove> history_;
};

}  // namespace medal
