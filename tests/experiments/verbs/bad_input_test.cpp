#include <algorithm>
#include <string>
#include <vector>

#include "agents/recordings/replay.h"
#include "experiments/runs/run_folder.h"
#include "sim/generation/generate_task.h"
#include "tests/support/catch.h"
#include "tests/support/file_helpers.h"
#include "tests/support/program_helpers.h"

using namespace medal;
namespace fs = std::filesystem;

namespace {

struct Row {
  const char* mistake;
  std::vector<std::string> arguments;
  std::vector<std::string> named;  ///< what the message must hold: the thing and the mend
};

const std::vector<Row> kRows = {
    // the command line
    {"no verb", {}, {"subcommand", "--help"}},
    {"an unknown verb", {"trian"}, {"trian", "--help"}},
    {"an unknown flag", {"train", "--sedd", "4"}, {"--sedd", "train --help"}},
    {"zero ranks", {"train", "--ranks", "0"}, {"--ranks", "1"}},
    {"a run name that leaves the folder", {"train", "--run", "../x"}, {"../x", "runs/NAME"}},
    // options
    {"an unknown key", {"train", "--set", "task.gaols=4"}, {"gaols", "goals"}},
    {"an unknown section", {"train", "--set", "tsak.goals=4"}, {"tsak", "task"}},
    {"a key without a value", {"train", "--set", "task.goals"}, {"task.goals"}},
    {"a wrong type", {"train", "--set", "task.goals=many"}, {"task.goals", "many"}},
    {"a number out of range", {"train", "--set", "task.goals=99"}, {"task.goals", "99", "8"}},
    {"an unknown choice", {"train", "--set", "task.expert=perfct"}, {"task.expert", "perfect"}},
    {"zero steps", {"train", "--steps", "0"}, {"--steps", "1"}},
    {"negative minutes", {"train", "--minutes", "-3"}, {"--minutes", "0"}},
    {"zero learners", {"train", "--set", "run.learners=0"}, {"run.learners", "1"}},
    {"absurdly many learners", {"train", "--set", "run.learners=99999999999"}, {"run.learners"}},
    {"learners that fill no whole world", {"train", "--set", "run.learners=6"}, {"run.learners", "learners_per_world"}},
    {"worlds that cannot be split", {"train", "--set", "run.learners=64", "--ranks", "3"}, {"3 ranks", "--ranks"}},
    {"ADR with too few learners a world",
     {"train", "--config", "medal_adr", "--set", "environment.learners_per_world=2"},
     {"learners_per_world", "3"}},
    {"a range upside down", {"train", "--set", "task.bumpiness={low=1,high=0.5}"}, {"task.bumpiness", "low"}},
    {"a GPU that is not there", {"train", "--device", "cuda:99"}, {"cuda:99", "--device"}},
    {"a device that does not exist", {"train", "--device", "gpu"}, {"gpu", "cpu, cuda"}},
    {"an unknown benchmark", {"bench", "fast"}, {"fast", "lidar"}},
    {"benchmark figures for a folder that is not there",
     {"bench", "lidar", "--json", "nowhere/f.json"},
     {"nowhere", "make it"}},
    {"no tasks to evaluate on", {"eval", "done", "--tasks", "0"}, {"--tasks", "1"}},
    {"a layout that cannot be",
     {"task", "show", "--set", "evaluation.task.goals=8", "--set", "evaluation.task.arena_size=8", "--set",
      "task.goal_spacing=8"},
     {"8 goals", "lower"}},
    // files
    {"an unknown preset", {"train", "--config", "quikc"}, {"quikc", "quick"}},
    {"a config that is not there", {"train", "--config", "no/such.toml"}, {"no/such.toml"}},
    {"a config that is no TOML", {"train", "--config", "broken.toml"}, {"broken.toml:2"}},
    {"a run that exists", {"train", "--run", "done"}, {"runs/done", "--resume"}},
    {"resuming what is not there", {"train", "--resume", "--run", "nothing"}, {"nothing", "--resume"}},
    {"resuming with another config", {"train", "--resume", "--config", "quick"}, {"--config", "--set"}},
    {"resuming a run without checkpoints", {"train", "--resume", "--run", "bare"}, {"runs/bare", "checkpoint"}},
    {"no such checkpoint", {"eval", "nothing"}, {"nothing", "runs/"}},
    {"a truncated checkpoint", {"eval", "truncated.medal"}, {"truncated.medal", "truncated or damaged"}},
    {"a foreign checkpoint", {"eval", "foreign.medal"}, {"foreign.medal", "not a Medal checkpoint"}},
    {"an empty checkpoint", {"info", "empty.medal"}, {"empty.medal", "not a Medal checkpoint"}},
    {"other sensors than the agent's", {"eval", "done", "--set", "lidar.azimuths=8"}, {"lidar.azimuths", "evaluation"}},
    {"another network than the agent's",
     {"train", "--resume", "--run", "done", "--set", "network.memory_size=8", "--steps", "1e6", "--ranks", "2", "--set",
      "run.schedule_steps=2048"},
     {"does not fit this network"}},
    {"a layout that no rank can make",
     {"train", "--ranks", "2", "--set", "task.goals=8", "--set", "task.arena_size=8", "--set", "task.goal_spacing=8"},
     {"8 goals", "lower"}},
    {"a seed beyond all numbers", {"train", "--set", "run.seed=9007199254740993"}, {"run.seed"}},
    {"a result that cannot be written", {"eval", "done", "--tasks", "1", "--json", "empty.medal/x.json"}, {"x.json"}},
    {"a task that cannot be written", {"task", "export", "--out", "empty.medal/x.json"}, {"x.json"}},
    // exported agents
    {"exporting what is not there", {"export", "nothing", "out"}, {"nothing", "runs/"}},
    {"exporting over something else",
     {"export", "done", "runs/bare"},
     {"runs/bare", "something else", "another folder"}},
    {"exporting over a run", {"export", "done", "runs/done"}, {"runs/done", "something else", "another folder"}},
    {"exporting to a file", {"export", "done", "empty.medal"}, {"empty.medal", "no folder"}},
    {"exporting below a file", {"export", "done", "empty.medal/x"}, {"empty.medal/x", "folder"}},
    {"a damaged agent", {"eval", "agents/torn"}, {"agents/torn/agent.medal", "truncated or damaged"}},
    {"a folder without an agent", {"eval", "agents/card"}, {"agents/card", "no checkpoint", "medal export"}},
    {"resuming an exported agent",
     {"train", "--resume", "--run", "agents/done"},
     {"agents/done", "--from agents/done"}},
    {"beginning from nothing", {"train", "--from", "nothing"}, {"nothing", "runs/"}},
    {"beginning anew and going on at once",
     {"train", "--resume", "--run", "done", "--from", "agents/done"},
     {"--from", "--resume"}},
    {"beginning from an agent with other sensors",
     {"train", "--config", "smoke", "--from", "agents/done", "--set", "lidar.azimuths=8", "--ranks", "1"},
     {"observations", "lidar.azimuths", "medal info"}},
    {"beginning from an agent with another network, on two ranks",
     {"train", "--config", "smoke", "--from", "done", "--set", "network.memory_size=8", "--ranks", "2"},
     {"does not fit this network", "[network]", "medal info"}},
    // probes
    {"a probe that is not there", {"eval", "done", "--probe", "no.replay"}, {"no.replay", "replay"}},
    {"a probe that is no replay",
     {"eval", "done", "--probe", "foreign.medal"},
     {"foreign.medal", "not a Medal replay"}},
    {"a truncated probe",
     {"eval", "done", "--probe", "truncated.replay"},
     {"truncated.replay", "truncated or damaged"}},
    {"a probe whose states part", {"eval", "done", "--probe", "parted.replay"}, {"parted.replay", "step 5"}},
    {"a poor demonstration",
     {"eval", "done", "--probe", "whole.replay", "--set", "evaluation.minimum_expert_score=1000"},
     {"whole.replay", "1000", "evaluation.minimum_expert_score"}},
    {"a demonstration at another rate", {"eval", "done", "--probe", "quick.replay"}, {"quick.replay", "control_rate"}},
    {"a folder without recordings", {"eval", "done", "--probe", "runs/bare"}, {"runs/bare", ".replay"}},
    {"a probe for other sensors than the agent's",
     {"eval", "done", "--probe", "whole.replay", "--set", "lidar.azimuths=8"},
     {"lidar.azimuths", "evaluation"}},
    {"no repetitions", {"eval", "done", "--probe", "whole.replay", "--repeats", "0"}, {"--repeats", "1"}},
    {"repetitions of no probe", {"eval", "done", "--repeats", "3"}, {"--repeats", "--probe"}},
    {"held-out tasks beside a probe",
     {"eval", "done", "--probe", "whole.replay", "--tasks", "3"},
     {"--tasks", "--probe"}},
    // studies
    {"a study that is not there", {"ablate", "no.toml"}, {"no.toml", "check the path"}},
    {"a study that is no TOML", {"ablate", "broken.toml"}, {"broken.toml:2"}},
    {"a config for a study", {"ablate", "runs/bare/config.toml"}, {"config.toml:1", "extends"}},
    {"an arm that a study lacks", {"ablate", "study.toml", "--only", "ful"}, {"--only ful", "'full'"}},
    {"an arm on a GPU that is not there", {"ablate", "cuda.toml"}, {"cuda:99"}},
    {"a report of a study without results", {"ablate", "study.toml", "--report-only"}, {"results/study", "no result"}},
    {"results for a place that cannot be",
     {"ablate", "study.toml", "--out", "empty.medal/x"},
     {"empty.medal/x", "--out"}},
    {"no time for a study", {"ablate", "study.toml", "--minutes", "0"}, {"--minutes"}},
    // reports
    {"a report of nothing", {"report", "nothing"}, {"nothing"}},
    {"a report of a run without metrics", {"report", "bare"}, {"metrics.jsonl"}},
};

void write(const fs::path& file, const std::string& text) { std::ofstream(file, std::ios::binary) << text; }

/// A game at another control rate: nobody moves in it.
Replay game_at_30_hertz() {
  EpisodeSpec spec;
  spec.parameters.control_rate = 30;
  spec.steps = 10;
  spec.presence = {PresenceTimeline{}};
  const auto task = std::make_shared<const Task>(generate_task(spec.parameters, spec.seed, spec.geometry_seed));
  const LidarCaster lidar(LidarOptions{});
  Episode episode(spec, task, nullptr, lidar);
  ReplayRecorder recorder(spec);
  const Action still;
  while (!episode.finished()) {
    episode.step(std::span(&still, 1));
    recorder.record(episode, std::span(&still, 1));
  }
  return recorder.replay();
}

void prepare_probes(const fs::path& folder) {
  const fs::path file = RunFolder(folder / "runs/done").newest_replay();
  Replay replay = load_replay(file);
  save_replay(folder / "whole.replay", replay);
  replay.hashes.at(5) ^= 1;
  save_replay(folder / "parted.replay", replay);
  save_replay(folder / "quick.replay", game_at_30_hertz());
  const std::string whole = content_of(file);
  write(folder / "truncated.replay", whole.substr(0, whole.size() / 2));
}

/// A folder with a finished run and all the broken files that the rows name.
void prepare(const fs::path& folder) {
  REQUIRE(run_medal(folder, tiny_training("done", {"--steps", "2048", "--ranks", "1"})).exit_code == 0);
  const std::string whole = content_of(folder / "runs/done/checkpoints/latest");
  write(folder / "truncated.medal", whole.substr(0, whole.size() / 2));
  write(folder / "foreign.medal", "PK\x03\x04 a zip file, say, that is long enough to be one");
  write(folder / "empty.medal", "");
  prepare_probes(folder);
  REQUIRE(run_medal(folder, {"export", "done", "agents/done"}).exit_code == 0);
  fs::copy(folder / "agents/done", folder / "agents/torn");
  write(folder / "agents/torn/agent.medal", whole.substr(0, whole.size() / 2));
  fs::create_directories(folder / "agents/card");
  write(folder / "agents/card/card.json", "{}");
  write(folder / "broken.toml", "[task]\ngoals = = 4\n");
  write(folder / "study.toml", "seeds = [1]\n[[arm]]\nname = \"full\"\n");
  write(folder / "cuda.toml", "seeds = [1]\nset = [\"run.device=cuda:99\"]\n[[arm]]\nname = \"full\"\n");
  fs::create_directories(folder / "runs/bare/checkpoints");
  write(folder / "runs/bare/config.toml", "extends = \"smoke\"\n");
}

void check_is_one_line_of_error(const ChildResult& result) {
  CHECK(result.exit_code == 2);
  CHECK(std::count(result.errors.begin(), result.errors.end(), '\n') == 1);
  CHECK(result.errors.rfind("medal: ", 0) == 0);
}

std::vector<fs::path> runs_in(const fs::path& folder) {
  std::vector<fs::path> runs;
  if (fs::is_directory(folder / "runs"))
    for (const auto& entry : fs::directory_iterator(folder / "runs")) runs.push_back(entry.path().filename());
  std::sort(runs.begin(), runs.end());
  return runs;
}

}  // namespace

