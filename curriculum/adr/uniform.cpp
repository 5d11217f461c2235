#include "curriculum/adr/policy.h"

namespace medal {

namespace {

/// Plain domain randomisation (Tobin et al. 2017), what ADR is compared with: each knob from its whole limits, from the
/// first step on. Learns nothing.
class Uniform final : public AdrPolicy {
 public:
  explicit Uniform(const std::vector<KnobDistribution>& knobs) {
    for (const KnobDistribution& knob : knobs) limits_.push_back({knob.knob, knob.low, knob.high});
  }
  void draw(TaskParameters& parameters, bool upper_half, Random& random) const override {
    draw_ranges(limits_, parameters, upper_half, random);
  }
  std::vector<AdrRange> ranges() const override { return limits_; }

 private:
  std::vector<AdrRange> limits_;
};

}  // namespace

AdrPolicyKind uniform_policy() {
  return {
      "uniform", {}, [](const AdrSettings&, const std::vector<KnobDistribution>& knobs) -> std::unique_ptr<AdrPolicy> {
        return std::make_unique<Uniform>(knobs);
      }};
}

}  // namespace medal
