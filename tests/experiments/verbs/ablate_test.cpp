#include <nlohmann/json.hpp>

#include "experiments/metrics/metrics_log.h"
#include "tests/experiments/verbs/printed.h"
#include "tests/support/catch.h"
#include "tests/support/drawn.h"
#include "tests/support/picture_helpers.h"
#include "tests/support/program_helpers.h"

using namespace medal;
namespace fs = std::filesystem;
using nlohmann::json;

namespace {

void write_study(const fs::path& folder, const std::string& steps,
                 const std::string& tables =
                     "[[arm]]\nname = \"whole\"\ntitle = \"Whole recipe\"\n"
                     "[[arm]]\nname = \"part\"\nset = [\"network.memory=none\"]\n") {
  std::ofstream(folder / "tiny.toml")
      << "config = \"smoke\"\nseeds = [4]\nset = [\"run.steps=" << steps
      << "\", \"run.evaluate_every=20e3\", \"evaluation.tasks=3\", \"run.report=false\"]\n"
      << tables;
}

ChildResult ablate(const fs::path& folder, const std::vector<std::string>& more,
                   const std::vector<std::string>& before = {}) {
  std::vector<std::string> arguments = {"ablate", "tiny.toml", "--parallel", "2"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return run_medal(folder, arguments, before);
}

std::int64_t steps_of(const fs::path& folder, const std::string& run) {
  const auto rows = read_metrics(folder / "runs" / run / "metrics.jsonl");
  return rows.empty() ? 0 : rows.back().at("steps").get<std::int64_t>();
}

}  // namespace

TEST_CASE("a study that is stopped by time and by a signal goes on to its end, and repeats nothing", "[long]") {
  const TemporaryFolder folder("ablate");
  write_study(folder.path, "100e3");
  const fs::path results = folder.path / "results/tiny";

  const ChildResult first = ablate(folder.path, {"--minutes", "0.02"});
  INFO(first.errors);
  REQUIRE(first.exit_code == 0);
  for (const char* part : {"begins   tiny-whole-4", "stopped  whole-4", "stopped  part-4", "no report"}) {
    INFO(part);
    CHECK(says(folder.path, part));
  }
  CHECK_FALSE(fs::exists(results / "whole-4.json"));
  const std::int64_t steps = steps_of(folder.path, "tiny-whole-4");
  REQUIRE(steps < 100'000);

  const std::string stop =
      "\"$@\" & p=$!; while ! grep -q part stdout.txt; do sleep 0.05; done; kill -TERM $p; wait $p";
  const ChildResult second = ablate(folder.path, {}, {"/bin/sh", "-c", stop, "sh"});
  INFO(second.errors);
  CHECK(second.exit_code == 0);
  CHECK(says(folder.path, "goes on  tiny-whole-4"));
  CHECK(says(folder.path, "stopped  whole-4"));
  CHECK(steps_of(folder.path, "tiny-whole-4") >= steps);

  REQUIRE(ablate(folder.path, {}).exit_code == 0);
  CHECK(says(folder.path, "ends     tiny-part-4: CT"));
  CHECK(says(folder.path, "Whole recipe"));
  for (const char* picture : {"curves.png", "ct.png", "scores.png"}) {
    CHECK(picture_size(results / picture).width >= 600);
    CHECK(pixels_of(results / picture, "#0072b2") > 20);  // of the first arm, or of full
  }
  const json result = json::parse(content_of(results / "whole-4.json"));
  CHECK(result.at("seed") == 4);
  CHECK(result.at("title") == "Whole recipe");
  CHECK(result.at("steps") == 100'000);
  CHECK(result.at("trained_steps") >= 100'000);
  CHECK(result.at("training_seconds") > 0);
  CHECK(result.at("evaluation").at("tasks") == 3);
  CHECK(result.at("evaluation").at("score").at("half").at("mean").is_number());
  CHECK(result.at("evaluations").at("ct").size() == 5);  // after 20, 40, 60, 80 and 100 thousand
  CHECK(result.at("training").at("steps").size() > 1);
  CHECK(content_of(results / "logs/whole-4.log").find("training runs/tiny-whole-4") != std::string::npos);

  // The kept results are enough.
  const std::string table = content_of(results / "table.md"), summary = content_of(results / "summary.json");
  fs::remove_all(folder.path / "runs");
  for (const char* file : {"table.md", "summary.json", "ct.png"}) fs::remove(results / file);
  REQUIRE(ablate(folder.path, {"--report-only"}).exit_code == 0);
  CHECK(content_of(results / "table.md") == table);
  CHECK(content_of(results / "summary.json") == summary);
  CHECK(picture_size(results / "ct.png").height >= 200);
  REQUIRE(ablate(folder.path, {}).exit_code == 0);
  CHECK(says(folder.path, "0 of 2 runs to train"));
  CHECK_FALSE(fs::exists(folder.path / "runs"));

  // Another budget makes other runs.
  write_study(folder.path, "110e3");
  const ChildResult other = ablate(folder.path, {});
  CHECK(other.exit_code == 2);
  CHECK(other.errors.find("whole-4.json") != std::string::npos);
  CHECK(other.errors.find("--out") != std::string::npos);
}

TEST_CASE("finished runs are judged by the study's evaluations, those that a study file gains later too") {
  const TemporaryFolder folder("ablate_evaluations");
  const std::string arm = "[[arm]]\nname = \"whole\"\n";
  write_study(folder.path, "2048", arm);
  REQUIRE(ablate(folder.path, {}).exit_code == 0);
  const fs::path results = folder.path / "results/tiny";
  CHECK_FALSE(fs::exists(results / "evaluations.png"));

  write_study(folder.path, "2048", arm + R"([[evaluation]]
name = "anti"
title = "Anti-expert"
set = ["evaluation.task.expert=anti_expert", "evaluation.minimum_expert_score=-1000"]
[[evaluation]]
name = "three"
set = ["evaluation.task.goals=3"]
)");
  const ChildResult judged = ablate(folder.path, {});
  INFO(judged.errors << content_of(folder.path / "stdout.txt"));
  REQUIRE(judged.exit_code == 0);
  CHECK(says(folder.path, "0 of 1 runs to train"));
  CHECK(says(folder.path, "Anti-expert"));
  const json anti = json::parse(content_of(results / "anti/whole-4.json"));
  CHECK(anti.at("evaluation").at("score").at("expert").at("mean") < 10);  // with three goals any order pays
  CHECK(anti.at("evaluation").at("tasks") == 3);
  CHECK(json::parse(content_of(results / "three/whole-4.json")).at("evaluation").at("score").at("expert").at("mean") >
        10);
  CHECK(picture_size(results / "evaluations.png").width >= 600);
  CHECK(pixels_of(results / "evaluations.png", "#0072b2") > 20);

  // Nothing is judged twice, and what is kept outlives the run.
  fs::remove_all(folder.path / "runs");
  REQUIRE(ablate(folder.path, {}).exit_code == 0);
  CHECK_FALSE(says(folder.path, "judges"));
  fs::remove(results / "three/whole-4.json");
  REQUIRE(ablate(folder.path, {}).exit_code == 0);
  CHECK(says(folder.path, "cannot be judged in 1 more evaluations"));
}

TEST_CASE("a run that fails is told with its last words, and the others reach their end") {
  const TemporaryFolder folder("ablate_failing");
  // An expert who never earns enough leaves no held-out task: training says so at its end.
  write_study(folder.path, "2048",
              "[[group]]\nname = \"sound\"\n[[group]]\nname = \"unsound\"\n"
              "set = [\"evaluation.minimum_expert_score=1e5\"]\n"
              "[[arm]]\nname = \"whole\"\ngroup = \"sound\"\n[[arm]]\nname = \"part\"\ngroup = \"unsound\"\n");
  const ChildResult result = ablate(folder.path, {});
  INFO(result.errors << content_of(folder.path / "stdout.txt"));
  CHECK(result.exit_code == 1);
  CHECK(says(folder.path, "failed   tiny-part-4 (exit code 2): medal: "));
  CHECK(says(folder.path, "ends     tiny-whole-4"));
  CHECK(says(folder.path, "none yet"));
  CHECK(fs::exists(folder.path / "results/tiny/ct.png"));
}

TEST_CASE("a run below runs/ that was made from another config is not gone on with") {
  const TemporaryFolder folder("ablate_foreign");
  write_study(folder.path, "60e3");
  REQUIRE(run_medal(folder.path, tiny_training("tiny-whole-4", {"--steps", "1e9", "--minutes", "0.01", "--ranks", "1"}))
              .exit_code == 0);
  const ChildResult result = ablate(folder.path, {});
  CHECK(result.exit_code == 2);
  CHECK(result.errors.find("runs/tiny-whole-4") != std::string::npos);
  CHECK(result.errors.find("remove that folder") != std::string::npos);
}