TEST_CASE("every mistake of a user is one line that names the thing and the mend, exit code 2, and leaves nothing",
          "[long]") {
  const TemporaryFolder folder("bad_input");
  prepare(folder.path);
  const std::string checkpoint = content_of(folder.path / "runs/done/checkpoints/latest");
  for (const Row& row : kRows) {
    const ChildResult result = run_medal(folder.path, row.arguments);
    INFO(row.mistake << ": " << result.errors);
    check_is_one_line_of_error(result);
    for (const std::string& part : row.named) {
      INFO("must name " << part);
      CHECK(result.errors.find(part) != std::string::npos);
    }
    CHECK(runs_in(folder.path) == std::vector<fs::path>{"bare", "done"});
    CHECK(!fs::exists(folder.path / "out"));
  }
  CHECK(content_of(folder.path / "runs/done/checkpoints/latest") == checkpoint);
}

TEST_CASE("where no folder can be made, training says so and leaves nothing") {
  const TemporaryFolder folder("no_folder");
  write(folder.path / "runs", "a file where the folder should be");
  const ChildResult result = run_medal(folder.path, tiny_training("x", {"--ranks", "1"}));
  INFO(result.errors);
  check_is_one_line_of_error(result);
  CHECK(result.errors.find("runs/x") != std::string::npos);
  CHECK(content_of(folder.path / "runs") == "a file where the folder should be");
}

