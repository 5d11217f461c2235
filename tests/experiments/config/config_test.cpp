#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <type_traits>
#include <vector>

#include "agents/memory/memories.h"
#include "experiments/config/config_file.h"
#include "experiments/config/config_knobs.h"
#include "experiments/config/config_text.h"
#include "tests/support/catch.h"
#include "tests/support/file_helpers.h"

using namespace medal;
namespace fs = std::filesystem;

namespace {

/// Every option by its path, as numbers and texts that compare exactly.
template <class Options>
void collect(const std::string& section, Options options, std::map<std::string, std::string>& out) {
  describe(options, [&](const Field& field, auto& member) {
    std::ostringstream text;
    text.precision(17);
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(member)>, std::vector<float>>)
      for (const float value : member) text << value << ' ';
    else
      text << member;
    out[section + "." + std::string(field.name)] = text.str();
  });
}

void collect(const std::string& section, const TaskDistribution& task, std::map<std::string, std::string>& out) {
  collect(section, task.base, out);
}

std::map<std::string, std::string> options_of(Config config) {
  std::map<std::string, std::string> out;
  describe_sections(config, [&](const char* name, auto& options) { collect(name, options, out); });
  return out;
}

void check_same(const Config& a, const Config& b) {
  CHECK(options_of(a) == options_of(b));
  CHECK(a.task.knobs == b.task.knobs);
  CHECK(a.evaluation_task.knobs == b.evaluation_task.knobs);
  CHECK(a.task.base == b.task.base);
  CHECK(a.evaluation_task.base == b.evaluation_task.base);
}

Config with_overrides(const std::vector<std::string>& overrides) { return config_from_toml("", "test", overrides); }

const KnobDistribution& only_knob(const TaskDistribution& task) {
  REQUIRE(task.knobs.size() == 1);
  return task.knobs[0];
}

fs::path write(const fs::path& file, const std::string& text) {
  std::ofstream(file) << text;
  return file;
}

}  // namespace

TEST_CASE("every written config reads back as the same config") {
  for (const std::string& preset : preset_names()) {
    INFO(preset);
    const fs::path name = preset;
    const Config config = load_config(&name, {});
    const std::string text = config_to_toml(config);
    const Config again = config_from_toml(text, "written");
    check_same(config, again);
    CHECK(config_to_toml(again) == text);
  }
  check_same(default_config(), config_from_toml(config_to_toml(default_config()), "written"));
}

TEST_CASE("a config with every kind of value survives writing and reading, bit for bit") {
  const Config config = with_overrides(
      {"learner.learning_rate=0.00012345678901234567", "task.bumpiness=0.1", "run.steps=123456789012345",
       "lidar.pitches=[0.1,-33.3,7]", "run.device=cuda:1", "network.memory=none", "adr.queue_length=7",
       "task.penalty={from=0.1,to=1,begin=1e6,end=3e6}", "task.arena_size={low=10.3,high=20}",
       "task.goals={low=4,high=6}", "task.expert_speed={adr_low=0.9,adr_high=1,low=0.5,high=1,step=0.07}",
       "task.presence=bernoulli", "task.reward_rule=ndousse"});
  const Config again = config_from_toml(config_to_toml(config), "written");
  check_same(config, again);
  CHECK(again.run.steps == 123456789012345);
  CHECK(again.learner.learning_rate == 0.00012345678901234567);
  CHECK(again.task.base.bumpiness == 0.1F);
  CHECK(again.run.device == "cuda:1");
  CHECK(again.network.memory == memory_kind("none"));
  CHECK(again.environment.lidar.pitches == std::vector<float>{0.1F, -33.3F, 7.0F});
  CHECK(again.task.base.presence == PresenceKind::bernoulli);
  CHECK(again.task.base.reward_rule == RewardRuleKind::ndousse);
}

TEST_CASE("the written config holds every key below a comment with its unit and range") {
  const std::string text = config_to_toml(default_config());
  CHECK(text.find("[run]") != std::string::npos);
  CHECK(text.find("[evaluation.task]") != std::string::npos);
  CHECK(text.find("# Side of the square arena. (8 .. 32 m)\narena_size = 20.0\n") != std::string::npos);
  CHECK(text.find("(bins or gaussian)\naction_head = \"bins\"\n") != std::string::npos);
  for (const auto& [path, value] : options_of(default_config())) {
    const std::string key = path.substr(path.rfind('.') + 1);
    CHECK(text.find("\n" + key + " = ") != std::string::npos);
  }
}

