#include "experiments/runs/run_folder.h"

#include "tests/support/catch.h"
#include "tests/support/file_helpers.h"

using namespace medal;
namespace fs = std::filesystem;

TEST_CASE("checkpoints are named so that they sort by steps, and only the newest are kept") {
  const TemporaryFolder folder("run_folder");
  const RunFolder run(folder.path / "a");
  const FolderLock lock = run.open_for_training("[run]\n", true);
  CHECK(content_of(run.config()) == "[run]\n");
  for (std::int64_t steps : {9, 100, 8192, 1'000'000}) {
    std::ofstream(run.checkpoint_file(steps)) << steps;
    run.publish_checkpoint(run.checkpoint_file(steps), 2);
  }
  CHECK(!fs::exists(run.checkpoint_file(100)));
  CHECK(fs::exists(run.checkpoint_file(8192)));
  CHECK(content_of(run.checkpoints() / "latest") == "1000000");
}

TEST_CASE("a checkpoint newer by name than the one just written was damaged when the run was resumed, and goes") {
  const TemporaryFolder folder("run_folder_newer");
  const RunFolder run(folder.path / "a");
  const FolderLock lock = run.open_for_training("", true);
  for (std::int64_t steps : {5, 900}) std::ofstream(run.checkpoint_file(steps)) << "torn";
  std::ofstream(run.checkpoint_file(10)) << "whole";
  run.publish_checkpoint(run.checkpoint_file(10), 1);
  CHECK(fs::exists(run.checkpoint_file(10)));
  CHECK(!fs::exists(run.checkpoint_file(900)));
  CHECK(!fs::exists(run.checkpoint_file(5)));
}

TEST_CASE("only one process at a time trains in a folder") {
  const TemporaryFolder folder("run_folder_lock");
  const RunFolder run(folder.path / "a");
  {
    const FolderLock lock = run.open_for_training("first", true);
    const std::string message = user_error_of([&] { run.open_for_training("second", false); });
    CHECK(message.find("is being trained by another process") != std::string::npos);
    CHECK(content_of(run.config()) == "first");
  }
  run.open_for_training("third", false);
  CHECK(content_of(run.config()) == "third");
}

TEST_CASE("a run's name is a plain name") {
  for (const char* name : {"", ".", "..", "a/b", "/tmp", "../a"}) CHECK_THROWS_AS(run_folder_of(name), UserError);
  CHECK(run_folder_of("quick-2").path() == fs::path("runs/quick-2"));
}
