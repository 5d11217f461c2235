#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "agents/scores/bootstrap.h"
#include "experiments/ablation/run_result.h"
#include "experiments/ablation/study.h"

namespace medal {

/// Mean of the middle half of the values (IQM, Agarwal et al. 2021). Where a quarter of them is no whole number, the
/// values at both cuts count by the part that lies inside: of three values by 1, 4 and 1 sixths. Needs one value.
double interquartile_mean(std::vector<double> values);

/// What arms are compared by: CT, the scores as shares of the expert's, and the scores themselves, which count where
/// the expert errs.
inline constexpr std::size_t kMeasures = 8;
inline constexpr std::array<std::string_view, kMeasures> kMeasureKeys = {
    "ct", "full", "half", "solo", "full_score", "half_score", "solo_score", "expert_score"};
inline constexpr std::array<std::string_view, kMeasures> kMeasureTitles = {"CT",   "full / E", "half / E", "solo / E",
                                                                           "full", "half",     "solo",     "E"};

/// One arm over its finished seeds.
struct ArmSummary {
  std::vector<int> seeds;
  std::array<std::vector<double>, kMeasures> values;  ///< by seed
  std::array<Interval, kMeasures> measures;           ///< IQM, and its 95 % bootstrap interval over seeds
};

/// `results`: of one arm, in the order of the seeds. All 0 where there are none.
ArmSummary summarise_arm(const std::vector<RunResult>& results);

/// A study's kept results.
struct StudySummary {
  std::vector<ArmSummary> arms;                      ///< of the runs' own held-out evaluations
  std::vector<std::vector<ArmSummary>> evaluations;  ///< for each of the study's evaluations, by arm
};

/// Reads all that is there. Throws UserError as read_result does.
StudySummary summarise_study(const Study& study, const std::filesystem::path& out);

/// For a terminal, for a page in Markdown, and as JSON:
///   study, version, resamples, groups [{name, title, steps, arms [{arm, title, seeds, missing, and for each of
///   kMeasureKeys {iqm, low, high, values}}]}], evaluations [{name, title, set, arms [as above, and group]}]
std::string summary_table(const Study& study, const StudySummary& summary);
std::string summary_markdown(const Study& study, const StudySummary& summary);
std::string summary_json(const Study& study, const StudySummary& summary);

}  // namespace medal
