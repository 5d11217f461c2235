#include <CLI/CLI.hpp>
#include <memory>

#include "experiments/plots/plots.h"
#include "experiments/processes/tell.h"
#include "experiments/runs/run_folder.h"
#include "experiments/verbs/verbs.h"
#include "sim/base/atomic_file.h"

namespace medal {
namespace {

struct ReportOptions {
  std::vector<std::string> runs;
  std::string out;
};

void report(const ReportOptions& options) {
  if (!options.out.empty()) check_png("--out", options.out);
  std::vector<std::filesystem::path> folders;
  for (const std::string& run : options.runs) folders.push_back(find_run(run).path());
  if (folders.size() == 1 && options.out.empty()) {
    const RunFolder run(folders.front());
    write_run_pictures(run);
    tell("{}/\n", run.report().string());
    return;
  }
  const std::filesystem::path out = options.out.empty() ? "learning_curves.png" : options.out;
  write_learning_curves(folders, out);
  tell("{}\n", out.string());
}

}  // namespace

void add_report(CLI::App& app, Program&) {
  CLI::App* verb = app.add_subcommand(
      "report", "Draw a run: its learning curves and an episode; or compare the learning curves of several");
  auto options = std::make_shared<ReportOptions>();
  verb->add_option("runs", options->runs, "Run folders or names")->required();
  verb->add_option("--out", options->out,
                   "PNG of the learning curves; by default report/ of one run, or ./learning_curves.png");
  verb->callback([options] { report(*options); });
}

}  // namespace medal
