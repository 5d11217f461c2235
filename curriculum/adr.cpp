#include "curriculum/adr.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "sim/base/error.h"

namespace medal {

namespace {

void check_range(const KnobDistribution& knob) {
  knob_info(knob.knob);  // throws on an unknown name
  if (!(knob.low <= knob.initial_low && knob.initial_low <= knob.initial_high && knob.initial_high <= knob.high))
    throw UserError("ADR knob '" + knob.knob + "' needs low <= adr_low <= adr_high <= high");
  if (!(knob.step > 0)) throw UserError("ADR knob '" + knob.knob + "' needs a step above 0");
}

/// An end that starts at its limit can neither widen nor narrow; measuring it would waste episodes.
bool movable(const KnobDistribution& knob, bool upper) {
  return upper ? knob.initial_high < knob.high : knob.initial_low > knob.low;
}

}  // namespace

Adr::Adr(const AdrOptions& options, const TaskDistribution& distribution) : options_(options) {
  if (options.low_threshold > options.high_threshold)
    throw UserError("adr.low_threshold must not be above adr.high_threshold");
  for (const KnobDistribution& knob : distribution.knobs) {
    if (knob.kind != KnobDistribution::Kind::adr) continue;
    check_range(knob);
    const int index = static_cast<int>(knobs_.size());
    knobs_.push_back(knob);
    ranges_.push_back({knob.knob, knob.initial_low, knob.initial_high});
    for (const bool upper : {false, true})
      if (movable(knob, upper)) boundaries_.push_back({index, upper, {}});
  }
}

void Adr::draw(TaskParameters& parameters, std::int64_t training_steps, Random& random) const {
  const bool upper_half = static_cast<double>(training_steps) >= options_.upper_half_from;
  for (const Range& range : ranges_) {
    const double low = upper_half ? 0.5 * (range.low + range.high) : range.low;
    draw_knob(parameters, range.knob, low, range.high, random);
  }
}

int Adr::choose_boundary(Random& random) const {
  const bool measure = random.bernoulli(static_cast<float>(options_.boundary_probability));
  if (!options_.enabled || boundaries_.empty() || !measure) return -1;
  return random.integer(0, static_cast<int>(boundaries_.size()) - 1);
}

void Adr::pin(TaskParameters& parameters, int boundary) const {
  const AdrBoundary& end = boundaries_.at(static_cast<std::size_t>(boundary));
  const Range& range = ranges_[static_cast<std::size_t>(end.knob)];
  set_knob(parameters, range.knob, end.upper ? range.high : range.low);
}

bool Adr::measures(const TaskParameters& parameters, int boundary) const {
  if (boundary < 0 || boundary >= static_cast<int>(boundaries_.size())) return false;
  const int index = boundaries_[static_cast<std::size_t>(boundary)].knob;
  const std::string& knob = ranges_[static_cast<std::size_t>(index)].knob;
  TaskParameters now = parameters;
  pin(now, boundary);
  return get_knob(now, knob) == get_knob(parameters, knob);
}

double Adr::cultural_transmission(const std::vector<BoundaryOutcome>& outcomes) {
  BoundaryOutcome sum;
  for (const BoundaryOutcome& outcome : outcomes) {
    sum.full += outcome.full;
    sum.half += outcome.half;
    sum.solo += outcome.solo;
    sum.expert += outcome.expert;
  }
  if (sum.expert <= 0) return 0;
  return (sum.full + sum.half - 2 * sum.solo) / (2 * sum.expert);
}

/// Moves one end by its knob's step; +1 widened, -1 narrowed, 0 stayed (or was stopped by a limit).
int Adr::move(const AdrBoundary& boundary, double ct) {
  const KnobDistribution& knob = knobs_[static_cast<std::size_t>(boundary.knob)];
  Range& range = ranges_[static_cast<std::size_t>(boundary.knob)];
  const int wish = ct > options_.high_threshold ? 1 : ct < options_.low_threshold ? -1 : 0;
  const double before = boundary.upper ? range.high : range.low;
  double after = before;
  if (boundary.upper) {
    after = range.high = std::clamp(range.high + wish * knob.step, knob.initial_high, knob.high);
  } else {
    after = range.low = std::clamp(range.low - wish * knob.step, knob.low, knob.initial_low);
  }
  return after == before ? 0 : wish;
}

void Adr::record(int boundary, const BoundaryOutcome& outcome, std::int64_t training_steps) {
  AdrBoundary& end = boundaries_.at(static_cast<std::size_t>(boundary));
  end.queue.push_back(outcome);
  if (static_cast<int>(end.queue.size()) < options_.queue_length) return;
  const double ct = cultural_transmission(end.queue);
  end.queue.clear();
  const int moved = move(end, ct);
  const Range& range = ranges_[static_cast<std::size_t>(end.knob)];
  history_.push_back({training_steps, range.knob, end.upper, ct, end.upper ? range.high : range.low, moved});
}

double Adr::entropy() const {
  if (ranges_.empty()) return 0;
  double sum = 0;
  for (std::size_t i = 0; i < ranges_.size(); ++i) {
    const double limit = knobs_[i].high - knobs_[i].low;
    if (limit > 0) sum += std::log1p((ranges_[i].high - ranges_[i].low) / limit);
  }
  return sum / static_cast<double>(ranges_.size());
}

std::string Adr::to_json() const {
  using nlohmann::json;
  json out = {{"ranges", json::array()}, {"queues", json::array()}, {"history", json::array()}};
  for (const Range& range : ranges_)
    out["ranges"].push_back({{"knob", range.knob}, {"low", range.low}, {"high", range.high}});
  for (const AdrBoundary& boundary : boundaries_) {
    json queue = json::array();
    for (const BoundaryOutcome& o : boundary.queue) queue.push_back({o.full, o.half, o.solo, o.expert});
    out["queues"].push_back({{"knob", boundary.knob}, {"upper", boundary.upper}, {"outcomes", queue}});
  }
  for (const AdrMove& move : history_)
    out["history"].push_back({{"training_steps", move.training_steps},
                              {"knob", move.knob},
                              {"upper", move.upper},
                              {"ct", move.ct},
                              {"value", move.value},
                              {"moved", move.moved}});
  return out.dump();
}

void Adr::from_json(const std::string& text) try {
  const auto in = nlohmann::json::parse(text);
  Adr read = *this;
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
} catch (const nlohmann::json::exception& error) {
  throw UserError(std::string("the saved ADR state is damaged, use another checkpoint: ") + error.what());
}

}  // namespace medal
