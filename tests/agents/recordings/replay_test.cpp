#include "agents/recordings/replay.h"

#include <xxhash.h>
#include <zstd.h>

#include <nlohmann/json.hpp>

#include "agents/experts/expert_bot.h"
#include "sim/generation/generate_task.h"
#include "tests/support/catch.h"
#include "tests/support/file_helpers.h"

using namespace medal;

namespace {

namespace fs = std::filesystem;

Replay record_short_episode(bool hide_by_hand = false) {
  EpisodeSpec spec;
  spec.parameters.episode_seconds = 5;
  spec.seed = spec.geometry_seed = 7;
  spec.steps = spec.parameters.episode_steps();
  spec.presence = {PresenceTimeline{}, {PresenceKind::half, true, {25}}};
  const auto task = std::make_shared<const Task>(generate_task(spec.parameters, spec.seed, spec.geometry_seed));
  NavmeshCache cache(1);
  const LidarCaster lidar(LidarOptions{});
  Episode episode(spec, task, make_expert(*task, 1, cache), lidar);
  ReplayRecorder recorder(spec);
  Random random(3);
  while (!episode.finished()) {
    if (hide_by_hand && episode.step_count() == 10) episode.set_expert_visible(0, false);
    if (hide_by_hand && episode.step_count() == 20) episode.set_expert_visible(0, true);
    if (hide_by_hand && episode.step_count() == 20) episode.set_expert_visible(1, true);
    std::vector<Action> actions(2);
    for (Action& action : actions) action = {.forward = random.uniform(), .turn = random.uniform(-1, 1)};
    episode.step(actions);
    recorder.record(episode, actions);
  }
  return recorder.replay();
}

/// Rewrites what is in a replay file, with all its checks whole.
template <class Change>
void rewrite(const fs::path& file, Change&& change) {
  const std::string whole = content_of(file), packed = whole.substr(8, whole.size() - 16);
  std::string bytes(ZSTD_getFrameContentSize(packed.data(), packed.size()), '\0');
  REQUIRE(ZSTD_decompress(bytes.data(), bytes.size(), packed.data(), packed.size()) == bytes.size());
  nlohmann::json json = nlohmann::json::from_cbor(bytes);
  change(json);
  bytes.clear();
  nlohmann::json::to_cbor(json, bytes);
  std::string result = whole.substr(0, 8) + std::string(ZSTD_compressBound(bytes.size()), '\0');
  result.resize(8 + ZSTD_compress(result.data() + 8, result.size() - 8, bytes.data(), bytes.size(), 3));
  const std::uint64_t hash = XXH3_64bits(result.data(), result.size());
  result.append(reinterpret_cast<const char*>(&hash), 8);
  std::ofstream(file, std::ios::binary) << result;
}

bool seen_at(const Replay& replay, int learner, int step) {
  bool seen = false;
  play_again(replay, [&](const Episode& episode) {
    if (episode.step_count() == step) seen = episode.expert_visible(learner);
  });
  return seen;
}

}  // namespace

TEST_CASE("a replay read back plays to the same states, step by step") {
  const TemporaryFolder folder("replay");
  Replay replay = record_short_episode();
  replay.title = "short";
  save_replay(folder.path / "a.replay", replay);
  const Replay read = load_replay(folder.path / "a.replay");
  CHECK(read.title == "short");
  CHECK(read.spec.presence == replay.spec.presence);
  CHECK(read.hashes == replay.hashes);
  CHECK(first_difference(read) == -1);
}

TEST_CASE("a replay with one changed action says where it parts") {
  Replay replay = record_short_episode();
  replay.expert_actions[30].forward += 0.25F;
  CHECK(first_difference(replay) == 30);
}

TEST_CASE("every malformed replay is refused in one line that names the file") {
  const TemporaryFolder folder("replay");
  const fs::path file = folder.path / "a.replay", bad = folder.path / "bad.replay";
  save_replay(file, record_short_episode());
  const std::string whole = content_of(file);
  const auto refuses = [&](const std::string& bytes) {
    std::ofstream(bad, std::ios::binary) << bytes;
    const std::string text = user_error_of([&] { load_replay(bad); });
    return text.find(bad.string()) != std::string::npos && text.find('\n') == std::string::npos;
  };
  CHECK(refuses(""));
  CHECK(refuses("MEDALREP"));
  CHECK(refuses("something else entirely, and long enough to be one"));
  for (std::size_t length = 0; length < whole.size(); length += whole.size() / 50 + 1)
    CHECK(refuses(whole.substr(0, length)));
  for (std::size_t i = 0; i < whole.size(); i += whole.size() / 100 + 1) {
    std::string flipped = whole;
    flipped[i] = static_cast<char>(flipped[i] ^ 0x40);
    CHECK(refuses(flipped));
  }
  CHECK_THROWS_AS(load_replay(folder.path / "missing.replay"), UserError);
}

