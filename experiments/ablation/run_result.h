#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "agents/scores/evaluation_result.h"
#include "experiments/ablation/study.h"
#include "experiments/runs/run_folder.h"

namespace medal {

/// Held-out means of one finished run, at penalty 1.
struct RunResult {
  int seed = 0;
  double ct = 0, full = 0, half = 0, solo = 0, expert = 0;
};

/// Where a run's result is kept: <out>/<arm>-<seed>.json
std::filesystem::path result_file(const std::filesystem::path& out, const StudyArm& arm, int seed);

/// What is kept of a run that has reached its end, as JSON:
///   study, arm, title, group, seed, config, overrides, steps (asked for), trained_steps, training_seconds, version
///   evaluation   the final one, as `medal eval --json` writes it, without single tasks
///   training     columns of at most 200 points: steps, score, expert
///   evaluations  the same of the held-out evaluations: steps, ct, full, half, solo, expert
/// Nothing where the run has not reached its end. Throws UserError where the run's config is not this arm's.
std::optional<std::string> result_of_run(const Study& study, const StudyArm& arm, int seed, const RunFolder& run);

/// Where it is kept what a run scored in one of the study's evaluations: <out>/<evaluation>/<arm>-<seed>.json
std::filesystem::path evaluation_result_file(const std::filesystem::path& out, const StudyEvaluation& evaluation,
                                             const StudyArm& arm, int seed);

/// What is kept of such an evaluation, as JSON: arm, seed, config, overrides (the arm's), steps, judged (the
/// evaluation's overrides), evaluation (as above); from what `medal eval --json` wrote into `file`.
std::string result_of_evaluation(const StudyEvaluation& evaluation, const StudyArm& arm, int seed,
                                 const std::filesystem::path& file);

/// A kept result; nothing where there is none. Throws UserError where the file is damaged or belongs to an arm with
/// another config, other overrides or other steps.
std::optional<RunResult> read_result(const std::filesystem::path& out, const StudyArm& arm, int seed);
/// The same of one of the study's evaluations, which must be today's too.
std::optional<RunResult> read_evaluation_result(const std::filesystem::path& out, const StudyEvaluation& evaluation,
                                                const StudyArm& arm, int seed);

/// Throws UserError unless the run in that folder was made from this arm's config.
void check_run_is_of(const StudyArm& arm, int seed, const RunFolder& run);

}  // namespace medal