TEST_CASE("the help lists every key with its default and range") {
  const std::string help = options_help();
  for (const auto& [path, value] : options_of(default_config()))
    if (!path.starts_with("evaluation.task.")) CHECK(help.find("  " + path + " = ") != std::string::npos);
  CHECK(help.find("task.bumpiness = 0.6    (0 .. 2 m)") != std::string::npos);
}

TEST_CASE("a plain value fixes a knob, an inline table makes it vary, the last one given wins") {
  CHECK(with_overrides({"task.goals=4"}).task.knobs.empty());
  const Config schedule = with_overrides({"task.penalty={from=0.6,to=1,begin=0,end=1e6}"});
  CHECK(only_knob(schedule.task) ==
        KnobDistribution{"penalty", KnobDistribution::Kind::schedule, 0.6, 1.0, 0, 1e6, 0, 0, 0});
  const Config range = with_overrides({"task.arena_size = { low = 10, high = 20 }"});
  CHECK(only_knob(range.task) == KnobDistribution{"arena_size", KnobDistribution::Kind::range, 10, 20, 0, 0, 0, 0, 0});
  const Config adr = with_overrides({"task.bumpiness={adr_low=0,adr_high=0.2,low=0,high=1,step=0.1}"});
  CHECK(only_knob(adr.task) == KnobDistribution{"bumpiness", KnobDistribution::Kind::adr, 0, 1, 0, 0, 0, 0.2, 0.1});
  const Config fixed = with_overrides({"task.penalty={low=0,high=1}", "task.penalty=0.5"});
  CHECK(fixed.task.knobs.empty());
  CHECK(fixed.task.base.penalty == 0.5F);
}

TEST_CASE("a range may move with the steps; held-out tasks have its last form, and it reads back") {
  const Config config =
      with_overrides({"task.expert_speed={from={low=0.7,high=1},to={low=0.9,high=1},begin=1e6,end=2e6}",
                      "task.arena_size={from=14,to={low=20,high=28},begin=0,end=10}"});
  const KnobDistribution& speed = *find_distribution(config.task, "expert_speed");
  CHECK(speed.kind == KnobDistribution::Kind::schedule);
  CHECK(speed.low == 0.7);
  CHECK(speed.from_high == 1.0);
  CHECK(speed.to_high == 1.0);
  const KnobDistribution* held_out = find_distribution(config.evaluation_task, "arena_size");
  REQUIRE(held_out != nullptr);
  CHECK(held_out->kind == KnobDistribution::Kind::range);
  CHECK(held_out->high == 28);
  check_same(config, config_from_toml(config_to_toml(config), "written"));
  CHECK(user_error_of([] {
          with_overrides({"task.expert_speed={from={low=0.7,hihg=1},to=1,begin=0,end=1}"});
        }).find("task.expert_speed.from has no key 'hihg'") != std::string::npos);
  CHECK(user_error_of([] {
          with_overrides({"task.expert_speed={from={low=1,high=0.7},to=1,begin=0,end=1}"});
        }).find("has low above high: swap them") != std::string::npos);
}

TEST_CASE("a choice may be mixed, the evaluation's expert stays perfect, and the mix reads back") {
  const Config config = with_overrides({"task.expert={perfect=3, anti_expert=1}"});
  const KnobDistribution& mix = only_knob(config.task);
  CHECK(mix.kind == KnobDistribution::Kind::mix);
  CHECK(mix.weights[static_cast<std::size_t>(ExpertKind::perfect)] == 3);
  CHECK(mix.weights[static_cast<std::size_t>(ExpertKind::anti_expert)] == 1);
  CHECK(config.evaluation_task.knobs.empty());
  CHECK(config.evaluation_task.base.expert == ExpertKind::perfect);
  const std::string text = config_to_toml(config);
  CHECK(text.find("\nexpert = {perfect = 3.0, anti_expert = 1.0}\n") != std::string::npos);
  CHECK(only_knob(config_from_toml(text, "written").task) == mix);
  const Config later = with_overrides({"task.expert={perfect=3, anti_expert=1, begin=5e6}"});
  CHECK(only_knob(later.task).begin == 5e6);
  CHECK(only_knob(config_from_toml(config_to_toml(later), "written").task) == only_knob(later.task));
}

