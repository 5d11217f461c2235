#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "agents/training/training_setup.h"
#include "experiments/ablation/study.h"
#include "experiments/ablation/study_session.h"
#include "experiments/ablation/study_summary.h"
#include "experiments/config/config_file.h"
#include "experiments/plots/plots.h"
#include "experiments/processes/local_ranks.h"
#include "experiments/processes/tell.h"
#include "experiments/verbs/number_option.h"
#include "experiments/verbs/verbs.h"
#include "sim/base/atomic_file.h"
#include "sim/base/error.h"
#include "sim/base/nearest_name.h"

namespace medal {
namespace {

struct AblateOptions {
  std::string study;
  std::string out;
  int parallel = 0;  ///< 0: one for each core
  double minutes = 0;
  std::vector<std::string> only;
  bool report_only = false;
};

void check_arms_named(const std::vector<std::string>& only, const Study& study) {
  std::vector<std::string> names;
  for (const StudyArm& arm : study.arms) names.push_back(arm.name);
  for (const std::string& name : only)
    if (std::find(names.begin(), names.end(), name) == names.end())
      throw UserError("--only " + name + ": the study has no such arm; the nearest is '" + nearest_name(name, names) +
                      "'");
}

/// Each run is one rank.
void check_arms_trainable(const Study& study) {
  for (const StudyArm& arm : study.arms) check_trainable(load_config(&arm.config_file, run_overrides(arm, 0)), 1);
}

/// Prints the table of what is there, and writes table and pictures into the folder of the results.
void report(const Study& study, const std::filesystem::path& out) {
  const StudySummary summary = summarise_study(study, out);
  if (std::all_of(summary.arms.begin(), summary.arms.end(), [](const ArmSummary& arm) { return arm.seeds.empty(); }))
    throw UserError("there is no result in '" + out.string() + "' yet; let a run of the study reach its end");
  tell("{}", summary_table(study, summary));
  std::fflush(stdout);
  write_file_atomically(out / "table.md", summary_markdown(study, summary));
  const std::filesystem::path json = out / "summary.json";
  write_file_atomically(json, summary_json(study, summary));
  write_study_pictures(json);
  tell("\ntable and pictures  {}/\n", out.string());
}

int ablate(const AblateOptions& options) {
  StudyRequest request{load_study(options.study), options.out, options.parallel, options.minutes, options.only};
  if (options.out.empty()) request.out = std::filesystem::path("results") / request.study.name;
  if (options.report_only) {
    report(request.study, request.out);
    return 0;
  }
  check_arms_named(options.only, request.study);
  check_arms_trainable(request.study);
  if (request.parallel == 0) request.parallel = available_cores();
  const int failed = train_study(request);
  try {
    report(request.study, request.out);
  } catch (const UserError& error) {  // the training is done and saved: nothing to fail over
    tell("no report: {}\n", error.what());
  }
  return failed > 0 ? 1 : 0;
}

}  // namespace

void add_ablate(CLI::App& app, Program& program) {
  CLI::App* verb = app.add_subcommand("ablate", "Train the arms of a study with several seeds and compare them");
  auto options = std::make_shared<AblateOptions>();
  verb->add_option("study", options->study, "Study file, such as experiments/studies/medal.toml")->required();
  verb->add_option("--out", options->out, "Folder of results, table and pictures; default results/STUDY");
  add_number(*verb, "--parallel", options->parallel, {"", "", 1, 1024, "Runs at a time; default one for each core"});
  add_number(*verb, "--minutes", options->minutes,
             {"", "min", 0.01, 1e6, "All runs save and stop after this long; the same command goes on"});
  verb->add_option("--only", options->only, "Train this arm alone; may be repeated")->allow_extra_args(false);
  verb->add_flag("--report-only", options->report_only, "Train nothing: table and pictures from the kept results");
  verb->callback([options, &program] { program.exit_code = ablate(*options); });
}

}  // namespace medal
