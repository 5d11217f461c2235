#include "experiments/report.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "experiments/run_folder.h"
#include "experiments/verbs/verbs.h"
#include "sim/error.h"

namespace medal {
namespace {

struct ReportOptions {
  std::vector<std::string> runs;
  std::string out;
};

std::filesystem::path folder_of(const std::string& run) {
  for (const std::filesystem::path& path : {std::filesystem::path(run), std::filesystem::path(kRunsFolder) / run})
    if (std::filesystem::is_directory(path)) return path;
  throw UserError("there is no run '" + run + "'; give a folder that 'medal train' made");
}

void report(const ReportOptions& options) {
  std::vector<std::filesystem::path> folders;
  for (const std::string& run : options.runs) folders.push_back(folder_of(run));
  const std::filesystem::path out = options.out.empty() ? RunFolder(folders.front()).report() / "learning_curves.png"
                                                        : std::filesystem::path(options.out);
  write_report(folders, out);
  fmt::print("{}\n", out.string());
}

}  // namespace

void add_report(CLI::App& app, Program&) {
  CLI::App* verb = app.add_subcommand("report", "Draw the learning curves of one or several runs");
  auto options = std::make_shared<ReportOptions>();
  verb->add_option("runs", options->runs, "Run folders or names")->required();
  verb->add_option("--out", options->out, "PNG file; by default report/learning_curves.png of the first run");
  verb->callback([options] { report(*options); });
}

}  // namespace medal
