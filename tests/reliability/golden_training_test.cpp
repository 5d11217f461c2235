#include <nlohmann/json.hpp>

#include "tests/support/catch.h"
#include "tests/support/file_helpers.h"
#include "tests/support/program_helpers.h"
#include "tests/support/recorded_machine.h"

using namespace medal;

namespace {

/// "parameters   hash 0123456789abcdef" as `medal info` prints it.
std::string parameters_after(const std::filesystem::path& folder, const std::string& run, const std::string& threads) {
  REQUIRE(run_medal(folder, tiny_training(run, {"--steps", "40e3", "--ranks", "1", "--set", "run.seed=11", "--set",
                                                "learner.bf16=false", "--set", "environment.threads=" + threads}))
              .exit_code == 0);
  REQUIRE(run_medal(folder, {"info", run}).exit_code == 0);
  const std::string text = content_of(folder / "stdout.txt"), begin = "parameters   hash ";
  return text.substr(text.find(begin) + begin.size(), 16);
}

}  // namespace

TEST_CASE("a short training comes out as it was recorded on such a machine, on any number of threads") {
  const TemporaryFolder folder("golden");
  const std::string hash = parameters_after(folder.path, "a", "1");
  CHECK(parameters_after(folder.path, "b", "3") == hash);
  const auto recorded = nlohmann::json::parse(content_of(source_folder() / "tests/reliability/golden_training.json"));
  INFO("on \"" << recorded_machine() << "\" it is \"" << hash << "\"");
  if (recorded.contains(recorded_machine()))
    CHECK(recorded.at(recorded_machine()) == hash);
  else
    WARN("no training is recorded for \"" << recorded_machine() << "\": \"" << hash << "\"");
}
