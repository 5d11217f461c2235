#include "experiments/bench/comparison.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "experiments/bench/report.h"
#include "experiments/processes/child_process.h"
#include "experiments/processes/scratch_folder.h"
#include "sim/base/error.h"

namespace medal {
namespace {

constexpr double kChanceOfAlarm = 0.05;
constexpr const char* kVerdicts[] = {"", "faster", "slower"};

/// What one program measures in one round.
nlohmann::json measured(const std::string& program, const std::vector<std::string>& arguments) {
  const ScratchFolder scratch("bench");
  const std::filesystem::path json = scratch.path() / "figures.json";
  std::vector<std::string> command = {program, "bench"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  command.insert(command.end(), {"--repeats", "1", "--json", json.string()});
  const ChildResult result = run_child(command, ChildOutput::nowhere);
  if (result.exit_code != 0)
    throw UserError(
        "'" + program + "' cannot measure this: " +
        (result.errors.empty() ? "exit code " + std::to_string(result.exit_code) : last_line(result.errors)));
  std::ifstream stream(json);
  return nlohmann::json::parse(stream).at("results");
}

/// Times and sizes want to be small, rates and shares of what is possible large.
bool more_is_better(const std::string& unit) {
  return !unit.starts_with("us") && !unit.starts_with("MiB") && !unit.starts_with("%");
}

FigureChange change_of(const PairedFigure& figure, double alarm) {
  const std::size_t rounds = figure.before.size();
  MEDAL_CHECK(rounds >= 2 && figure.now.size() == rounds, "rounds come in pairs");
  std::vector<double> logarithms(rounds);
  double mean = 0, variance = 0;
  for (std::size_t round = 0; round < rounds; ++round) {
    const double ratio = figure.now[round] / figure.before[round];
    logarithms[round] = more_is_better(figure.unit) ? std::log(ratio) : -std::log(ratio);
    mean += logarithms[round] / static_cast<double>(rounds);
  }
  for (const double logarithm : logarithms)
    variance += (logarithm - mean) * (logarithm - mean) / static_cast<double>(rounds - 1);
  const boost::math::students_t distribution(static_cast<double>(rounds - 1));
  const double margin = boost::math::quantile(boost::math::complement(distribution, alarm / 2)) *
                        std::sqrt(variance / static_cast<double>(rounds));
  FigureChange change{figure.name, figure.unit, median(figure.before), median(figure.now)};
  change.times = std::exp(mean);
  change.low = std::exp(mean - margin);
  change.high = std::exp(mean + margin);
  if (change.low > 1) change.verdict = FigureChange::Verdict::faster;
  if (change.high < 1) change.verdict = FigureChange::Verdict::slower;
  return change;
}

/// Whether a ratio can be made of all its values: a time may be nothing.
bool is_comparable(const PairedFigure& figure) {
  const auto positive = [](const std::vector<double>& values) {
    return std::all_of(values.begin(), values.end(), [](double value) { return value > 0; });
  };
  return positive(figure.before) && positive(figure.now);
}

}  // namespace

std::vector<PairedFigure> measure_in_turn(const std::string& other, const std::vector<std::string>& arguments,
                                          int rounds) {
  std::vector<PairedFigure> figures;
  for (int round = 0; round < rounds; ++round) {
    nlohmann::json before, now;
    for (const bool this_one : {round % 2 == 0, round % 2 != 0})
      (this_one ? now : before) = measured(this_one ? "/proc/self/exe" : other, arguments);
    for (const auto& [name, figure] : now.items()) {
      if (!before.contains(name)) continue;
      auto known = std::find_if(figures.begin(), figures.end(), [&](const auto& f) { return f.name == name; });
      if (known == figures.end())
        known = figures.insert(figures.end(), {name, figure.at("unit").get<std::string>(), {}, {}});
      known->before.push_back(before.at(name).at("median").get<double>());
      known->now.push_back(figure.at("median").get<double>());
    }
  }
  std::erase_if(figures, [&](const PairedFigure& figure) {
    return figure.now.size() != static_cast<std::size_t>(rounds) || !is_comparable(figure);
  });
  if (figures.empty()) throw UserError("'" + other + "' gives no figure that this program gives");
  return figures;
}

std::vector<FigureChange> changes_of(const std::vector<PairedFigure>& figures) {
  std::vector<FigureChange> changes;
  for (const PairedFigure& figure : figures)
    changes.push_back(change_of(figure, kChanceOfAlarm / static_cast<double>(figures.size())));
  return changes;
}

std::string changes_to_text(const std::vector<FigureChange>& changes) {
  std::string text =
      fmt::format("{:<50} {:>10} {:>10}   {:<26} {}\n", "figure", "before", "now", "times as good (interval)", "unit");
  std::string slower;
  for (const FigureChange& change : changes) {
    text += fmt::format("{:<50} {:>10.4g} {:>10.4g}   {:<26} {}{}{}\n", change.name, change.before, change.now,
                        fmt::format("{:.3f} ({:.3f} .. {:.3f})", change.times, change.low, change.high), change.unit,
                        change.verdict == FigureChange::Verdict::same ? "" : "  ",
                        kVerdicts[static_cast<int>(change.verdict)]);
    if (change.verdict == FigureChange::Verdict::slower) slower += (slower.empty() ? "" : ", ") + change.name;
  }
  return text + (slower.empty() ? "nothing is slower beyond noise\n" : "slower beyond noise: " + slower + "\n");
}

std::string changes_to_json(const std::vector<FigureChange>& changes) {
  nlohmann::ordered_json json = nlohmann::ordered_json::object();
  for (const FigureChange& change : changes)
    json[change.name] = {{"unit", change.unit},
                         {"before", change.before},
                         {"now", change.now},
                         {"times", change.times},
                         {"low", change.low},
                         {"high", change.high},
                         {"verdict", kVerdicts[static_cast<int>(change.verdict)]}};
  return json.dump(2) + "\n";
}

}  // namespace medal
