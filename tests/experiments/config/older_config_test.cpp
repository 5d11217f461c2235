#include <map>

#include "agents/config/config_value.h"
#include "experiments/config/config_file.h"
#include "experiments/config/config_text.h"
#include "sim/base/version.h"
#include "tests/support/catch.h"
#include "tests/support/file_helpers.h"
#include "tests/support/places.h"

using namespace medal;

namespace {

std::string release_1_config() { return content_of(source_folder() / "tests/fixtures/release_1/tiny/config.toml"); }

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// Every option by its path.
std::map<std::string, std::string> texts_of(Config config) {
  std::map<std::string, std::string> texts;
  describe_sections(config, [&](const std::string& section, auto& options) {
    const auto collect = [&](const Field& field, auto& value) {
      texts[section + "." + std::string(field.name)] = value_text(field, value);
    };
    if constexpr (std::is_same_v<std::decay_t<decltype(options)>, TaskDistribution>)
      describe(options.base, collect);
    else
      describe(options, collect);
  });
  return texts;
}

/// What `text` says as a file that a program of that version wrote.
Config written_by(const std::string& version, const std::string& text) {
  return config_from_toml("program_version = \"" + version + "\"\n" + text, "old.toml");
}

std::string error_of(const std::string& text) {
  return user_error_of([&] { written_by("9.0.0", text); });
}

}  // namespace

TEST_CASE("a config of release one means what it meant: presets changed nothing in it, nor do options that are newer") {
  const Config config = config_from_toml(release_1_config(), "config.toml");
  CHECK(config.run.learners == 12);
  CHECK(texts_of(config).at("learner.order_weight") == "3.0");
  CHECK(config.network.encoder_size == 16);
  CHECK(config.network.ray_queries == 2);
  CHECK(config.network.trunk_size == 12);     // head_size then
  CHECK(config.network.auxiliary_size == 8);  // attention_size then
  CHECK(config.adr.enabled);
  CHECK(config.adr.settings["queue_length"] == 5);
  REQUIRE(config.task.knobs.size() == 2);
  CHECK(config.task.knobs[0].knob == "bumpiness");
  CHECK(config.task.knobs[0].high == 0.5);
  CHECK(config.task.base.presence == PresenceKind::markov);
  CHECK(config.evaluation.tasks == 8);
}

TEST_CASE("a program's file means by what it leaves out what programs did before they knew it") {
  Config nothing = written_by("0.1.0", ""), older;
  describe_sections(older, [](const char*, auto& options) {
    if constexpr (std::is_same_v<std::decay_t<decltype(options)>, TaskDistribution>)
      set_older_values(options.base);
    else
      set_older_values(options);
  });
  CHECK(texts_of(nothing) == texts_of(older));
  CHECK(texts_of(older).at("learner.order_weight") == "3.0");
}

TEST_CASE("a person's file means by what it leaves out what is the default today") {
  const Config config = config_from_toml("[task]\ngoals = 4\n", "mine.toml");
  const auto texts = texts_of(config), defaults = texts_of(default_config());
  CHECK(texts.at("learner.order_weight") == defaults.at("learner.order_weight"));
  CHECK(config.task.base.goals == 4);
}

TEST_CASE("a file that extends another is a person's, whatever it began as") {
  const Config config = written_by("0.1.0", "extends = \"smoke\"\n");
  CHECK(config.task.base.goals == 3);
  CHECK(config.run.learners == 64);
}

TEST_CASE("what a program writes says who wrote it, and lies under overrides as any file does") {
  const std::string text = config_to_toml(default_config());
  CHECK(contains(text, "\nprogram_version = \"" + program_version() + "\"\n"));
  CHECK(config_from_toml(text, "config.toml", {"task.goals=7"}).task.base.goals == 7);
}

TEST_CASE("what a program wrote and this one does not know is told with the option and who wrote it") {
  const std::string option = error_of("[learner]\nsurprise_weight = 2.0\n");
  CHECK(contains(option, "old.toml:3: learner.surprise_weight is not known here"));
  const std::string knob = error_of("[task]\nwind = 3.0\n"), held_out = error_of("[evaluation.task]\nwind = 3.0\n");
  CHECK(contains(knob, "task.wind is not known here"));
  CHECK(contains(held_out, "evaluation.task.wind is not known here"));
  const std::string section = error_of("[weather]\nwind = 3.0\n"), loose = error_of("wind = 3.0\n");
  CHECK(contains(section, "[weather] is not known here"));
  CHECK(contains(loose, "'wind' is not known here"));
  for (const std::string& error : {option, knob, held_out, section, loose})
    CHECK(contains(error, "medal 9.0.0 wrote it"));
  // Of release one, whose files say so in their first line alone.
  const std::string first = release_1_config().substr(0, release_1_config().find('\n') + 1);
  const std::string old = user_error_of([&] { config_from_toml(first + "[task]\nwind = 3.0\n", "old.toml"); });
  CHECK(contains(old, "medal 0.1.0 wrote it"));
}

TEST_CASE("the version of a program is text") {
  CHECK(contains(user_error_of([] { config_from_toml("program_version = 2\n", "mine.toml"); }), "mine.toml:1: "));
}
