#include <map>
#include <nlohmann/json.hpp>

#include "agents/recordings/replay.h"
#include "experiments/metrics/metrics_log.h"
#include "experiments/plots/task_map.h"
#include "tests/experiments/verbs/printed.h"
#include "tests/support/catch.h"
#include "tests/support/drawn.h"
#include "tests/support/file_helpers.h"
#include "tests/support/program_helpers.h"

using namespace medal;
namespace fs = std::filesystem;

namespace {

std::vector<fs::path> files_in(const fs::path& folder, const std::string& extension) {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == extension) files.push_back(entry.path());
  return files;
}

}  // namespace

TEST_CASE("a run on two ranks leaves all that the design lists, and the other verbs work on it") {
  const TemporaryFolder folder("program");
  const ChildResult trained =
      run_medal(folder.path, tiny_training("a", {"--steps", "20e3", "--ranks", "2", "--set", "run.report=true"}));
  INFO(trained.errors);
  REQUIRE(trained.exit_code == 0);
  CHECK(says(folder.path, "CT, cultural transmission"));
  const fs::path run = folder.path / "runs/a";
  CHECK(fs::is_regular_file(run / "config.toml"));
  CHECK(fs::is_symlink(run / "checkpoints/latest"));
  CHECK(files_in(run / "eval", ".json").size() == 1);
  CHECK(pixels_of(run / "report/learning_curves.png", "#0072b2") > 50);  // the curves of the learners
  CHECK(pixels_of(run / "report/episode.png", "#474747") > 50);          // the expert's way
  CHECK(!fs::is_empty(run / "tensorboard"));

  const auto rows = read_metrics(run / "metrics.jsonl");
  REQUIRE(rows.size() > 5);
  CHECK(rows.front().at("steps") == 64 * 32);
  CHECK(rows.back().contains("evaluation"));

  const auto replays = files_in(run / "replays", ".replay");
  REQUIRE(replays.size() == 1);
  const Replay replay = load_replay(replays.front());
  CHECK(replay.steps() == replay.spec.steps);
  CHECK(find_differences(replay).state == -1);
  CHECK(replay.learner_players == std::vector<std::string>(3, "a"));

  REQUIRE(run_medal(folder.path, {"eval", "a", "--tasks", "5", "--seed", "3", "--json", "e.json"}).exit_code == 0);
  const auto result = nlohmann::json::parse(content_of(folder.path / "e.json"));
  CHECK(result.at("tasks") == 5);
  CHECK(result.contains("rejected"));
  for (const char* bound : {"mean", "low", "high"}) {
    CHECK(result.at("ct").at(bound).is_number());
    for (const char* score : {"full", "half", "solo", "expert"})
      CHECK(result.at("score").at(score).at(bound).is_number());
  }
  CHECK(run_medal(folder.path, {"eval", "runs/a/checkpoints/latest", "--tasks", "1"}).exit_code == 0);
  CHECK(run_medal(folder.path, {"report", "a", "--out", "two.png"}).exit_code == 0);
  CHECK(pixels_of(folder.path / "two.png", "#0072b2") > 50);
  CHECK(run_medal(folder.path, {"info", "a", "--config"}).exit_code == 0);
  CHECK(content_of(folder.path / "stdout.txt") == content_of(run / "config.toml"));
}

