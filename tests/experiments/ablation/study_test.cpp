#include "experiments/ablation/study.h"

#include "experiments/config/config_file.h"
#include "tests/support/catch.h"
#include "tests/support/file_helpers.h"
#include "tests/support/places.h"

using namespace medal;
namespace fs = std::filesystem;

namespace {

fs::path write(const fs::path& file, const std::string& text) {
  std::ofstream(file) << text;
  return file;
}

/// What load_study says about a study file with that text.
std::string error_of(const std::string& text) {
  const TemporaryFolder folder("study");
  return user_error_of([&] { load_study(write(folder.path / "s.toml", text)); });
}

void names(const std::string& message, const std::vector<std::string>& parts) {
  INFO(message);
  for (const std::string& part : parts) {
    INFO("must name " << part);
    CHECK(message.find(part) != std::string::npos);
  }
  CHECK(message.find('\n') == std::string::npos);
}

constexpr const char* kTwoWorlds = R"(config = "smoke"
seeds = [3, 1]
set = ["run.steps=4e3", "task.goals=4"]

[[group]]
name = "hilly"
title = "Hills"
config = "hills.toml"
set = ["task.goals=5"]

[[group]]
name = "flat"

[[arm]]
name = "zebra"
title = "Zebra: full"
group = "flat"

[[arm]]
name = "ant"
group = "hilly"
set = ["network.memory=none", "task.goals=6", "evaluation.task.goals=5"]

[[arm]]
name = "bee"
group = "hilly"
)";

}  // namespace

TEST_CASE("an arm's config is the study's, then its group's, then its own") {
  const TemporaryFolder folder("study");
  write(folder.path / "hills.toml", "extends = \"smoke\"\n[task]\nbumpiness = 0.5\n");
  const Study study = load_study(write(folder.path / "two-worlds.toml", kTwoWorlds));
  CHECK(study.name == "two-worlds");
  CHECK(study.seeds == std::vector<int>{3, 1});
  REQUIRE(study.groups.size() == 2);
  CHECK(study.groups[0].title == "Hills");
  CHECK(study.groups[1].title == "flat");
  REQUIRE(study.arms.size() == 3);

  const StudyArm &zebra = study.arms[0], &ant = study.arms[1];
  CHECK(zebra.name == "zebra");  // in the file's order
  CHECK(zebra.title == "Zebra: full");
  CHECK(zebra.group == 1);
  CHECK(zebra.config == "smoke");
  CHECK(ant.config == "hills.toml");
  CHECK(ant.title == "ant");
  CHECK(ant.steps == 4000);
  CHECK(run_name(study, ant, 3) == "two-worlds-ant-3");

  const Config config = load_config(&ant.config_file, run_overrides(ant, 3));
  CHECK(config.run.seed == 3);
  CHECK(config.task.base.goals == 6);
  CHECK(config.task.base.bumpiness == 0.5F);
  CHECK(config.network.memory == memory_kind("none"));
  CHECK(load_config(&study.arms[2].config_file, study.arms[2].overrides).task.base.goals == 5);
  CHECK(load_config(&zebra.config_file, zebra.overrides).task.base.goals == 4);
}

TEST_CASE("an arm's teacher is an earlier arm's agent of the same seed, in the expert's seat") {
  const std::string arms =
      "seeds = [4]\nconfig = \"smoke\"\n[[arm]]\nname = \"old\"\n[[arm]]\nname = \"young\"\nteacher = ";
  const TemporaryFolder folder("study");
  const Study study = load_study(write(folder.path / "lines.toml", arms + "\"old\"\n"));
  const Config young = load_config(&study.arms[1].config_file, run_overrides(study.arms[1], 4));
  CHECK(young.task.base.expert == ExpertKind::agent);
  CHECK(young.environment.expert_agent == run_name(study, study.arms[0], 4));
  CHECK(young.evaluation_task.base.expert == ExpertKind::perfect);  // judged as all are
  CHECK(run_overrides(study.arms[0], 4).back() == "run.seed=4");
  names(error_of(arms + "\"young\"\n"), {"s.toml:5", "'young'", "earlier arm"});
}

