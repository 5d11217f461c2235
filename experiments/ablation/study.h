#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "experiments/config/config.h"

namespace medal {

/// One variant of the recipe, trained once for each seed.
struct StudyArm {
  std::string name;                    ///< letters, digits and _; part of file names
  std::string title;                   ///< in tables and pictures
  std::size_t group = 0;               ///< index into Study::groups
  std::string config;                  ///< preset or path, as the study file gives it
  std::filesystem::path config_file;   ///< what load_config takes for it
  std::vector<std::string> overrides;  ///< "section.key=value": the study's, the group's, its own
  std::vector<std::string> judged;     ///< "evaluation.task.KNOB=value": its group's, where its own training has others
  std::string teacher;                 ///< the arm whose agent, of the same seed, is the expert; empty for none
  std::string teacher_run;             ///< the teacher's run without its seed
  std::int64_t steps = 0;              ///< run.steps
};

/// Arms that may be compared: they train for the same number of steps and are scored on the same held-out tasks.
struct StudyGroup {
  std::string name;   ///< empty where the study file names no groups
  std::string title;  ///< may be empty then too
};

/// What every finished run is judged by besides its own held-out evaluation: the same agent, other tasks.
struct StudyEvaluation {
  std::string name;                    ///< a folder below the results
  std::string title;                   ///< in tables and pictures
  std::vector<std::string> overrides;  ///< "evaluation.KEY=value", "evaluation.task.KNOB=value"
};

/// A study file (docs/studies.md), read and checked.
struct Study {
  std::string name;  ///< the file's, without ending
  std::vector<int> seeds;
  std::vector<StudyGroup> groups;
  std::vector<StudyArm> arms;                ///< in the file's order
  std::vector<StudyEvaluation> evaluations;  ///< in the file's order
};

/// The folder beside the results that holds what the runs printed.
inline constexpr const char* kLogsFolder = "logs";

/// Reads a study file and loads every arm's config. Throws UserError: one line that names file and line, the key and
/// the mend; also where arms of one group differ in run.steps or in what they are scored on.
Study load_study(const std::filesystem::path& file);

/// The overrides of one run: the arm's, what it is judged on, its teacher, then the seed.
std::vector<std::string> run_overrides(const StudyArm& arm, int seed);

/// "medal-no_memory-1"; a folder below runs/
std::string run_name(const Study& study, const StudyArm& arm, int seed);

}  // namespace medal
