#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "agents/checkpoint/checkpoint.h"
#include "experiments/runs/exported_agent.h"
#include "experiments/runs/loaded_agent.h"
#include "experiments/runs/run_folder.h"
#include "tests/support/catch.h"
#include "tests/support/file_helpers.h"
#include "tests/support/places.h"
#include "tests/support/program_helpers.h"
#include "tests/support/recorded_machine.h"

using namespace medal;
namespace fs = std::filesystem;
using nlohmann::json;

namespace {

constexpr int kTasks = 16;  ///< for each agent; the first of those that its card was made on

/// How far CT on `tasks` tasks may lie from the card's: the card's 95 % interval, widened to so few tasks and to three
/// standard deviations.
double tolerance(const json& evaluation, int tasks) {
  const json& ct = evaluation.at("ct");
  const double half_width = (ct.at("high").get<double>() - ct.at("low").get<double>()) / 2;
  return 1.5 * half_width * std::sqrt(evaluation.at("tasks").get<double>() / tasks);
}

json scores_of(const EvaluationResult& result) {
  json scores = {{"full", json::array()}, {"half", json::array()}, {"solo", json::array()}, {"expert", json::array()}};
  for (const TaskScores& task : result.tasks) {
    scores["full"].push_back(task.full);
    scores["half"].push_back(task.half);
    scores["solo"].push_back(task.solo);
    scores["expert"].push_back(task.expert);
  }
  return scores;
}

/// What an agent scored on such a machine, task by task; null where nobody wrote it down.
json kept_scores(const std::string& agent) {
  const json kept = json::parse(content_of(source_folder() / "tests/experiments/verbs/pretrained_scores.json"));
  return kept.value(recorded_machine(), json::object()).value(agent, json());
}

struct Judgement {
  std::string fault;  ///< what is wrong with an agent that ships; empty where nothing is
  json scores;        ///< task by task, where it was played
};

/// Whether an agent loads, is what its card says, and plays as its card says: to the last bit where `kept` says how,
/// else within its interval.
Judgement judge(const ExportedAgent& folder, const json& kept = {}) {
  const json card = json::parse(content_of(folder.card()));
  if (card.at("name") != folder.path().filename().string()) return {"the card has another name", {}};
  const LoadedAgent agent =
      load_agent(open_checkpoint(folder.path().string()), {fmt::format("evaluation.tasks={}", kTasks)});
  const std::string hash = fmt::format("{:016x}", Checkpoint(agent.file).parameter_hash());
  if (card.at("parameter_hash") != hash) return {"the card is of another network", {}};
  const EvaluationResult result = evaluate_agent(agent);
  const json scores = scores_of(result);
  if (!kept.is_null() && scores != kept)
    return {fmt::format("on {} it scores {}, not {}", recorded_machine(), scores.dump(), kept.dump()), scores};
  const double ct = card.at("evaluation").at("ct").at("mean").get<double>();
  const double allowed = tolerance(card.at("evaluation"), kTasks);
  if (!(std::abs(result.ct.mean - ct) <= allowed))
    return {
        fmt::format("CT is {:.3f} on {} tasks, and {:.3f} +- {:.3f} by the card", result.ct.mean, kTasks, ct, allowed),
        scores};
  return {"", scores};
}

/// The first column of the table in agents/pretrained/README.md: "| [quick](quick/) | ..."
std::set<std::string> listed_in(const fs::path& readme) {
  std::set<std::string> names;
  std::ifstream stream(readme);
  for (std::string line; std::getline(stream, line);)
    if (line.starts_with("| [")) names.insert(line.substr(3, line.find(']') - 3));
  return names;
}

}  // namespace

TEST_CASE("the agents that ship are those that agents/pretrained/README.md lists, and play as their cards say") {
  const fs::path shipped = source_folder() / kPretrainedFolder;
  std::set<std::string> folders;
  for (const auto& entry : fs::directory_iterator(shipped))
    if (entry.is_directory()) folders.insert(entry.path().filename().string());
  CHECK(folders == listed_in(shipped / "README.md"));
  for (const std::string& name : folders) {
    INFO(name);
    const json kept = kept_scores(name);
    const Judgement judged = judge(ExportedAgent(shipped / name), kept);
    CHECK(judged.fault == "");
    if (kept.is_null())
      WARN("no scores of " << name << " are recorded for \"" << recorded_machine() << "\": " << judged.scores.dump());
  }
}

TEST_CASE("an agent that does not play as its card says is found out") {
  const TemporaryFolder folder("pretrained");
  REQUIRE(
      run_medal(folder.path, tiny_training("a", {"--steps", "40e3", "--ranks", "1", "--set", "evaluation.tasks=32"}))
          .exit_code == 0);
  REQUIRE(run_medal(folder.path, {"export", "a", "out/a"}).exit_code == 0);
  const ExportedAgent agent(folder.path / "out/a");
  const LoadedAgent loaded =
      load_agent(open_checkpoint(agent.path().string()), {fmt::format("evaluation.tasks={}", kTasks)});
  json scores = scores_of(evaluate_agent(loaded));
  CHECK(judge(agent, scores).fault == "");
  scores["solo"][kTasks - 1] = scores["solo"][kTasks - 1].get<double>() + 1;
  CHECK(judge(agent, scores).fault.starts_with("on "));
  json card = json::parse(content_of(agent.card()));
  const auto rewrite = [&](const json& changed) { std::ofstream(agent.card()) << changed.dump(); };

  json better = card;
  better["evaluation"]["ct"]["mean"] =
      card["evaluation"]["ct"]["mean"].get<double>() + 3 * tolerance(card["evaluation"], kTasks);
  rewrite(better);
  CHECK(judge(agent).fault.starts_with("CT is "));
  json other = card;
  other["parameter_hash"] = "0123456789abcdef";
  rewrite(other);
  CHECK(judge(agent).fault == "the card is of another network");
}