TEST_CASE("a study without groups needs none to be named") {
  const TemporaryFolder folder("study");
  const Study study = load_study(write(folder.path / "s.toml", "seeds = [1]\n[[arm]]\nname = \"a\"\n"));
  CHECK(study.groups.size() == 1);
  CHECK(study.arms.at(0).config == kDefaultPreset);
}

TEST_CASE("every mistake in a study file is one line with file, line, key and mend") {
  const std::string seeds = "seeds = [1]\n", arm = "[[arm]]\nname = \"a\"\n";
  names(error_of("seeds = [1]\nset = = 4\n"), {"s.toml:2", "malformed TOML"});
  names(error_of(arm), {"s.toml", "seeds = [1, 2, 3]"});
  names(error_of("seeds = 3\n" + arm), {"s.toml:1", "seeds", "list"});
  names(error_of("seeds = [1, 2, 1]\n" + arm), {"s.toml:1", "seeds", "1 twice"});
  names(error_of("seeds = [-1]\n" + arm), {"s.toml:1", "seeds", "-1"});
  names(error_of("seedz = [1]\n" + arm), {"s.toml:1", "seedz", "'seeds'"});
  names(error_of(seeds), {"[[arm]]"});
  names(error_of(seeds + "[arm]\nname = \"a\"\n"), {"s.toml:2", "arm", "[[arm]]"});
  names(error_of(seeds + "[[arm]]\ntitle = \"A\"\n"), {"s.toml:2", "name"});
  names(error_of(seeds + "[[arm]]\nname = \"a-b\"\n"), {"s.toml:2", "a-b", "letters, digits and _"});
  names(error_of(seeds + arm + arm), {"s.toml:4", "arm 'a'", "already"});
  names(error_of(seeds + arm + "sett = []\n"), {"s.toml:4", "sett", "'set'"});
  names(error_of(seeds + arm + "set = [3]\n"), {"s.toml:4", "set", "text"});
  names(error_of(seeds + arm + "set = [\"task.gaols=4\"]\n"), {"s.toml:2", "arm 'a'", "gaols", "'goals'"});
  names(error_of(seeds + arm + "set = [\"task.goals\"]\n"), {"s.toml:4", "SECTION.KEY=VALUE"});
  names(error_of(seeds + arm + "set = [\n\"task.goals=4\",\n\"run.seed=4\"]\n"), {"s.toml:6", "run.seed", "seeds"});
  names(error_of(seeds + arm + "set = [\"run.minutes=4\"]\n"), {"s.toml:4", "run.minutes", "--minutes"});
  names(error_of("config = \"quikc\"\n" + seeds + arm), {"s.toml:3", "quikc", "'quick'"});
  names(error_of(seeds + arm + "group = \"g\"\n"), {"s.toml:2", "'g'", "[[group]]"});
  const std::string group = "[[group]]\nname = \"flat\"\n";
  names(error_of(seeds + group + arm), {"s.toml:4", "group = \"flat\""});
  names(error_of(seeds + group + arm + "group = \"flt\"\n"), {"s.toml:4", "flt", "'flat'"});
  names(error_of(seeds + group + "[[group]]\nname = \"b\"\n" + arm + "group = \"b\"\n"), {"flat", "remove the group"});
}