TEST_CASE("a disk that is full from the start stops training before it begins") {
  const TemporaryFolder folder("full_disk");
  const FileSizeLimit limit(512);
  const ChildResult result = run_medal(folder.path, tiny_training("x", {"--ranks", "1"}));
  INFO(result.errors);
  check_is_one_line_of_error(result);
  CHECK(result.errors.find("config.toml") != std::string::npos);
  CHECK(runs_in(folder.path).empty());
}

TEST_CASE("a disk that fills up while training stops it and keeps the last whole checkpoint") {
  const TemporaryFolder folder("filling_disk");
  REQUIRE(
      run_medal(folder.path, tiny_training("x", {"--steps", "1e9", "--minutes", "0.02", "--ranks", "1"})).exit_code ==
      0);
  const std::string checkpoint = content_of(folder.path / "runs/x/checkpoints/latest");
  REQUIRE(!checkpoint.empty());
  ChildResult result;
  {
    const FileSizeLimit limit(checkpoint.size() / 2);
    result = run_medal(folder.path, {"train", "--resume", "--run", "x", "--ranks", "2"});
  }
  INFO(result.errors);
  check_is_one_line_of_error(result);
  CHECK(content_of(folder.path / "runs/x/checkpoints/latest") == checkpoint);
  for (const auto& entry : fs::directory_iterator(folder.path / "runs/x/checkpoints"))
    CHECK((entry.path().extension() == ".medal" || entry.path().filename() == "latest"));
}
