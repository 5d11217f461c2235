#include <CLI/CLI.hpp>
#include <fstream>
#include <memory>

#include "agents/checkpoint/checkpoint.h"
#include "agents/layers/math_threads.h"
#include "experiments/processes/command_text.h"
#include "experiments/processes/tell.h"
#include "experiments/runs/exported_agent.h"
#include "experiments/runs/run_folder.h"
#include "experiments/training/export_card.h"
#include "experiments/verbs/verbs.h"
#include "sim/base/atomic_file.h"
#include "sim/base/error.h"

namespace medal {
namespace {

namespace fs = std::filesystem;
using nlohmann::ordered_json;

/// "agents/pretrained/quick": relative where it lies below the working folder, without a slash at its end.
fs::path tidy(const std::string& folder) {
  fs::path whole = fs::weakly_canonical(fs::absolute(folder));
  if (!whole.has_filename()) whole = whole.parent_path();
  const fs::path relative = whole.lexically_relative(fs::canonical(fs::current_path()));
  return relative.empty() || *relative.begin() == ".." || relative == "." ? whole : relative;
}

/// What the agent's run has found out about this very checkpoint, on as many tasks as its config asks for; null where
/// there is no such evaluation.
ordered_json evaluation_of_run(const LoadedAgent& agent) {
  const fs::path checkpoints = fs::absolute(agent.file).parent_path();
  const RunFolder run(checkpoints.parent_path());
  if (checkpoints != run.checkpoints()) return {};
  std::ifstream stream(run.evaluation_file(agent.steps));
  ordered_json evaluation = ordered_json::parse(stream, nullptr, false);
  const bool whole =
      evaluation.is_object() && evaluation.value("tasks", ordered_json()) == agent.config.evaluation.tasks;
  return whole ? evaluation : ordered_json();
}

ordered_json evaluate_now(const LoadedAgent& agent) {
  tell("evaluating {} on {} held-out tasks ...\n", agent.file.string(), agent.config.evaluation.tasks);
  std::fflush(stdout);
  return ordered_json::parse(evaluation_to_json(evaluate_agent(agent)));
}

/// The agent comes first: a folder with one may be written to again.
void write_folder(const ExportedAgent& folder, const LoadedAgent& agent, const Checkpoint& checkpoint,
                  const ordered_json& card) {
  std::error_code error;
  const bool is_new = fs::create_directories(folder.path(), error);
  if (error) throw cannot_write(folder.path(), error.value());
  try {
    save_agent(folder.agent(), checkpoint.header(), agent.agent.network());
    // A folder's name need not be UTF-8.
    write_file_atomically(folder.card(), card.dump(2, ' ', false, ordered_json::error_handler_t::replace) + "\n");
    write_file_atomically(folder.readme(), card_readme(card));
  } catch (const UserError&) {
    if (is_new) fs::remove_all(folder.path(), error);
    throw;
  }
}

void export_agent(const std::string& name, const std::string& target) {
  const ExportedAgent folder(tidy(target));
  folder.check_replaceable();
  use_one_math_thread();
  const Checkpoint checkpoint = open_checkpoint(name);
  const LoadedAgent agent = load_agent(checkpoint, {});
  ordered_json evaluation = evaluation_of_run(agent);
  if (evaluation.is_null()) evaluation = evaluate_now(agent);
  write_folder(folder, agent, checkpoint, export_card(agent, checkpoint, folder.path().string(), evaluation));
  tell("exported {} after {:.2f} M steps, CT {:.3f}, to {}/ ({} kB)\nnext      {} eval {}\n", agent.file.string(),
       static_cast<double>(agent.steps) / 1e6, evaluation.at("ct").at("mean").get<double>(), folder.path().string(),
       fs::file_size(folder.agent()) / 1000, medal_command(), shell_word(folder.path().string()));
}

}  // namespace

void add_export(CLI::App& app, Program&) {
  CLI::App* verb = app.add_subcommand(
      "export", "Write an agent without its run: a small checkpoint to use or begin from, and a card with its scores");
  auto agent = std::make_shared<std::string>();
  auto folder = std::make_shared<std::string>();
  verb->add_option("agent", *agent, "A run's folder or name, an exported agent's folder, or a .medal checkpoint")
      ->required();
  verb->add_option("folder", *folder, "Where to, such as agents/pretrained/NAME; may hold an older export")->required();
  verb->callback([agent, folder] { export_agent(*agent, *folder); });
}

}  // namespace medal