TEST_CASE("what a study's runs are judged by besides is checked before any is trained") {
  const std::string arm = "seeds = [1]\n[[arm]]\nname = \"a\"\n", noisy = "[[evaluation]]\nname = \"noisy\"\n";
  names(error_of(arm + "[[evaluation]]\ntitle = \"N\"\n"), {"s.toml:4", "name"});
  names(error_of(arm + noisy + noisy), {"s.toml:6", "'noisy'", "already"});
  names(error_of(arm + noisy + "set = [\"task.goals=4\"]\n"), {"s.toml:4", "task.goals=4", "evaluation.task"});
  names(error_of(arm + noisy + "set = [\"evaluation.task.gaols=4\"]\n"), {"s.toml:4", "noisy", "'goals'"});
  names(error_of(arm + "[[evaluation]]\nname = \"logs\"\n"), {"s.toml:4", "logs", "another name"});
  const TemporaryFolder folder("study");
  const Study study = load_study(
      write(folder.path / "s.toml", arm + noisy + "title = \"Noisy\"\nset = [\"evaluation.task.expert=noisy\"]\n"));
  REQUIRE(study.evaluations.size() == 1);
  CHECK(study.evaluations[0].title == "Noisy");
  CHECK(study.evaluations[0].overrides == std::vector<std::string>{"evaluation.task.expert=noisy"});
}

TEST_CASE("a study's own name becomes part of file names") {
  const TemporaryFolder folder("study");
  const fs::path file = write(folder.path / "my study.toml", "seeds = [1]\n[[arm]]\nname = \"a\"\n");
  names(user_error_of([&] { load_study(file); }), {"my study", "rename the file"});
}

TEST_CASE("arms of one group must be comparable: the same steps, the same held-out tasks") {
  const std::string first = "seeds = [1]\n[[arm]]\nname = \"a\"\n", second = "[[arm]]\nname = \"b\"\n";
  names(error_of(first + second + "set = [\"run.steps=5\"]\n"), {"s.toml:4", "arm 'b'", "run.steps = 5", "arm 'a'"});
  names(error_of(first + second + "set = [\"evaluation.task.crossings=2\"]\n"),
        {"s.toml:4", "arm 'b'", "evaluation.task.crossings = 2"});
  names(error_of(first + second + "set = [\"evaluation.tasks=4\"]\n"), {"s.toml:4", "evaluation.tasks = 4"});
  // Every held-out task is played under full, half and solo presence, whatever training shows.
  CHECK(error_of(first + second + "set = [\"task.presence=full\"]\n") == "(no error)");
  const std::string groups = "[[group]]\nname = \"x\"\n[[group]]\nname = \"y\"\n";
  CHECK(error_of("seeds = [1]\n" + groups + "[[arm]]\nname = \"a\"\ngroup = \"x\"\n" +
                 "[[arm]]\nname = \"b\"\ngroup = \"y\"\nset = [\"run.steps=5\", \"task.crossings=2\"]\n") ==
        "(no error)");
}

TEST_CASE("an arm that trains in another world is judged in its group's") {
  const TemporaryFolder folder("study");
  const Study study =
      load_study(write(folder.path / "s.toml",
                       "config = \"quick\"\nseeds = [1]\n[[arm]]\nname = \"many\"\n[[arm]]\nname = \"five\"\n"
                       "set = [\"task.goals=5\", \"task.arena_size={low=10,high=12}\"]\n"));
  const StudyArm& five = study.arms[1];
  CHECK(five.overrides.size() == 2);  // what results are known by
  const Config config = load_config(&five.config_file, run_overrides(five, 1));
  CHECK(config.task.base.goals == 5);
  const Config many = load_config(&study.arms[0].config_file, run_overrides(study.arms[0], 1));
  CHECK(config.evaluation_task.base.arena_size == many.evaluation_task.base.arena_size);
  CHECK(config.evaluation_task.knobs == many.evaluation_task.knobs);
}

TEST_CASE("the studies that are kept with the program are sound") {
  int studies = 0;
  for (const auto& entry : fs::recursive_directory_iterator(source_folder() / "experiments/studies")) {
    if (!entry.is_regular_file()) continue;
    if (content_of(entry.path()).find("[[arm]]") == std::string::npos) continue;  // a config that a study begins from
    INFO(entry.path());
    CHECK_NOTHROW(load_study(entry.path()));
    ++studies;
  }
  CHECK(studies >= 3);
}