TEST_CASE("an ADR knob without a step moves by a tenth of its limits") {
  CHECK(only_knob(with_overrides({"task.bumpiness={adr_low=0,adr_high=0,low=0,high=2}"}).task).step == 0.2);
}

TEST_CASE("the order in which knobs are given does not matter") {
  const Config one = with_overrides({"task.penalty={low=0,high=1}", "task.arena_size={low=10,high=12}"});
  const Config two =
      with_overrides({"task.arena_size=30", "task.arena_size={low=10,high=12}", "task.penalty={low=0,high=1}"});
  check_same(one, two);
  CHECK(one.task.knobs[0].knob == "arena_size");
}

TEST_CASE("whole floats are taken for integers, and integers for floats") {
  const Config config = with_overrides({"run.steps=12e6", "task.arena_size=14", "run.learners=64.0"});
  CHECK(config.run.steps == 12'000'000);
  CHECK(config.task.base.arena_size == 14.0F);
  CHECK(config.run.learners == 64);
}

TEST_CASE("text needs no quotes in an override but may have them") {
  CHECK(with_overrides({"network.memory=none"}).network.memory == memory_kind("none"));
  CHECK(with_overrides({"network.memory = \"none\""}).network.memory == memory_kind("none"));
  CHECK(with_overrides({"run.device=cuda:3"}).run.device == "cuda:3");
}

TEST_CASE("evaluation follows from training at full difficulty, at penalty 1") {
  const Config config =
      with_overrides({"task.penalty={from=0.6,to=0.8,begin=0,end=10}", "task.arena_size={low=10,high=20}",
                      "task.bumpiness={adr_low=0,adr_high=0.2,low=0,high=1,step=0.1}", "task.goals=6",
                      "task.episode_seconds={from=10,to=40,begin=0,end=10}",
                      "task.expert_speed={adr_low=0.9,adr_high=1,low=0.5,high=1,step=0.1}"});
  const TaskDistribution& evaluation = config.evaluation_task;
  CHECK(evaluation.base.penalty == 1.0F);
  CHECK(evaluation.base.goals == 6);
  CHECK(evaluation.base.episode_seconds == 40.0F);
  REQUIRE(evaluation.knobs.size() == 3);
  using Kind = KnobDistribution::Kind;
  CHECK(evaluation.knobs[0] == KnobDistribution{"arena_size", Kind::range, 10, 20, 0, 0, 0, 0, 0});
  CHECK(evaluation.knobs[1] == KnobDistribution{"bumpiness", Kind::range, 0.5, 1, 0, 0, 0, 0, 0});
  CHECK(evaluation.knobs[2] == KnobDistribution{"expert_speed", Kind::range, 0.5, 0.75, 0, 0, 0, 0, 0});
}

TEST_CASE("what [evaluation.task] gives wins, whatever the order") {
  const Config config =
      with_overrides({"evaluation.task.bumpiness=0.3", "evaluation.task.arena_size={low=12,high=14}",
                      "evaluation.task.penalty=0.5", "task.bumpiness={low=0,high=2}", "task.arena_size=30"});
  CHECK(config.evaluation_task.base.bumpiness == 0.3F);
  CHECK(config.evaluation_task.base.penalty == 0.5F);
  CHECK(only_knob(config.evaluation_task).low == 12);
  CHECK(config.task.base.arena_size == 30.0F);
}

TEST_CASE("a file lays its values over what it extends, and overrides lie on top") {
  const TemporaryFolder folder("config");
  write(folder.path / "base.toml", "extends = \"quick\"\n[task]\nbumpiness = 0.125\ngoals = 6\n[run]\nseed = 5\n");
  const fs::path file = write(folder.path / "mine.toml", "extends = \"base.toml\"\n[task]\ngoals = 7\n");
  const Config config = load_config(&file, {"run.seed=9"});
  CHECK(config.task.base.arena_size == 14.0F);  // quick's
  CHECK(config.task.base.bumpiness == 0.125F);
  CHECK(config.task.base.goals == 7);
  CHECK(config.run.seed == 9);
  std::vector<std::string> knobs;
  for (const auto& knob : config.task.knobs) knobs.push_back(knob.knob);
  CHECK(std::find(knobs.begin(), knobs.end(), "expert_speed") != knobs.end());  // quick's too
  CHECK(std::find(knobs.begin(), knobs.end(), "bumpiness") == knobs.end());
}

