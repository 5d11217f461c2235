#include "agents/recordings/replay.h"

#include "tests/support/catch.h"
#include "tests/support/file_helpers.h"
#include "tests/support/rewritten_replay.h"

using namespace medal;

namespace {

namespace fs = std::filesystem;

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
  CHECK(find_differences(read).state == -1);
}

TEST_CASE("a replay with one changed action says where it parts") {
  Replay replay = record_short_episode();
  replay.expert_actions[30].forward += 0.25F;
  CHECK(find_differences(replay).state == 30);
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
  CHECK(find_differences(read).state == -1);
  CHECK(seen_at(read, 0, 9));
  CHECK_FALSE(seen_at(read, 0, 10));
  CHECK(seen_at(read, 0, 20));
  CHECK(seen_at(read, 1, 30));  // its timeline alone would hide the expert from step 25 on

  Replay without = replay;
  without.toggles.clear();
  CHECK(find_differences(without).state == 10);
}

TEST_CASE("a clip keeps all that leads up to it, says where it begins, and verifies") {
  const TemporaryFolder folder("replay");
  const Replay replay = record_short_episode(true);
  save_replay(folder.path / "clip.replay", cut_clip(replay, 12, 18));
  const Replay clip = load_replay(folder.path / "clip.replay");
  CHECK(clip.steps() == 18);
  CHECK(clip.show_from == 12);
  CHECK(clip.toggles == std::vector<VisibilityToggle>{{10, 0, false}});
  CHECK(find_differences(clip).state == -1);
  for (const auto& [begin, end] : {std::pair{-1, 5}, {5, 5}, {6, 5}, {0, 51}})
    CHECK_THROWS_AS(cut_clip(replay, begin, end), UserError);
}

TEST_CASE("a replay whose parts contradict each other is refused by name") {
  const TemporaryFolder folder("replay");
  const fs::path file = folder.path / "a.replay";
  const auto error_after = [&](auto change) {
    save_replay(file, record_short_episode(true));
    rewrite(file, change);
    return user_error_of([&] { load_replay(file); });
  };
  const auto contradicts = [&](auto change) {
    const std::string text = error_after(change);
    const auto says = [&](const char* words) { return text.find(words) != std::string::npos; };
    return says(file.c_str()) && (says("damaged") || says("contradicts") || says("malformed") || says("not known"));
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
