#include "experiments/config/config_difference.h"

#include "experiments/config/config_file.h"
#include "experiments/config/config_text.h"
#include "tests/support/catch.h"

using namespace medal;

namespace {

Config config_of(const std::string& preset, const std::vector<std::string>& overrides) {
  const std::filesystem::path file(preset);
  return load_config(&file, overrides);
}

}  // namespace

TEST_CASE("every preset is its own nearest, with nothing set over it") {
  for (const std::string& name : preset_names()) {
    const PresetWithOverrides source = nearest_preset(config_of(name, {}));
    CHECK(source.preset == name);
    CHECK(source.overrides.empty());
    CHECK(command_line_text(source) == "--config " + name);
  }
}

TEST_CASE("the nearest preset and its overrides give the very same config") {
  const std::vector<std::vector<std::string>> rows = {
      {"run.seed=7", "learner.learning_rate=0.00037"},
      {"task.penalty={from=0.3,to=1,begin=1e6,end=2e6}", "task.expert=noisy", "lidar.pitches=[0.0,-9.0]"},
      {"task.bumpiness={low=0.1,high=0.3}", "evaluation.task.bumpiness=1"},
      {"task.penalty=0.5", "run.initial_agent=runs/it's one/a.medal"},
  };
  for (const auto& overrides : rows) {
    const Config config = config_of("quick", overrides);
    const PresetWithOverrides source = nearest_preset(config);
    INFO(command_line_text(source));
    CHECK(source.preset == "quick");
    CHECK(source.overrides.size() == overrides.size());
    CHECK(config_to_toml(config_of(source.preset, source.overrides)) == config_to_toml(config));
  }
}

TEST_CASE("overrides are quoted for a shell only where they must be") {
  CHECK(command_line_text({"quick", {"run.seed=7", "task.bumpiness={low = 0.1}", "run.initial_agent=\"it's\""}}) ==
        "--config quick --set run.seed=7 --set 'task.bumpiness={low = 0.1}' --set 'run.initial_agent=\"it'\\''s\"'");
}