TEST_CASE("without a file the quick preset is read") {
  const fs::path quick = "quick";
  check_same(load_config(nullptr, {}), load_config(&quick, {}));
}

TEST_CASE("the presets hold what they are named for") {
  CHECK(preset_names() == std::vector<std::string>{"medal", "medal_adr", "quick", "smoke", "speedrun"});
  const auto preset = [](const fs::path& name) { return load_config(&name, {}); };
  const Config quick = preset("quick");
  for (const char* name : {"quick", "medal", "medal_adr"}) {
    INFO(name);
    Config config = preset(name);
    CHECK(memory_names()[static_cast<std::size_t>(config.network.memory)].starts_with("events"));  // episodic
    CHECK(config.learner.heads["order_weight"] == 0);  // nobody tells the order
    CHECK(config.evaluation_task.base.penalty == 1.0F);
    CHECK(config.evaluation_task.base.colours == Colouring::random);
    CHECK(config.evaluation_task.base.expert == ExpertKind::perfect);
    CHECK(config.evaluation_task.base.episode_seconds == 60.0F);
    REQUIRE(find_distribution(config.evaluation_task, "expert_speed") != nullptr);
    CHECK(find_distribution(config.evaluation_task, "expert_speed")->low == 0.7);
    CHECK(find_distribution(config.evaluation_task, "goals") != nullptr);
  }
  CHECK_FALSE(quick.adr.enabled);
  const Config medal = preset("medal");
  CHECK(medal.evaluation_task.base.arena_size == 20.0F);
  CHECK(medal.evaluation_task.base.upright_density == 0.0F);
  CHECK(preset("medal_adr").adr.enabled);
  CHECK(preset("smoke").task.base.goals == 3);
  CHECK(preset("smoke").run.steps < 1'000'000);
}

TEST_CASE("an empty file is all defaults") {
  const TemporaryFolder folder("config");
  const fs::path file = write(folder.path / "empty.toml", "");
  check_same(load_config(&file, {}), default_config());
}

