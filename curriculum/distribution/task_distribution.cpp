#include "curriculum/distribution/task_distribution.h"

#include <algorithm>
#include <cmath>
#include <concepts>
#include <numeric>
#include <optional>
#include <type_traits>

#include "sim/base/nearest_name.h"
#include "sim/base/option_error.h"

namespace medal {

namespace {

[[noreturn]] void reject_knob(const std::string& knob) {
  std::vector<std::string> names;
  TaskParameters any;
  describe(any, [&](const Field& field, auto&) {
    if (field.choices.empty()) names.emplace_back(field.name);
  });
  throw UserError("no numeric task knob is called '" + knob + "'; the nearest is '" + nearest_name(knob, names) + "'");
}

/// Calls visit(field, member) for the knob of that name that is a choice.
template <class Visitor>
void visit_choice_knob(TaskParameters& parameters, const std::string& knob, Visitor&& visit) {
  bool found = false;
  describe(parameters, [&](const Field& field, auto& member) {
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(member)>, int>) {
      if (found || field.name != knob || field.choices.empty()) return;
      found = true;
      visit(field, member);
    }
  });
  if (!found) throw UserError("no task knob that is a choice is called '" + knob + "'");
}

void draw_choice(TaskParameters& parameters, const KnobDistribution& knob, bool begun, Random& random) {
  const double sum = std::accumulate(knob.weights.begin(), knob.weights.end(), 0.0);
  double left = static_cast<double>(random.uniform()) * sum;
  std::size_t choice = 0, last = 0;  // last: with a weight, for sums that are not exact
  for (std::size_t i = 0; i < knob.weights.size(); ++i)
    if (knob.weights[i] > 0) last = i;
  while (choice < last && left >= knob.weights[choice]) left -= knob.weights[choice++];
  set_choice(parameters, knob.knob, begun ? static_cast<int>(choice) : main_choice(knob));
}

/// Calls visit(field, member) for the numeric knob of that name.
template <class Visitor>
void visit_knob(TaskParameters& parameters, const std::string& knob, Visitor&& visit) {
  bool found = false;
  describe(parameters, [&](const Field& field, auto& member) {
    if (found || field.name != knob || !field.choices.empty()) return;
    found = true;
    visit(field, member);
  });
  if (!found) reject_knob(knob);
}

}  // namespace

int main_choice(const KnobDistribution& mix) {
  return static_cast<int>(std::max_element(mix.weights.begin(), mix.weights.end()) - mix.weights.begin());
}

std::string fault_of(const KnobDistribution& knob) {
  using Kind = KnobDistribution::Kind;
  if (knob.kind == Kind::mix) {
    const bool negative = std::any_of(knob.weights.begin(), knob.weights.end(), [](double w) { return !(w >= 0); });
    const bool none = std::all_of(knob.weights.begin(), knob.weights.end(), [](double w) { return w == 0; });
    return negative ? "has a weight below 0" : none ? "needs a weight above 0" : "";
  }
  if (knob.kind == Kind::schedule) {
    if (!(knob.low <= knob.from_high.value_or(knob.low) && knob.high <= knob.to_high.value_or(knob.high)))
      return "has low above high: swap them";
    return knob.begin <= knob.end ? "" : "has begin after end: swap them";
  }
  if (!(knob.low <= knob.high)) return "has low above high: swap them";
  if (knob.kind == Kind::range) return "";
  if (!(knob.low <= knob.initial_low && knob.initial_low <= knob.initial_high && knob.initial_high <= knob.high))
    return "needs low <= adr_low <= adr_high <= high";
  if (knob.initial_low == knob.low && knob.initial_high == knob.high)
    return "leaves ADR nothing to widen: write {low, high} for a fixed range";
  return knob.step > 0 ? "" : "needs a step above 0";
}

KnobInfo knob_info(const std::string& knob) {
  KnobInfo info;
  TaskParameters any;
  visit_knob(any, knob, [&](const Field& field, auto& member) {
    info = {field, std::integral<std::remove_cvref_t<decltype(member)>>};
  });
  return info;
}

void set_knob(TaskParameters& parameters, const std::string& knob, double value) {
  visit_knob(parameters, knob, [&](const Field& field, auto& member) {
    using Member = std::remove_cvref_t<decltype(member)>;
    const double clamped = std::clamp(value, field.low, field.high);
    if constexpr (std::integral<Member>)
      member = static_cast<Member>(std::lround(clamped));
    else
      member = static_cast<Member>(clamped);
  });
}

void set_choice(TaskParameters& parameters, const std::string& knob, int choice) {
  visit_choice_knob(parameters, knob, [&](const Field&, int& member) { member = choice; });
}

double get_knob(const TaskParameters& parameters, const std::string& knob) {
  double value = 0;
  TaskParameters copy = parameters;  // describe() visits by reference to non-const
  visit_knob(copy, knob, [&](const Field&, auto& member) { value = static_cast<double>(member); });
  return value;
}

void draw_knob(TaskParameters& parameters, const std::string& knob, double low, double high, Random& random) {
  visit_knob(parameters, knob, [&](const Field&, auto& member) {
    using Member = std::remove_cvref_t<decltype(member)>;
    if constexpr (std::integral<Member>)
      member =
          static_cast<Member>(random.integer(static_cast<int>(std::lround(low)), static_cast<int>(std::lround(high))));
    else
      member = static_cast<Member>(low + (high - low) * static_cast<double>(random.uniform()));
  });
}

KnobRange schedule_range(const KnobDistribution& knob, std::int64_t training_steps) {
  const KnobRange from{knob.low, knob.from_high.value_or(knob.low)}, to{knob.high, knob.to_high.value_or(knob.high)};
  const auto steps = static_cast<double>(training_steps);
  if (steps >= knob.end) return to;
  if (steps <= knob.begin) return from;
  const double gone = (steps - knob.begin) / (knob.end - knob.begin);
  return {from.low + (to.low - from.low) * gone, from.high + (to.high - from.high) * gone};
}

void check_distribution(const TaskDistribution& distribution) {
  for (const KnobDistribution& knob : distribution.knobs) {
    if (knob.kind == KnobDistribution::Kind::mix) {
      TaskParameters any;
      visit_choice_knob(any, knob.knob, [&](const Field& field, int&) {
        if (knob.weights.size() != field.choices.size())
          throw OptionError("task." + knob.knob, "needs a weight for each choice");
      });
    } else {
      knob_info(knob.knob);  // throws on an unknown name
    }
    if (const std::string fault = fault_of(knob); !fault.empty()) throw OptionError("task." + knob.knob, fault);
  }
}

TaskParameters sample_task_parameters(const TaskDistribution& distribution, std::int64_t training_steps,
                                      Random& random) {
  TaskParameters parameters = distribution.base;
  for (const KnobDistribution& knob : distribution.knobs) {
    switch (knob.kind) {
      case KnobDistribution::Kind::range:
        draw_knob(parameters, knob.knob, knob.low, knob.high, random);
        break;
      case KnobDistribution::Kind::schedule: {
        const KnobRange range = schedule_range(knob, training_steps);
        if (range.low < range.high)
          draw_knob(parameters, knob.knob, range.low, range.high, random);
        else
          set_knob(parameters, knob.knob, range.low);
        break;
      }
      case KnobDistribution::Kind::mix:
        draw_choice(parameters, knob, static_cast<double>(training_steps) >= knob.begin, random);
        break;
      case KnobDistribution::Kind::adr:
        break;
    }
  }
  return parameters;
}

}  // namespace medal
