#include "experiments/ablation/study_summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "sim/base/error.h"
#include "sim/base/version.h"

namespace medal {
namespace {

using nlohmann::ordered_json;

constexpr int kResamples = 10000;
constexpr std::array<std::size_t, 4> kOfRuns = {0, 1, 2, 3};               // measures in the table of runs ...
constexpr std::array<std::size_t, 6> kOfEvaluations = {1, 2, 4, 5, 6, 7};  // ... and in those of evaluations
constexpr const char* kHowToRead =
    "Interquartile mean over seeds (95 % bootstrap interval over seeds; of so few, their spread).\n"
    "  Held-out tasks at penalty 1; E: the expert's score.";

std::string seeds_text(const Study& study, const ArmSummary& arm) {
  if (arm.seeds.empty()) return "none yet";
  if (arm.seeds.size() == study.seeds.size()) return std::to_string(arm.seeds.size());
  return fmt::format("{} of {}", arm.seeds.size(), study.seeds.size());
}

/// A single seed has no interval.
std::string measure_text(const ArmSummary& arm, std::size_t measure) {
  const Interval& interval = arm.measures[measure];
  if (arm.seeds.empty()) return "";
  if (arm.seeds.size() == 1) return fmt::format("{:.3f}", interval.mean);
  return fmt::format("{:.3f} ({:.3f} .. {:.3f})", interval.mean, interval.low, interval.high);
}

std::string group_heading(const Study& study, std::size_t group) {
  const auto first =
      std::find_if(study.arms.begin(), study.arms.end(), [&](const StudyArm& arm) { return arm.group == group; });
  const std::string& title = study.groups[group].title;
  return fmt::format("{}{:g} M steps", title.empty() ? "" : title + ": ", static_cast<double>(first->steps) / 1e6);
}

/// Calls use(group) and then use(arm, summary) for each of its arms.
template <class UseGroup, class UseArm>
void for_each_group(const Study& study, const std::vector<ArmSummary>& arms, UseGroup use_group, UseArm use_arm) {
  for (std::size_t group = 0; group < study.groups.size(); ++group) {
    use_group(group);
    for (std::size_t i = 0; i < arms.size(); ++i)
      if (study.arms[i].group == group) use_arm(study.arms[i], arms[i]);
  }
}

ordered_json arm_json(const Study& study, const StudyArm& arm, const ArmSummary& summary) {
  ordered_json missing = ordered_json::array();
  for (int seed : study.seeds)
    if (std::find(summary.seeds.begin(), summary.seeds.end(), seed) == summary.seeds.end()) missing.push_back(seed);
  ordered_json json = {{"arm", arm.name}, {"title", arm.title}, {"seeds", summary.seeds}, {"missing", missing}};
  if (summary.seeds.empty()) return json;
  for (std::size_t i = 0; i < kMeasures; ++i)
    json[std::string(kMeasureKeys[i])] = {{"iqm", summary.measures[i].mean},
                                          {"low", summary.measures[i].low},
                                          {"high", summary.measures[i].high},
                                          {"values", summary.values[i]}};
  return json;
}

ordered_json evaluation_json(const Study& study, const StudyEvaluation& evaluation,
                             const std::vector<ArmSummary>& summaries) {
  ordered_json arms = ordered_json::array();
  for (std::size_t i = 0; i < summaries.size(); ++i) {
    arms.push_back(arm_json(study, study.arms[i], summaries[i]));
    arms.back()["group"] = study.groups[study.arms[i].group].name;
  }
  return {{"name", evaluation.name}, {"title", evaluation.title}, {"set", evaluation.overrides}, {"arms", arms}};
}

/// One arm's summary of results that `read(arm, seed)` finds.
template <class Read>
std::vector<ArmSummary> summarise(const Study& study, Read read) {
  std::vector<ArmSummary> summaries;
  for (const StudyArm& arm : study.arms) {
    std::vector<RunResult> results;
    for (int seed : study.seeds)
      if (const auto result = read(arm, seed)) results.push_back(*result);
    summaries.push_back(summarise_arm(results));
  }
  return summaries;
}

/// A title in a cell of Markdown.
std::string cell(std::string text) {
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2) text.insert(at, "\\");
  return text;
}

}  // namespace

double interquartile_mean(std::vector<double> values) {
  MEDAL_CHECK(!values.empty());
  std::sort(values.begin(), values.end());
  const auto count = static_cast<double>(values.size());
  double sum = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    // Each value stands for a stretch of 1 / count; what lies within the middle half is its weight.
    const double begin = static_cast<double>(i) / count, end = static_cast<double>(i + 1) / count;
    sum += values[i] * std::max(0.0, std::min(end, 0.75) - std::max(begin, 0.25));
  }
  return sum / 0.5;
}

ArmSummary summarise_arm(const std::vector<RunResult>& results) {
  ArmSummary summary;
  for (const RunResult& result : results) {
    summary.seeds.push_back(result.seed);
    const double expert = std::max(result.expert, 1e-9);
    const std::array<double, kMeasures> measures = {
        result.ct,   result.full / expert, result.half / expert, result.solo / expert,
        result.full, result.half,          result.solo,          result.expert};
    for (std::size_t i = 0; i < kMeasures; ++i) summary.values[i].push_back(measures[i]);
  }
  if (!results.empty())
    for (std::size_t i = 0; i < kMeasures; ++i)
      summary.measures[i] = bootstrap(summary.values[i], kResamples, interquartile_mean);
  return summary;
}

