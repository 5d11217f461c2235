#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <sstream>

#include "agents/checkpoint/checkpoint.h"
#include "agents/layers/math_threads.h"
#include "experiments/bench/records/processor_family.h"
#include "experiments/bench/records/record.h"
#include "experiments/processes/local_ranks.h"
#include "experiments/processes/tell.h"
#include "experiments/runs/loaded_agent.h"
#include "experiments/runs/run_folder.h"
#include "experiments/training/score_tables.h"
#include "experiments/verbs/verbs.h"
#include "sim/base/atomic_file.h"
#include "sim/base/error.h"
#include "sim/base/simd_path.h"

namespace medal {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPreset = "speedrun";
constexpr const char* kPage = "docs/speedrun.md";
constexpr double kFullBar = 0.85, kHalfBar = 0.80;
constexpr int kJudgedTasks = 256;
constexpr int kFreshTasks = 1'000'000;  // the seed of the tasks that judge; those on the way have 0

struct SpeedrunOptions {
  int seed = 1;
  int ranks = 2;
  bool record = false;
};

/// Seconds since 1970.
double now() { return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count(); }

/// When this process began: the libraries were loaded before `main`, and that counts.
double process_begin() {
  std::ifstream stat("/proc/self/stat");
  std::string text{std::istreambuf_iterator<char>(stat), {}};
  std::istringstream fields(text.substr(text.rfind(')') + 2));  // a program's name may hold blanks
  std::string field;
  constexpr int kStartTime = 22, kFirst = 3;  // proc(5)
  for (int i = kFirst; i <= kStartTime; ++i) fields >> field;
  struct timespec up {};
  ::clock_gettime(CLOCK_BOOTTIME, &up);
  const double age = static_cast<double>(up.tv_sec) + 1e-9 * static_cast<double>(up.tv_nsec) -
                     std::stod(field) / static_cast<double>(::sysconf(_SC_CLK_TCK));
  return now() - age;
}

double written_at(const fs::path& file) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) throw UserError("the trained agent '" + file.string() + "' is gone");
  return static_cast<double>(status.st_mtim.tv_sec) + 1e-9 * static_cast<double>(status.st_mtim.tv_nsec);
}

/// A row of the page's table.
std::string row_of(const SpeedrunOptions& options, const std::string& commit, double seconds, const LoadedAgent& agent,
                   const EvaluationResult& result) {
  const auto share = [](const Interval& interval) {
    return fmt::format("{:.3f} ({:.3f} .. {:.3f})", interval.mean, interval.low, interval.high);
  };
  return fmt::format("| {} | {:.1f} | {} | {} | {} {} | {:.2f} M | {} | {} | {:016x} |", commit, seconds, options.ranks,
                     options.seed, processor_family(), simd_path_name(best_simd_path()),
                     static_cast<double>(agent.steps) / 1e6, share(result.full_share), share(result.half_share),
                     Checkpoint(agent.file).parameter_hash());
}

/// At the end of the page, which ends with its table.
void add_row(const fs::path& page, const std::string& row) {
  std::ifstream stream(page);
  if (!stream) throw UserError("--record: there is no page '" + page.string() + "' to add the row to");
  write_file_atomically(page, std::string{std::istreambuf_iterator<char>(stream), {}} + row + "\n");
}

int speedrun(const SpeedrunOptions& options) {
  const double begin = process_begin();
  const char* root = std::getenv("MEDAL_ROOT");  // set by the wrapper ./medal
  const std::string commit = options.record ? clean_commit(root == nullptr ? "" : root, {kPage}) : "";
  const RunFolder run = claim_run_folder(kPreset);
  const std::string name = run.path().filename().string();
  const int code = run_local_ranks(
      options.ranks, {"train", "--config", kPreset, "--run", name, "--ranks", std::to_string(options.ranks), "--set",
                      "run.seed=" + std::to_string(options.seed)});
  if (code != 0) {
    std::error_code not_empty;
    fs::remove(run.path(), not_empty);
    return code;
  }
  use_one_math_thread();
  const LoadedAgent agent =
      load_agent(run.newest_checkpoint().value(), {fmt::format("evaluation.tasks={}", kJudgedTasks),
                                                   fmt::format("evaluation.seed={}", kFreshTasks + options.seed)});
  const double seconds = written_at(agent.file) - begin;
  tell("\n{:.1f} s from the start of the process to the agent saved; judged on {} fresh tasks:\n\n", seconds,
       kJudgedTasks);
  std::fflush(stdout);
  const EvaluationResult result = evaluate_agent(agent);
  const bool reached = result.full_share.mean >= kFullBar && result.half_share.mean >= kHalfBar;
  tell("{}\n{} full / E {} and half / E {}\n", evaluation_table(result), reached ? "reached" : "NOT reached:", kFullBar,
       kHalfBar);
  const std::string row = row_of(options, commit, seconds, agent, result);
  tell("{}\n", row);
  if (options.record && reached) add_row(fs::path(root) / kPage, row);
  return reached ? 0 : 1;
}

}  // namespace

void add_speedrun(CLI::App& app, Program& program) {
  CLI::App* verb = app.add_subcommand(
      "speedrun", "How long from nothing to an agent that follows and remembers: full / E 0.85 and half / E 0.80");
  auto options = std::make_shared<SpeedrunOptions>();
  verb->add_option("--seed", options->seed, "Of the training, and of the tasks that judge it")
      ->check(CLI::Range(0, 1'000'000'000));
  verb->add_option("--ranks", options->ranks, "Processes, a core for each")
      ->check(CLI::Range(1, 32))
      ->capture_default_str();
  verb->add_flag("--record", options->record, "Add a run that reaches the bars to docs/speedrun.md; by ./medal only");
  verb->callback([options, &program] { program.exit_code = speedrun(*options); });
}

}  // namespace medal
