#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "curriculum/distribution/task_distribution.h"
#include "curriculum/presence/conditions.h"
#include "sim/base/named_numbers.h"

namespace medal {

struct AdrRange {
  std::string knob;
  double low = 0, high = 0;
};

/// Sets each knob to a uniform draw from its range, or from the upper half of it.
void draw_ranges(const std::vector<AdrRange>& ranges, TaskParameters& parameters, bool upper_half, Random& random);

/// What an episode measures where it measures nothing.
inline constexpr int kNoMeasurement = -1;

/// Automatic domain randomisation: from where each adr knob is drawn, and what is learnt about that from episodes. A
/// pure state machine: drawing is const and thread-safe; outcomes are applied between iterations, in an order that the
/// caller fixes and that is the same on every rank.
class AdrPolicy {
 public:
  virtual ~AdrPolicy() = default;

  /// Sets every adr knob; `upper_half`: from the upper half of its range alone (adr.upper_half_from).
  virtual void draw(TaskParameters& parameters, bool upper_half, Random& random) const = 0;
  /// Where each adr knob is drawn from now.
  virtual std::vector<AdrRange> ranges() const = 0;
  /// What else is worth a curve, by its path in the metrics ("adr/entropy"); the first is what the display shows.
  virtual NamedNumbers numbers() const { return {}; }

  /// Whether some episodes measure something: they play the three conditions (curriculum/presence/conditions.h).
  virtual bool measures() const { return false; }
  /// What an episode that may measure does: a number of the policy's own from 0 up, or kNoMeasurement.
  virtual int choose_measurement(Random&) const { return kNoMeasurement; }
  /// Sets the knobs that the measurement fixes; the others stay as they were drawn.
  virtual void pin(TaskParameters&, int /*measurement*/) const {}
  /// Takes in what a measuring episode scored. It may have begun, with these parameters, before other outcomes changed
  /// what that number means, or under another config: the policy leaves out what says nothing any more.
  virtual void record(int /*measurement*/, const TaskParameters&, const ConditionScores&,
                      std::int64_t /*training_steps*/) {}

  /// Lossless state. `from_json` throws UserError where the state has other knobs than the config, and lets exceptions
  /// of nlohmann::json through where it is damaged; then nothing has changed.
  virtual std::string to_json() const { return "{}"; }
  virtual void from_json(const std::string& /*text*/) {}
};

/// An option of one policy: adr.NAME in the config.
struct AdrSetting {
  Field field;
  std::variant<int, double> value;  ///< the default
};

/// The settings that the policies declare, for all policies.
class AdrSettings {
 public:
  /// The policies' defaults.
  AdrSettings();

  /// Visits them as describe() of an options struct does.
  template <class Visitor>
  void describe(Visitor&& visit) {
    for (AdrSetting& setting : settings_) std::visit([&](auto& value) { visit(setting.field, value); }, setting.value);
  }
  /// By name, which must be there.
  double operator[](std::string_view name) const;
  void set(std::string_view name, double value);

 private:
  std::size_t index_of(std::string_view name) const;

  std::vector<AdrSetting> settings_;  ///< policy after policy
};

/// A policy as its file gives it.
struct AdrPolicyKind {
  std::string_view name;
  std::vector<AdrSetting> settings;
  /// `knobs` are the adr knobs, in the order of the distribution, and checked. Throws OptionError on settings that
  /// contradict each other.
  std::unique_ptr<AdrPolicy> (*make)(const AdrSettings& settings, const std::vector<KnobDistribution>& knobs);
};

}  // namespace medal