StudySummary summarise_study(const Study& study, const std::filesystem::path& out) {
  StudySummary summary;
  summary.arms = summarise(study, [&](const StudyArm& arm, int seed) { return read_result(out, arm, seed); });
  for (const StudyEvaluation& evaluation : study.evaluations)
    summary.evaluations.push_back(summarise(
        study, [&](const StudyArm& arm, int seed) { return read_evaluation_result(out, evaluation, arm, seed); }));
  return summary;
}

std::string summary_table(const Study& study, const StudySummary& summary) {
  std::size_t width = 0;
  for (const StudyArm& arm : study.arms) width = std::max(width, arm.title.size());
  for (const StudyEvaluation& evaluation : study.evaluations) width = std::max(width, evaluation.title.size());
  for (std::size_t group = 0; group < study.groups.size(); ++group)
    width = std::max(width, group_heading(study, group).size());
  std::string text;
  const auto row = [&](const std::string& title, const std::string& seeds, auto measures, const auto& column) {
    std::string line = fmt::format("  {:<{}}   {:<8}", title, width, seeds);
    for (std::size_t i : measures) line += fmt::format("  {:<{}}", column(i), measures.size() == 4 ? 24 : 8);
    text += line.substr(0, line.find_last_not_of(' ') + 1) + "\n";
  };
  const auto titles = [](std::size_t i) { return std::string(kMeasureTitles[i]); };
  for_each_group(
      study, summary.arms,
      [&](std::size_t group) {
        text += "\n";
        row(group_heading(study, group), "seeds", kOfRuns, titles);
      },
      [&](const StudyArm& arm, const ArmSummary& one) {
        row(arm.title, seeds_text(study, one), kOfRuns, [&](std::size_t i) { return measure_text(one, i); });
      });
  for (std::size_t e = 0; e < study.evaluations.size(); ++e) {
    text += "\n";
    row(study.evaluations[e].title, "seeds", kOfEvaluations, titles);
    for (std::size_t i = 0; i < study.arms.size(); ++i) {
      const ArmSummary& one = summary.evaluations[e][i];
      row(study.arms[i].title, seeds_text(study, one), kOfEvaluations, [&](std::size_t measure) {
        return one.seeds.empty() ? std::string() : fmt::format("{:.3f}", one.measures[measure].mean);
      });
    }
  }
  return text + fmt::format("\n  {}\n", kHowToRead);
}

std::string summary_markdown(const Study& study, const StudySummary& summary) {
  std::string text;
  const auto row = [&](const std::string& title, const std::string& seeds, auto measures, const auto& column) {
    text += "| " + title + " | " + seeds;
    for (std::size_t i : measures) text += " | " + std::string(column(i));
    text += " |\n";
  };
  const auto heading = [&](const std::string& title, auto measures) {
    if (!text.empty()) text += "\n";
    row(cell(title), "seeds", measures, [](std::size_t i) { return kMeasureTitles[i]; });
    row("---", "---", measures, [](std::size_t) { return "---"; });
  };
  const auto arm_row = [&](const StudyArm& arm, const ArmSummary& one, auto measures) {
    row(cell(arm.title), seeds_text(study, one), measures, [&](std::size_t i) { return measure_text(one, i); });
  };
  for_each_group(
      study, summary.arms, [&](std::size_t group) { heading(group_heading(study, group), kOfRuns); },
      [&](const StudyArm& arm, const ArmSummary& one) { arm_row(arm, one, kOfRuns); });
  for (std::size_t e = 0; e < study.evaluations.size(); ++e) {
    heading(study.evaluations[e].title, kOfEvaluations);
    for (std::size_t i = 0; i < study.arms.size(); ++i)
      arm_row(study.arms[i], summary.evaluations[e][i], kOfEvaluations);
  }
  return text + fmt::format("\n{}\n", kHowToRead);
}

std::string summary_json(const Study& study, const StudySummary& summary) {
  ordered_json groups = ordered_json::array(), evaluations = ordered_json::array();
  for_each_group(
      study, summary.arms,
      [&](std::size_t group) {
        groups.push_back({{"name", study.groups[group].name},
                          {"title", study.groups[group].title},
                          {"steps", 0},
                          {"arms", ordered_json::array()}});
      },
      [&](const StudyArm& arm, const ArmSummary& one) {
        groups.back()["steps"] = arm.steps;
        groups.back()["arms"].push_back(arm_json(study, arm, one));
      });
  for (std::size_t e = 0; e < study.evaluations.size(); ++e)
    evaluations.push_back(evaluation_json(study, study.evaluations[e], summary.evaluations[e]));
  const ordered_json json = {{"study", study.name},
                             {"version", program_version()},
                             {"resamples", kResamples},
                             {"groups", groups},
                             {"evaluations", evaluations}};
  return json.dump(2) + "\n";
}

}  // namespace medal
