#include "agents/recordings/actions_json.h"
#include "sim/base/version.h"
#include "tests/support/places.h"
#include "tests/support/rewritten_replay.h"

using namespace medal;
using nlohmann::json;

namespace {

namespace fs = std::filesystem;

/// What load_replay says of a replay that was changed so.
template <class Change>
std::string error_after(Change&& change) {
  const TemporaryFolder folder("older_replay");
  const fs::path file = folder.path / "a.replay";
  save_replay(file, record_short_episode());
  rewrite(file, change);
  const std::string text = user_error_of([&] { load_replay(file); });
  CHECK(text.find(file.string()) != std::string::npos);
  return text;
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a replay of release one plays to the same states, step by step") {
  const fs::path folder = source_folder() / "tests/fixtures/release_1/tiny/replays";
  const Replay replay = load_replay(folder / "000000000004224.replay");
  CHECK(replay.program_version == "0.1.0");
  CHECK(replay.steps() == 80);
  CHECK(replay.spec.parameters.goals == 4);
  CHECK(replay.spec.parameters.presence == PresenceKind::markov);
  CHECK(find_differences(replay).state == -1);
}

TEST_CASE("a replay of release one that is saved again plays to the same states, and keeps who recorded it") {
  const TemporaryFolder folder("older_replay");
  const fs::path old = source_folder() / "tests/fixtures/release_1/tiny/replays/000000000004224.replay";
  save_replay(folder.path / "clip.replay", cut_clip(load_replay(old), 20, 60));
  rewrite(folder.path / "clip.replay", [](json& whole) { CHECK(whole.at("writer") == program_version()); });
  const Replay clip = load_replay(folder.path / "clip.replay");
  CHECK(clip.program_version == "0.1.0");
  CHECK(find_differences(clip).state == -1);
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
  CHECK(find_differences(old).state == -1);
}

TEST_CASE("a replay that lacks a knob plays with its value of that time") {
  const TemporaryFolder folder("older_replay");
  const fs::path file = folder.path / "a.replay";
  save_replay(file, record_short_episode());
  rewrite(file, [](json& whole) { whole["spec"]["parameters"].erase("expert_noise"); });
  const Replay replay = load_replay(file);
  CHECK(replay.spec.parameters.expert_noise == options_of_older_files<TaskParameters>().expert_noise);
  CHECK(find_differences(replay).state == -1);
}

TEST_CASE("a replay of a newer program is refused with what is new in it and who wrote it") {
  const auto by = [](json& whole) -> json& {
    whole["writer"] = "9.0.0";
    return whole;
  };
  const std::string version = error_after([&](json& whole) { by(whole)["version"] = kReplayVersion + 1; });
  CHECK(contains(version, "format version is " + std::to_string(kReplayVersion + 1)));
  const std::string knob = error_after([&](json& whole) { by(whole)["spec"]["parameters"]["wind"] = 3.0; });
  CHECK(contains(knob, "'wind'"));
  const std::string rule = error_after([&](json& whole) { by(whole)["spec"]["parameters"]["reward_rule"] = "tag"; });
  CHECK(contains(rule, "'reward_rule'"));
  const std::string presence = error_after([&](json& whole) { by(whole)["spec"]["presence"][0]["kind"] = "never"; });
  CHECK(contains(presence, "'never'"));
  const std::string action = error_after([&](json& whole) { by(whole)["expert_actions"]["components"][4] = "wave"; });
  CHECK(contains(action, "'wave'"));
  for (const std::string& text : {version, knob, presence, action}) CHECK(contains(text, "medal 9.0.0 wrote it"));
}

TEST_CASE("actions read back as they were") {
  const std::vector<Action> actions = {{0.1F, -0.2F, 1.0F / 3.0F, 1, -1}, {}, {-1, 0.5F, 0.25F, -0.75F, 1}};
  const std::vector<Action> read = actions_from_json(actions_to_json(actions), "0.2.0");
  REQUIRE(read.size() == actions.size());
  CHECK(actions_to_json(read) == actions_to_json(actions));
  CHECK(read[0].turn == 1.0F / 3.0F);
  CHECK(read[2].crouch == 1);
  CHECK(actions_from_json(actions_to_json({}), "0.2.0").empty());
}

TEST_CASE("actions with fewer components ask for nothing by those they lack, in whatever order they have the others") {
  const std::vector<float> floats = {0.5F, 0.25F, -0.5F, -0.25F};
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(floats.data());
  const json source = {{"components", {"turn", "forward"}},
                       {"values", json::binary({bytes, bytes + floats.size() * sizeof(float)})}};
  const std::vector<Action> actions = actions_from_json(source, "0.1.0");
  REQUIRE(actions.size() == 2);
  CHECK(actions[0].turn == 0.5F);
  CHECK(actions[0].forward == 0.25F);
  CHECK(actions[1].forward == -0.25F);
  const Action nothing;
  for (const Action& action : actions) {
    CHECK(action.strafe == nothing.strafe);
    CHECK(action.jump == nothing.jump);
    CHECK(action.crouch == nothing.crouch);
  }
}

TEST_CASE("actions of release one are five floats without names; a torn row is refused") {
  const std::vector<float> floats = {0.1F, 0.2F, 0.3F, 1, -1};
  const auto* bytes = reinterpret_cast<const std::uint8_t*>(floats.data());
  const std::vector<Action> actions = actions_from_json(json::binary({bytes, bytes + 20}), "0.1.0");
  REQUIRE(actions.size() == 1);
  CHECK(actions[0].strafe == 0.2F);
  CHECK(actions[0].crouch == -1);
  CHECK_THROWS_AS(actions_from_json(json::binary({bytes, bytes + 16}), "0.1.0"), UserError);
}
