#include "experiments/run_folder.h"

#include "experiments/local_ranks.h"
#include "experiments/progress.h"
#include "tests/catch.h"
#include "tests/file_helpers.h"

using namespace medal;
namespace fs = std::filesystem;

TEST_CASE("checkpoints are named so that they sort by steps, and only the newest are kept") {
  const TemporaryFolder folder("run_folder");
  const RunFolder run(folder.path / "a");
  run.create("[run]\n");
  CHECK(content_of(run.config()) == "[run]\n");
  for (std::int64_t steps : {9, 100, 8192, 1'000'000}) {
    std::ofstream(run.checkpoint_file(steps)) << steps;
    run.publish_checkpoint(run.checkpoint_file(steps), 2);
  }
  CHECK(!fs::exists(run.checkpoint_file(100)));
  CHECK(fs::exists(run.checkpoint_file(8192)));
  CHECK(content_of(run.checkpoints() / "latest") == "1000000");
}

TEST_CASE("damaged checkpoints are passed over; with none left there is nothing to go on from") {
  const TemporaryFolder folder("run_folder_damaged");
  const RunFolder run(folder.path / "a");
  run.create("");
  std::ofstream(run.checkpoint_file(5)) << "torn";
  CHECK(run.newest_checkpoint().empty());
  CHECK(run.newest_replay().empty());
}

TEST_CASE("a run's name is a plain name") {
  for (const char* name : {"", ".", "..", "a/b", "/tmp", "../a"}) CHECK_THROWS_AS(run_folder_of(name), UserError);
  CHECK(run_folder_of("quick-2").path() == fs::path("runs/quick-2"));
}

TEST_CASE("a duration is told in the units that matter") {
  CHECK(duration_text(7.4) == "7 s");
  CHECK(duration_text(412) == "6 min 52 s");
  CHECK(duration_text(3 * 3600 + 5 * 60) == "3 h 05 min");
}

TEST_CASE("this process may run on at least one core") { CHECK(available_cores() >= 1); }
