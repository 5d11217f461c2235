#include "curriculum/adr/boundary_sampling.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "sim/base/option_error.h"

namespace medal {

namespace {

/// An end that starts at its limit can neither widen nor narrow; measuring it would waste episodes.
bool movable(const KnobDistribution& knob, bool upper) {
  return upper ? knob.initial_high < knob.high : knob.initial_low > knob.low;
}

/// Of the sums, which is the ratio of means.
double transmission_of(const std::vector<ConditionScores>& queue) {
  ConditionScores sum;
  for (const ConditionScores& scores : queue) {
    sum.full += scores.full;
    sum.half += scores.half;
    sum.solo += scores.solo;
    sum.expert += scores.expert;
  }
  return cultural_transmission(sum.full, sum.half, sum.solo, sum.expert);
}

}  // namespace

AdrPolicyKind boundary_sampling_policy() {
  return {
      "boundary_sampling",
      {{Field{"boundary_probability", "", 0, 1, "Chance that an episode measures one end of one knob's range."}, 0.5},
       {Field{"queue_length", "", 1, 100000, "Boundary episodes that decide one move."}, 32},
       {Field{"low_threshold", "", -1, 1, "Training CT below which the end moves inward."}, 0.3},
       {Field{"high_threshold", "", -1, 1, "Training CT above which the end moves outward."}, 0.5}},
      [](const AdrSettings& settings, const std::vector<KnobDistribution>& knobs) -> std::unique_ptr<AdrPolicy> {
        return std::make_unique<BoundarySampling>(settings, knobs);
      }};
}

BoundarySampling::BoundarySampling(const AdrSettings& settings, const std::vector<KnobDistribution>& knobs)
    : boundary_probability_(settings["boundary_probability"]),
      low_threshold_(settings["low_threshold"]),
      high_threshold_(settings["high_threshold"]),
      queue_length_(static_cast<std::size_t>(settings["queue_length"])),
      knobs_(knobs) {
  if (low_threshold_ > high_threshold_) throw OptionError("adr.low_threshold", "must not be above adr.high_threshold");
  for (int index = 0; const KnobDistribution& knob : knobs) {
    ranges_.push_back({knob.knob, knob.initial_low, knob.initial_high});
    for (const bool upper : {false, true})
      if (movable(knob, upper)) boundaries_.push_back({index, upper, {}});
    ++index;
  }
}

void BoundarySampling::draw(TaskParameters& parameters, bool upper_half, Random& random) const {
  draw_ranges(ranges_, parameters, upper_half, random);
}

int BoundarySampling::choose_measurement(Random& random) const {
  const bool measure = random.bernoulli(static_cast<float>(boundary_probability_));
  if (boundaries_.empty() || !measure) return kNoMeasurement;
  return random.integer(0, static_cast<int>(boundaries_.size()) - 1);
}

void BoundarySampling::pin(TaskParameters& parameters, int boundary) const {
  const Boundary& end = boundaries_.at(static_cast<std::size_t>(boundary));
  const AdrRange& range = ranges_[static_cast<std::size_t>(end.knob)];
  set_knob(parameters, range.knob, end.upper ? range.high : range.low);
}

/// Whether these parameters lie on the boundary where it is now.
bool BoundarySampling::is_at(const TaskParameters& parameters, int boundary) const {
  if (boundary < 0 || boundary >= static_cast<int>(boundaries_.size())) return false;
  const int index = boundaries_[static_cast<std::size_t>(boundary)].knob;
  const std::string& knob = ranges_[static_cast<std::size_t>(index)].knob;
  TaskParameters now = parameters;
  pin(now, boundary);
  return get_knob(now, knob) == get_knob(parameters, knob);
}

/// Moves one end by its knob's step; +1 widened, -1 narrowed, 0 stayed (or was stopped by a limit).
int BoundarySampling::move(const Boundary& boundary, double ct) {
  const KnobDistribution& knob = knobs_[static_cast<std::size_t>(boundary.knob)];
  AdrRange& range = ranges_[static_cast<std::size_t>(boundary.knob)];
  const int wish = ct > high_threshold_ ? 1 : ct < low_threshold_ ? -1 : 0;
  const double before = boundary.upper ? range.high : range.low;
  double after = before;
  if (boundary.upper) {
    after = range.high = std::clamp(range.high + wish * knob.step, knob.initial_high, knob.high);
  } else {
    after = range.low = std::clamp(range.low - wish * knob.step, knob.low, knob.initial_low);
  }
  return after == before ? 0 : wish;
}

void BoundarySampling::record(int boundary, const TaskParameters& parameters, const ConditionScores& scores,
                              std::int64_t training_steps) {
  if (!is_at(parameters, boundary)) return;
  Boundary& end = boundaries_[static_cast<std::size_t>(boundary)];
  end.queue.push_back(scores);
  if (end.queue.size() < queue_length_) return;
  const double ct = transmission_of(end.queue);
  end.queue.clear();
  const int moved = move(end, ct);
  const AdrRange& range = ranges_[static_cast<std::size_t>(end.knob)];
  history_.push_back({training_steps, range.knob, end.upper, ct, end.upper ? range.high : range.low, moved});
}

NamedNumbers BoundarySampling::numbers() const {
  if (ranges_.empty()) return {};
  NamedNumbers numbers = {{"adr/entropy", entropy()}};
  for (const Move& move : history_) numbers["adr/ct/" + move.knob + (move.upper ? "/high" : "/low")] = move.ct;
  return numbers;
}

double BoundarySampling::entropy() const {
  if (ranges_.empty()) return 0;
  double sum = 0;
  for (std::size_t i = 0; i < ranges_.size(); ++i) {
    const double limit = knobs_[i].high - knobs_[i].low;
    if (limit > 0) sum += std::log1p((ranges_[i].high - ranges_[i].low) / limit);
  }
  return sum / static_cast<double>(ranges_.size());
}

std::string BoundarySampling::to_json() const {
  using nlohmann::json;
  json out = {{"ranges", json::array()}, {"queues", json::array()}, {"history", json::array()}};
  for (const AdrRange& range : ranges_)
    out["ranges"].push_back({{"knob", range.knob}, {"low", range.low}, {"high", range.high}});
  for (const Boundary& boundary : boundaries_) {
    json queue = json::array();
    for (const ConditionScores& o : boundary.queue) queue.push_back({o.full, o.half, o.solo, o.expert});
    out["queues"].push_back({{"knob", boundary.knob}, {"upper", boundary.upper}, {"outcomes", queue}});
  }
  for (const Move& move : history_)
    out["history"].push_back({{"training_steps", move.training_steps},
                              {"knob", move.knob},
                              {"upper", move.upper},
                              {"ct", move.ct},
                              {"value", move.value},
                              {"moved", move.moved}});
  return out.dump();
}

void BoundarySampling::from_json(const std::string& text) {
  const auto in = nlohmann::json::parse(text);
  BoundarySampling read = *this;
  bool same = in.at("ranges").size() == ranges_.size() && in.at("queues").size() == boundaries_.size();
  for (std::size_t i = 0; same && i < ranges_.size(); ++i) {
    const auto& range = in["ranges"][i];
    same = range.at("knob") == ranges_[i].knob;
    read.ranges_[i].low = range.at("low");
    read.ranges_[i].high = range.at("high");
  }
  for (std::size_t i = 0; same && i < boundaries_.size(); ++i) {
    const auto& queue = in["queues"][i];
    same = queue.at("knob") == boundaries_[i].knob && queue.at("upper") == boundaries_[i].upper;
    read.boundaries_[i].queue.clear();
    for (const auto& o : queue.at("outcomes"))
      read.boundaries_[i].queue.push_back({o.at(0), o.at(1), o.at(2), o.at(3)});
  }
  if (!same)
    throw UserError("the saved ADR state has other adr knobs than the config; resume with the run's own config");
  read.history_.clear();
  for (const auto& move : in.at("history"))
    read.history_.push_back({move.at("training_steps"), move.at("knob"), move.at("upper"), move.at("ct"),
                             move.at("value"), move.at("moved")});
  *this = std::move(read);
}

}  // namespace medal
