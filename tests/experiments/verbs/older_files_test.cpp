#include <nlohmann/json.hpp>

#include "agents/checkpoint/checkpoint.h"
#include "experiments/ablation/learning_curve.h"
#include "experiments/metrics/metrics_log.h"
#include "experiments/metrics/phases.h"
#include "sim/base/version.h"
#include "tests/support/catch.h"
#include "tests/support/file_helpers.h"
#include "tests/support/program_helpers.h"

using namespace medal;
namespace fs = std::filesystem;
using nlohmann::json;

namespace {

const fs::path kFixtures = source_folder() / "tests/fixtures/release_1";

/// A working folder with the run of release one in it.
fs::path with_old_run(const TemporaryFolder& folder) {
  fs::create_directories(folder.path / "runs");
  fs::copy(kFixtures / "tiny", folder.path / "runs/tiny", fs::copy_options::recursive);
  return folder.path;
}

bool said(const fs::path& folder, const std::string& text) {
  return content_of(folder / "stdout.txt").find(text) != std::string::npos;
}

}  // namespace

// Its draws are each task's own since 0.2.0, so the scores were recorded anew then; tasks and experts are what they
// were.
TEST_CASE("an agent that release one exported scores to the last digit what it scored before") {
  const TemporaryFolder folder("older_agent");
  const ChildResult result = run_medal(folder.path, {"eval", (kFixtures / "exported").string(), "--json", "now.json"});
  INFO(result.errors);
  REQUIRE(result.exit_code == 0);
  const json then = json::parse(content_of(kFixtures / "tiny/eval/000000000004224.json"));
  const json recorded = json::parse(content_of(kFixtures / "scores_since_0_2.json"));
  const json now = json::parse(content_of(folder.path / "now.json"));
  CHECK(now.at("task_scores") == recorded.at("task_scores"));
  CHECK(now.at("ct") == recorded.at("ct"));
  CHECK(now.at("score").at("expert") == then.at("score").at("expert"));
  for (std::size_t i = 0; i < then.at("task_scores").size(); ++i) {
    const json &before = then.at("task_scores")[i], &task = now.at("task_scores")[i];
    CHECK(task.at("expert") == before.at("expert"));
    CHECK(task.at("seed") == std::to_string(before.at("seed").get<std::uint64_t>()));
  }
}

TEST_CASE("a run of release one goes on with its live episodes, its log and its ADR") {
  const TemporaryFolder folder("older_run");
  const fs::path here = with_old_run(folder);
  const ChildResult info = run_medal(here, {"info", "tiny"});
  INFO(info.errors);
  REQUIRE(info.exit_code == 0);
  CHECK(said(here, "written by   medal 0.1.0, format 2"));
  const ChildResult result = run_medal(here, {"train", "--resume", "--run", "tiny", "--steps", "6000", "--ranks", "1"});
  INFO(result.errors);
  REQUIRE(result.exit_code == 0);
  CHECK_FALSE(said(here, "taken up again"));
  const std::vector<json> rows = read_metrics(here / "runs/tiny/metrics.jsonl");
  CHECK(rows.back().at("steps") == 6144);
  CHECK(rows.front().at("iteration") == 1);
  REQUIRE(run_medal(here, {"info", "tiny"}).exit_code == 0);
  CHECK(said(here, "written by   medal " + program_version() + ", format " + std::to_string(kCheckpointVersion)));
}

TEST_CASE("another run can begin with an agent of release one, and by its config") {
  const TemporaryFolder folder("older_config");
  const ChildResult result =
      run_medal(folder.path, {"train", "--config", (kFixtures / "tiny/config.toml").string(), "--from",
                              (kFixtures / "exported").string(), "--run", "new", "--steps", "384", "--ranks", "1"});
  INFO(result.errors);
  CHECK(result.exit_code == 0);
}

TEST_CASE("the metrics of release one are read") {
  const std::vector<json> rows = read_metrics(kFixtures / "tiny/metrics.jsonl");
  CHECK(rows.size() == 12);
  CHECK(training_curve(rows).at("steps").back() == 4224);
  CHECK(evaluation_curve(rows).at("full").size() == 1);
  CHECK(evaluation_points(kFixtures / "tiny/metrics.jsonl").size() == 1);
}