TEST_CASE("mistakes in a config text are told with line, key and mend") {
  struct Row {
    const char* text;
    std::vector<const char*> expected;
  };
  const std::vector<Row> rows = {
      // Names.
      {"[run]\nseed = 1\n[tsk]\ngoals = 5\n", {"test.toml:3: ", "no section [tsk]", "nearest is [task]"}},
      {"[task]\n\npenalti = 1\n", {"test.toml:3: ", "no key 'penalti'", "nearest is 'penalty'"}},
      {"[lidar]\nazimuth = 16\n", {"test.toml:2: ", "nearest is 'azimuths'"}},
      {"[run]\nazimuths = 16\n", {"test.toml:2: ", "did you mean lidar.azimuths?"}},
      {"seed = 1\n", {"test.toml:1: ", "'seed' is in no section", "run.seed"}},
      {"learner = 1\n", {"test.toml:1: ", "'learner' is in no section", "run.learners"}},
      {"[evaluation]\ntask = 5\n", {"test.toml:2: ", "no key 'task'", "nearest is 'tasks'"}},
      {"[evaluation.task]\ngaols = 5\n", {"test.toml:2: ", "section [evaluation.task]", "'goals'"}},
      // Types.
      {"[task]\ngoals = \"five\"\n", {"test.toml:2: task.goals must be a whole number in 3 .. 8, not \"five\""}},
      {"[task]\ngoals = 4.5\n", {"test.toml:2: ", "whole number", "not 4.5"}},
      {"[task]\nbumpiness = true\n", {"test.toml:2: ", "must be a number in 0 .. 2 m, not true"}},
      {"[adr]\nenabled = 1\n", {"test.toml:2: adr.enabled must be true or false, not 1"}},
      {"[run]\ndevice = 3\n", {"test.toml:2: run.device must be text, not 3"}},
      {"[run]\nseed = {low = 1, high = 2}\n", {"test.toml:2: ", "not a table"}},
      {"[run]\nseed = 2020-01-01\n", {"test.toml:2: ", "not a date or time"}},
      {"[lidar]\npitches = 3\n", {"test.toml:2: ", "must be a list"}},
      {"[lidar]\npitches = []\n", {"test.toml:2: ", "must be a list"}},
      {"[lidar]\npitches = [0, \"up\"]\n", {"test.toml:2: ", "every number in -89 .. 89 deg, not \"up\""}},
      {"[network]\naction_head = \"bims\"\n", {"must be bins or gaussian, not \"bims\"", "nearest is 'bins'"}},
      {"[network]\naction_head = 1\n", {"must be bins or gaussian, not 1"}},
      // Ranges.
      {"[task]\n# high\narena_size = 100\n", {"test.toml:3: task.arena_size", "in 8 .. 32 m, not 100"}},
      {"[learner]\ndiscount = -0.1\n", {"test.toml:2: learner.discount", "in 0 .. 1, not -0.1"}},
      {"[learner]\ndiscount = nan\n", {"test.toml:2: learner.discount", "in 0 .. 1, not nan"}},
      {"[run]\nseed = 99999999999\n", {"test.toml:2: run.seed", "not 99999999999"}},
      {"[lidar]\npitches = [0, 120]\n", {"-89 .. 89 deg, not 120"}},
      // Distributions.
      {"[task]\npenalty = {low = 2, high = 1}\n", {"test.toml:2: task.penalty has low above high"}},
      {"[task]\npenalty = {low = 2}\n", {"test.toml:2: task.penalty lacks 'high'"}},
      {"[task]\npenalty = {low = 0, high = 9}\n", {"task.penalty.high must be a number in 0 .. 3, not 9"}},
      {"[task]\npenalty = {low = 0, hihg = 1}\n", {"has no key 'hihg', the nearest is 'high'"}},
      {"[task]\npenalty = {low = 0, high = 1, begin = 3}\n", {"cannot mix 'begin'"}},
      {"[task]\npenalty = {from = 1, to = 2, begin = 5, end = 3}\n", {"test.toml:2: ", "begin after end"}},
      {"[task]\npenalty = {from = 1, to = 2, begin = 5}\n", {"lacks 'end'"}},
      {"[task]\nexpert = {low = 0, high = 1}\n", {"task.expert has no choice 'high'", "noisy", "{CHOICE = WEIGHT"}},
      {"[task]\nexpert = {perfect = 0}\n", {"test.toml:2: task.expert needs a weight above 0"}},
      {"[task]\nexpert = {perfect = -1}\n", {"task.expert.perfect must be a number in 0 .. 1e+06"}},
      {"[evaluation.task]\nexpert = {prefect = 1}\n", {"nearest is 'perfect'"}},
      {"[task]\nbumpiness = {adr_low = 0.5, adr_high = 0.2, low = 0, high = 1}\n",
       {"low <= adr_low <= adr_high <= high"}},
      {"[task]\nbumpiness = {adr_low = 0, adr_high = 1, low = 0, high = 1}\n", {"nothing to widen"}},
      {"[task]\nbumpiness = {adr_low = 0, adr_high = 0, low = 0, high = 1, step = 0}\n", {"step above 0"}},
      {"[evaluation.task]\npenalty = {from = 0, to = 1, begin = 0, end = 9}\n", {"must be a value or {low, high}"}},
      // Contradictions.
      {"[run]\nlearners = 130\n", {"test.toml:2: run.learners", "multiple of environment.learners_per_world (4)"}},
      {"[environment]\nlearners_per_world = 5\n",
       {"test.toml:2: environment.learners_per_world", "run.learners (128)"}},
      {"[learner]\nminibatches = 200\n", {"test.toml:2: learner.minibatches is 200", "run.learners is 128"}},
      {"[adr]\nenabled = true\n", {"test.toml:2: adr.enabled", "no knob of [task] is left to ADR"}},
      {"extends = \"medal_adr\"\n[environment]\nlearners_per_world = 2\n", {"test.toml:3: ", "must be 3 or more"}},
      {"[adr]\nlow_threshold = 0.9\n", {"test.toml:2: adr.low_threshold", "adr.high_threshold"}},
      {"[run]\ndevice = \"gpu\"\n", {"test.toml:2: run.device must be cpu, cuda or cuda:N, not 'gpu'"}},
      {"[run]\ndevice = \"cuda:x\"\n", {"cuda:N"}},
      // Files.
      {"[run\nseed = 1\n", {"test.toml:1:", "malformed TOML"}},
      {"[run]\nseed = 1\nseed = 2\n", {"test.toml:3:", "malformed TOML"}},
      {"[run]\n\nseed = = 2\n", {"test.toml:3:8: malformed TOML"}},
      {"extends = \"quikc\"\n", {"test.toml:1: no preset or config file is called 'quikc'", "'quick'"}},
      {"extends = \"there/is/none.toml\"\n", {"test.toml:1: no config file 'there/is/none.toml'"}},
      {"extends = 3\n", {"test.toml:1: extends must be a preset or a path"}},
  };
  for (const Row& row : rows) {
    const std::string message = user_error_of([&] { config_from_toml(row.text, "test.toml"); });
    INFO(row.text);
    INFO(message);
    CHECK(message.find('\n') == std::string::npos);
    for (const char* expected : row.expected) CHECK(message.find(expected) != std::string::npos);
  }
}