TEST_CASE("dropout by hand is written down, and plays again to the same states") {
  const TemporaryFolder folder("replay");
  const Replay replay = record_short_episode(true);
  CHECK(replay.toggles == std::vector<VisibilityToggle>{{10, 0, false}, {20, 0, true}, {20, 1, true}});
  save_replay(folder.path / "a.replay", replay);
  const Replay read = load_replay(folder.path / "a.replay");
  CHECK(read.toggles == replay.toggles);
  CHECK(first_difference(read) == -1);
  CHECK(seen_at(read, 0, 9));
  CHECK_FALSE(seen_at(read, 0, 10));
  CHECK(seen_at(read, 0, 20));
  CHECK(seen_at(read, 1, 30));  // its timeline alone would hide the expert from step 25 on

  Replay without = replay;
  without.toggles.clear();
  CHECK(first_difference(without) == 10);
}

TEST_CASE("a clip keeps all that leads up to it, says where it begins, and verifies") {
  const TemporaryFolder folder("replay");
  const Replay replay = record_short_episode(true);
  save_replay(folder.path / "clip.replay", cut_clip(replay, 12, 18));
  const Replay clip = load_replay(folder.path / "clip.replay");
  CHECK(clip.steps() == 18);
  CHECK(clip.show_from == 12);
  CHECK(clip.toggles == std::vector<VisibilityToggle>{{10, 0, false}});
  CHECK(first_difference(clip) == -1);
  for (const auto& [begin, end] : {std::pair{-1, 5}, {5, 5}, {6, 5}, {0, 51}})
    CHECK_THROWS_AS(cut_clip(replay, begin, end), UserError);
}

TEST_CASE("a replay of version 1 is read as one without dropout by hand") {
  const TemporaryFolder folder("replay");
  const fs::path file = folder.path / "old.replay";
  save_replay(file, record_short_episode());
  rewrite(file, [](nlohmann::json& json) {
    json["version"] = 1;
    for (const char* key : {"toggles", "show_from", "expert_player", "learner_players"}) json.erase(key);
  });
  const Replay old = load_replay(file);
  CHECK(old.toggles.empty());
  CHECK(old.show_from == 0);
  CHECK(first_difference(old) == -1);
}

TEST_CASE("a replay of a newer program, and one whose parts contradict each other, are refused by name") {
  const TemporaryFolder folder("replay");
  const fs::path file = folder.path / "a.replay";
  const auto error_after = [&](auto change) {
    save_replay(file, record_short_episode(true));
    rewrite(file, change);
    return user_error_of([&] { load_replay(file); });
  };
  const std::string newer = error_after([](nlohmann::json& json) { json["version"] = kReplayVersion + 1; });
  CHECK(newer.find(file.string()) != std::string::npos);
  CHECK(newer.find("version " + std::to_string(kReplayVersion + 1)) != std::string::npos);
  const auto contradicts = [&](auto change) {
    const std::string text = error_after(change);
    return text.find(file.string()) != std::string::npos &&
           text.find("damaged") + text.find("contradicts") != 2 * std::string::npos;
  };
  CHECK(contradicts([](nlohmann::json& json) { json.erase("toggles"); }));
  CHECK(contradicts([](nlohmann::json& json) { json["toggles"][0][0] = 50; }));
  CHECK(contradicts([](nlohmann::json& json) { json["toggles"][0][1] = 2; }));
  CHECK(contradicts([](nlohmann::json& json) { json["toggles"] = "none"; }));
  CHECK(contradicts([](nlohmann::json& json) { json["show_from"] = 51; }));
  CHECK(contradicts([](nlohmann::json& json) { json["learner_players"] = {"one"}; }));
  CHECK(contradicts([](nlohmann::json& json) { json["spec"]["presence"][0]["kind"] = "sometimes"; }));
  CHECK(contradicts([](nlohmann::json& json) { json["spec"].erase("seed"); }));
}
