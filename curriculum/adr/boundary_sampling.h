#pragma once

#include "curriculum/adr/policy.h"

namespace medal {

/// Boundary sampling (Akkaya et al. 2019) scored by cultural transmission (Bhoopchand et al. 2023): some episodes
/// measure one end of one knob's range; once a queue of them is full, the end moves outward where CT is above
/// high_threshold, inward where it is below low_threshold. It moves between its initial value and its limit: ADR may
/// take back what it added, never the initial range.
class BoundarySampling final : public AdrPolicy {
 public:
  /// One end of one knob's range. A measurement is the index of one.
  struct Boundary {
    int knob = 0;  ///< index into the adr knobs
    bool upper = false;
    std::vector<ConditionScores> queue;
  };
  struct Move {
    std::int64_t training_steps = 0;
    std::string knob;
    bool upper = false;
    double ct = 0;     ///< ratio of means over the queue
    double value = 0;  ///< the end's new value
    int moved = 0;     ///< +1 widened, -1 narrowed, 0 stayed
  };

  /// Throws OptionError where the low threshold is above the high one.
  BoundarySampling(const AdrSettings& settings, const std::vector<KnobDistribution>& knobs);

  void draw(TaskParameters& parameters, bool upper_half, Random& random) const override;
  std::vector<AdrRange> ranges() const override { return ranges_; }
  /// "adr/entropy", see entropy(), and "adr/ct/KNOB/low" or "high": what the last full queue of that end said.
  NamedNumbers numbers() const override;

  bool measures() const override { return true; }
  int choose_measurement(Random& random) const override;
  void pin(TaskParameters& parameters, int boundary) const override;
  /// Leaves out episodes that began before the end moved.
  void record(int boundary, const TaskParameters& parameters, const ConditionScores& scores,
              std::int64_t training_steps) override;

  std::string to_json() const override;
  void from_json(const std::string& text) override;

  const std::vector<Boundary>& boundaries() const { return boundaries_; }
  const std::vector<Move>& history() const { return history_; }
  /// Mean over knobs of log(1 + width / limit width): the "ADR entropy" curve, 0 at single points.
  double entropy() const;

 private:
  bool is_at(const TaskParameters& parameters, int boundary) const;
  int move(const Boundary& boundary, double ct);

  double boundary_probability_, low_threshold_, high_threshold_;
  std::size_t queue_length_;
  std::vector<KnobDistribution> knobs_;
  std::vector<AdrRange> ranges_;
  std::vector<Boundary> boundaries_;
  std::vector<Move> history_;
};

}  // namespace medal
