#include <nlohmann/json.hpp>

#include "experiments/runs/exported_agent.h"
#include "tests/experiments/verbs/printed.h"
#include "tests/support/catch.h"
#include "tests/support/file_helpers.h"
#include "tests/support/program_helpers.h"

using namespace medal;
namespace fs = std::filesystem;
using nlohmann::json;

namespace {

void run_well(const fs::path& folder, const std::vector<std::string>& arguments) {
  const ChildResult result = run_medal(folder, arguments);
  INFO(arguments[0] << ": " << result.errors);
  REQUIRE(result.exit_code == 0);
}

json json_in(const fs::path& file) { return json::parse(content_of(file)); }

/// A run `a` and its agent in out/a.
void train_and_export(const fs::path& folder) {
  run_well(folder, tiny_training("a", {"--steps", "4096", "--ranks", "1", "--set", "run.seed=3"}));
  run_well(folder, {"export", "a", "out/a"});
}

}  // namespace

TEST_CASE("an exported agent scores exactly as its run does, from a much smaller file") {
  const TemporaryFolder folder("export");
  train_and_export(folder.path);
  for (const char* agent : {"a", "out/a", "out/a/agent.medal"}) {
    run_well(folder.path, {"eval", agent, "--tasks", "3", "--json", "eval.json"});
    const std::string result = content_of(folder.path / "eval.json");
    if (std::string(agent) == "a") fs::rename(folder.path / "eval.json", folder.path / "run.json");
    CHECK(result == content_of(folder.path / "run.json"));
    CHECK(parameter_hash(folder.path, agent) == parameter_hash(folder.path, "a"));
  }
  CHECK(2 * fs::file_size(folder.path / "out/a/agent.medal") <
        fs::file_size(fs::canonical(folder.path / "runs/a/checkpoints/latest")));
}

TEST_CASE("the card says how an agent was made and what its run's evaluation found") {
  const TemporaryFolder folder("export_card");
  train_and_export(folder.path);
  const json card = json_in(folder.path / "out/a/card.json");
  json evaluation = json_in(*fs::directory_iterator(folder.path / "runs/a/eval"));
  for (const char* long_list : {"task_scores", "timeline"}) CHECK(evaluation.erase(long_list) == 1);
  CHECK(card.at("evaluation") == evaluation);
  CHECK(card.at("name") == "a");
  CHECK(card.at("training").at("learner_steps") == 4096);
  CHECK(card.at("commands").at("train") ==
        "medal train --config smoke --set evaluation.tasks=4 --set run.report=false --set run.seed=3 "
        "--set run.steps=4096 --ranks 1");
  CHECK(card.at("commands").at("evaluate") == "medal eval out/a");
  const std::string readme = content_of(folder.path / "out/a/README.md");
  for (const char* part : {"# a\n", "On 4 held-out tasks", "medal train --config smoke", "viewer play out/a\n"}) {
    INFO(part);
    CHECK(readme.find(part) != std::string::npos);
  }

  // Without the run's evaluation it is made now, and comes out the same; an older export is replaced.
  fs::remove_all(folder.path / "runs/a/eval");
  run_well(folder.path, {"export", "a", "out/a/"});
  CHECK(json_in(folder.path / "out/a/card.json") == card);
}

TEST_CASE("training from an agent begins with exactly its network, on any number of ranks, and repeats") {
  const TemporaryFolder folder("from");
  train_and_export(folder.path);
  const std::string hash = parameter_hash(folder.path, "a");
  // A learning rate of 0 changes nothing.
  for (const char* ranks : {"1", "2"}) {
    const std::string run = std::string("still") + ranks;
    run_well(folder.path, tiny_training(run, {"--steps", "4096", "--ranks", ranks, "--from", "out/a", "--set",
                                              "learner.learning_rate=0"}));
    CHECK(parameter_hash(folder.path, run) == hash);
  }
  for (const char* run : {"b", "c"})
    run_well(folder.path, tiny_training(run, {"--steps", "4096", "--ranks", "1", "--from", "a"}));
  CHECK(parameter_hash(folder.path, "b") != hash);
  CHECK(parameter_hash(folder.path, "b") == parameter_hash(folder.path, "c"));
  // The very checkpoint is written down, and no longer needed.
  CHECK(content_of(folder.path / "runs/b/config.toml")
            .find("initial_agent = \"runs/a/checkpoints/000000000004096.medal\"") != std::string::npos);
  fs::remove_all(folder.path / "runs/a");
  run_well(folder.path, {"train", "--resume", "--run", "b", "--steps", "8192", "--ranks", "1"});
  CHECK(parameter_hash(folder.path, "b") != parameter_hash(folder.path, "c"));
}

TEST_CASE("a person who names no agent meets medal where it ships, else quick") {
  const TemporaryFolder folder("shipped");
  CHECK(shipped_agent(folder.path).empty());
  for (const char* name : {"quick", "medal"}) {
    const ExportedAgent agent(folder.path / "agents/pretrained" / name);
    fs::create_directories(agent.path());
    std::ofstream(agent.agent()) << "parameters";
    CHECK(shipped_agent(folder.path) == agent.path());
  }
}