TEST_CASE("eval --probe shows an agent recorded games, prints CT and writes the same JSON each time") {
  const TemporaryFolder folder("probe");
  REQUIRE(run_medal(folder.path, tiny_training("a", {"--steps", "2048", "--ranks", "1"})).exit_code == 0);
  const fs::path recording = files_in(folder.path / "runs/a/replays", ".replay").front();
  const auto probe = [&](std::vector<std::string> more) {
    std::vector<std::string> arguments = {"eval", "a", "--repeats", "3", "--json", "p.json"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    const ChildResult result = run_medal(folder.path, arguments);
    INFO(result.errors);
    REQUIRE(result.exit_code == 0);
    return content_of(folder.path / "p.json");
  };
  const std::string once = probe({"--probe", recording.string()});
  CHECK(says(folder.path, "CT, cultural transmission"));
  CHECK(probe({"--probe", recording.string()}) == once);
  CHECK(probe({"--probe", recording.string(), "--seed", "4"}) != once);
  const auto json = nlohmann::json::parse(once);
  double expert = 0;
  play_again(load_replay(recording),
             [&](const Episode& episode) { expert = static_cast<double>(episode.expert_score().unit_penalty_score); });
  CHECK(json.at("score").at("expert").at("mean") == expert);
  CHECK(json.at("probe").at("files").at(0).at("repetitions").size() == 3);

  fs::copy_file(recording, folder.path / "other.replay");
  const auto two = nlohmann::json::parse(probe({"--probe", "runs/a/replays", "--probe", "other.replay"}));
  CHECK(two.at("tasks") == 2);
  CHECK(two.at("ct").at("mean").get<double>() == Approx(json.at("ct").at("mean").get<double>()));
}

TEST_CASE("several agents rank on recorded games, each as when it is alone; games are recorded without a person") {
  const TemporaryFolder folder("ranking");
  REQUIRE(run_medal(folder.path, tiny_training("a", {"--steps", "2048", "--ranks", "1"})).exit_code == 0);
  REQUIRE(run_medal(folder.path,
                    {"task", "record", "--config", "smoke", "--seed", "3", "--hesitant", "--out", "game.replay"})
              .exit_code == 0);
  const auto probe = [&](std::vector<std::string> agents) {
    agents.insert(agents.begin(), "eval");
    for (const char* more : {"--probe=game.replay", "--repeats=2", "--json=p.json"}) agents.emplace_back(more);
    REQUIRE(run_medal(folder.path, agents).exit_code == 0);
    return nlohmann::json::parse(content_of(folder.path / "p.json"));
  };
  const auto alone = probe({"a"}), both = probe({"a", "runs/a"});
  REQUIRE(both.at("agents").size() == 2);
  for (auto agent : both.at("agents")) {
    CHECK((agent.at("agent") == "a" || agent.at("agent") == "runs/a"));
    agent.erase("agent");
    CHECK(agent == alone);
  }
  CHECK(says(folder.path, "Who learns"));
  CHECK(says(folder.path, "game.replay"));
  const ChildResult without = run_medal(folder.path, {"eval", "a", "runs/a"});
  CHECK(without.exit_code == 2);
  CHECK(without.errors.find("add --probe") != std::string::npos);
}

TEST_CASE("an evaluation gives the same numbers each time, and others for another seed") {
  const TemporaryFolder folder("evaluation");
  REQUIRE(run_medal(folder.path, tiny_training("a", {"--steps", "4096", "--ranks", "1"})).exit_code == 0);
  for (const char* file : {"1.json", "2.json"})
    REQUIRE(run_medal(folder.path, {"eval", "a", "--tasks", "3", "--json", file}).exit_code == 0);
  REQUIRE(run_medal(folder.path, {"eval", "a", "--tasks", "3", "--seed", "9", "--json", "3.json"}).exit_code == 0);
  CHECK(content_of(folder.path / "1.json") == content_of(folder.path / "2.json"));
  CHECK(content_of(folder.path / "1.json") != content_of(folder.path / "3.json"));
}

TEST_CASE("SIGTERM saves and exits 0; the resumed run ends bit for bit where an uninterrupted one does") {
  const TemporaryFolder folder("resume");
  const std::vector<std::string> size = {"--steps", "150e3", "--ranks", "1"};
  REQUIRE(run_medal(folder.path, tiny_training("whole", size)).exit_code == 0);
  // Asks it to stop once it has written its first rows.
  const std::string stop_early =
      "\"$@\" & p=$!; while [ ! -s runs/parts/metrics.jsonl ]; do sleep 0.05; done; sleep 0.3; kill -TERM $p; wait $p";
  const ChildResult stopped = run_medal(folder.path, tiny_training("parts", size), {"/bin/sh", "-c", stop_early, "sh"});
  INFO(stopped.errors);
  CHECK(stopped.exit_code == 0);
  CHECK(says(folder.path, " train --resume --run parts"));
  const auto before = read_metrics(folder.path / "runs/parts/metrics.jsonl");
  REQUIRE(!before.empty());
  REQUIRE(before.back().at("steps") < 150'000);

  REQUIRE(run_medal(folder.path, {"train", "--resume", "--run", "parts", "--ranks", "1"}).exit_code == 0);
  CHECK(parameter_hash(folder.path, "parts") == parameter_hash(folder.path, "whole"));
  // Nothing but wall-clock times differs in the metrics either.
  const auto whole = read_metrics(folder.path / "runs/whole/metrics.jsonl");
  const auto parts = read_metrics(folder.path / "runs/parts/metrics.jsonl");
  REQUIRE(parts.size() == whole.size());
  const auto without_times = [](nlohmann::json row) {
    for (const char* time : {"elapsed_seconds", "steps_per_second", "time"}) row.erase(time);
    return row;
  };
  for (std::size_t i = 0; i < whole.size(); ++i) CHECK(without_times(parts[i]) == without_times(whole[i]));
}

TEST_CASE("a resume on another number of ranks goes on from the same network") {
  const TemporaryFolder folder("other_ranks");
  REQUIRE(
      run_medal(folder.path, tiny_training("a", {"--steps", "1e9", "--minutes", "0.03", "--ranks", "1"})).exit_code ==
      0);
  const auto before = read_metrics(folder.path / "runs/a/metrics.jsonl").back().at("steps").get<std::int64_t>();
  const std::string hash = parameter_hash(folder.path, "a");
  // Asked for no more steps than it has, it ends at once with the network that it was given.
  REQUIRE(run_medal(folder.path, {"train", "--resume", "--run", "a", "--ranks", "2", "--steps", "1", "--minutes", "0"})
              .exit_code == 0);
  CHECK(says(folder.path, "cannot be taken up again: they were played on 1 rank, not on 2; new ones begin"));
  CHECK(parameter_hash(folder.path, "a") == hash);
  const ChildResult resumed = run_medal(
      folder.path, {"train", "--resume", "--run", "a", "--ranks", "2", "--steps", std::to_string(before + 8192)});
  // What a resume was asked for holds for the next one too.
  CHECK(content_of(folder.path / "runs/a/config.toml").find("steps = " + std::to_string(before + 8192)) !=
        std::string::npos);
  INFO(resumed.errors);
  REQUIRE(resumed.exit_code == 0);
  CHECK(read_metrics(folder.path / "runs/a/metrics.jsonl").back().at("steps").get<std::int64_t>() >= before + 8192);
}

TEST_CASE("a task is shown and exported without training") {
  const TemporaryFolder folder("task");
  REQUIRE(run_medal(folder.path, {"task", "show", "--seed", "4", "--set", "evaluation.task.goals=5"}).exit_code == 0);
  const std::string shown = content_of(folder.path / "stdout.txt");
  REQUIRE(run_medal(folder.path,
                    {"task", "export", "--seed", "4", "--out", "task.json", "--set", "evaluation.task.goals=5"})
              .exit_code == 0);
  const Task task = task_from_json(content_of(folder.path / "task.json"));
  CHECK(shown.find(task_map(task, 72)) == 0);
  std::string order;
  for (const int goal : task.order) order += (order.empty() ? "" : " -> ") + std::to_string(goal);
  CHECK(shown.find("14 m, 5 goals in the order " + order + " (drawn as 1, 2, ...)") != std::string::npos);
  CHECK(task.goals.size() == 5);
  CHECK(task.seed == 4);
}

TEST_CASE("an expert who earns nothing does not stop training") {
  const TemporaryFolder folder("absent");
  const ChildResult trained =
      run_medal(folder.path, tiny_training("a", {"--steps", "8192", "--ranks", "1", "--set", "task.expert=absent"}));
  INFO(trained.errors);
  CHECK(trained.exit_code == 0);  // held-out tasks have a perfect expert all the same
  CHECK(
      run_medal(folder.path, tiny_training("b", {"--steps", "8192", "--ranks", "1", "--set", "run.evaluate_every=4096",
                                                 "--set", "evaluation.minimum_expert_score=1e5"}))
          .exit_code == 2);
  CHECK_FALSE(fs::exists(folder.path / "runs/b"));  // told before anything is trained
}

TEST_CASE("every preset trains, and each ablation and other choice makes another agent of it", "[long]") {
  const TemporaryFolder folder("presets");
  const std::vector<std::vector<std::string>> rows = {
      {"--config", "quick"},
      {"--config", "medal"},
      {"--config", "medal_adr"},
      {"--config", "smoke"},
      {"--config", "smoke", "--set", "network.memory=none"},         // M
      {"--config", "smoke", "--set", "task.presence=solo"},          // ED
      {"--config", "smoke", "--set", "learner.attention_weight=0"},  // AL
      // ADR: in episodes so short that some have measured a boundary.
      {"--config", "medal_adr", "--set", "task.episode_seconds=2", "--set", "evaluation.task.episode_seconds=60"},
      {"--config", "medal_adr", "--set", "task.episode_seconds=2", "--set", "evaluation.task.episode_seconds=60",
       "--set", "adr.enabled=false"},
      {"--config", "smoke", "--set", "network.action_head=gaussian"},  // continuous actions
      {"--config", "smoke", "--set", "task.reward_rule=ndousse"},
      {"--config", "smoke", "--set", "task.expert=noisy", "--set", "task.expert_noise=1"},
      {"--config", "smoke", "--set", "task.presence=bernoulli"},
  };
  std::map<std::string, std::string> switches;  // by the hash of the agent that they made
  for (const auto& row : rows) {
    std::string name = row[1];
    for (std::size_t i = 3; i < row.size(); i += 2) name += " " + row[i];
    const std::string run = "r" + std::to_string(switches.size());
    std::vector<std::string> arguments = {"train", "--run", run, "--ranks", "1", "--steps", "4096"};
    arguments.insert(arguments.end(), row.begin(), row.end());
    for (const char* small : {"run.learners=16", "learner.minibatches=2", "evaluation.tasks=1", "run.report=false"}) {
      arguments.push_back("--set");
      arguments.push_back(small);
    }
    const ChildResult trained = run_medal(folder.path, arguments);
    INFO(name << ": " << trained.errors);
    REQUIRE(trained.exit_code == 0);
    CHECK(says(folder.path, "CT, cultural transmission"));
    const auto [same, is_new] = switches.try_emplace(parameter_hash(folder.path, run), name);
    INFO("the same agent as " << same->second);
    CHECK(is_new);
    if (!is_new) switches[run] = name;
  }
}