TEST_CASE("mistakes in an override are told with the override") {
  const std::vector<std::pair<std::string, std::string>> rows = {
      {"task.goals", "--set task.goals: write it as SECTION.KEY=VALUE"},
      {"=3", "write it as SECTION.KEY=VALUE"},
      {"goals=3", "--set goals=3: 'goals' is in no section; did you mean task.goals?"},
      {"task.goals=", "--set task.goals=: the value is malformed TOML: it is empty"},
      {"task.goals=9", "--set task.goals=9: task.goals must be a whole number in 3 .. 8, not 9"},
      {"task.gaols=5", "--set task.gaols=5: section [task] has no key 'gaols'; the nearest is 'goals'"},
      {"taks.goals=5", "no section [taks]; the nearest is [task]"},
      {"evaluation.task.gaols=5", "section [evaluation.task] has no key 'gaols'"},
      {"task.penalty={low=0", "--set task.penalty={low=0: the value is malformed TOML"},
      {"lidar.pitches=[0", "malformed TOML"},
      {"network.action_head=beta", "must be bins or gaussian, not \"beta\""},
      {"run.learners=130", "--set run.learners=130: run.learners does not fit"},
      {"task.goals=5\ntask.penalty=1", "task.goals must be a whole number"},
      {"run..seed=1", "section [run] has no key ''"},
      {"task.expert=agent", "--set task.expert=agent: task.expert is agent, but nobody says which; set environment."},
      {"task.expert={perfect=1,agent=1}", "task.expert is agent, but nobody says which"},
      {"evaluation.task.expert=agent", "evaluation.task.expert is agent, but nobody says which"},
      {"environment.expert_agent=medal", "environment.expert_agent plays nowhere; set task.expert"},
  };
  for (const auto& [assignment, expected] : rows) {
    const std::string message = user_error_of([&] { with_overrides({assignment}); });
    INFO(message);
    CHECK(message.find('\n') == std::string::npos);
    CHECK(message.find(expected) != std::string::npos);
  }
}

TEST_CASE("a missing, unreadable or circular config file is told by name") {
  const TemporaryFolder folder("config");
  const auto message_of = [](const fs::path& file) { return user_error_of([&] { load_config(&file, {}); }); };
  CHECK(message_of("qiuck").find("no preset or config file is called 'qiuck'; the nearest preset is 'quick'") !=
        std::string::npos);
  CHECK(message_of(folder.path / "medal.tml").find("medal.tml'; the nearest preset is 'medal'") != std::string::npos);
  CHECK(message_of(folder.path).find("cannot read the file '" + folder.path.string()) != std::string::npos);
  const fs::path first = write(folder.path / "first.toml", "extends = \"second.toml\"\n");
  write(folder.path / "second.toml", "\nextends = \"first.toml\"\n");
  const std::string circle = message_of(first);
  CHECK(circle.find("second.toml:2: extends goes in a circle") != std::string::npos);
}
