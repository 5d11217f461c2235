#include <xxhash.h>

#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>

#include "agents/checkpoint/checkpoint.h"
#include "agents/checkpoint/rank_state.h"
#include "curriculum/episode_tag.h"
#include "sim/base/error.h"
#include "sim/base/version.h"
#include "tests/support/catch.h"
#include "tests/support/file_helpers.h"
#include "tests/support/places.h"
#include "tests/support/tensors.h"

using namespace medal;
using nlohmann::json;

namespace {

namespace fs = std::filesystem;

fs::path release_1_checkpoint() {
  return source_folder() / "tests/fixtures/release_1/tiny/checkpoints/000000000004224.medal";
}

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

/// A live state of one world as CBOR, after a change to what this program would write.
template <class Change>
std::string changed_state(Change&& change) {
  RankState state;
  state.memory = at::zeros({2, 3});
  state.starts = at::zeros({2});
  WorldRecord record;
  record.spec.presence = {PresenceTimeline{}, PresenceTimeline{}};
  record.spec.steps = 10;
  record.actions = {Action{0.1F, 0.2F, 0.3F, 1, -1}, Action{}};
  state.worlds.push_back(record);
  json whole = json::from_cbor(pack_rank_state(state));
  change(whole["worlds"][0]);
  std::string bytes;
  json::to_cbor(whole, bytes);
  return bytes;
}

template <class Change>
std::string error_after(Change&& change) {
  return user_error_of([&] { unpack_rank_state(changed_state(change), "9.0.0"); });
}

}  // namespace

TEST_CASE("a checkpoint of release one is read whole: header, network and live state") {
  const Checkpoint checkpoint(release_1_checkpoint());
  const CheckpointHeader& header = checkpoint.header();
  CHECK(header.version == 2);
  CHECK(header.program_version == "0.1.0");
  CHECK(header.observation.size == 98);
  CHECK(header.observation.slices.empty());
  REQUIRE(checkpoint.has_live_state());
  const RankState state = checkpoint.rank_state(0);
  REQUIRE(state.worlds.size() == 3);
  const WorldRecord& world = state.worlds[0];
  CHECK(unpack_tag(world.spec.tag).measurement == 0);
  CHECK(unpack_tag(state.worlds[1].spec.tag).measurement == -1);
  CHECK(unpack_tag(world.spec.tag).counts);
  CHECK(world.spec.common_spawn);
  CHECK(world.spec.parameters.bumpiness == 0.1F);
  CHECK(world.actions.size() % 4 == 0);
  CHECK_FALSE(world.actions.empty());
}

TEST_CASE("an episode of release one that does not count, or measures a boundary, is tagged so") {
  for (const auto& [boundary, counts] : {std::pair{-1, true}, {-1, false}, {0, true}, {5, true}}) {
    const std::string bytes = changed_state([&, boundary = boundary, counts = counts](json& world) {
      world["spec"].erase("tag");
      world["spec"]["boundary"] = boundary;
      world["spec"]["counts"] = counts;
      world.erase("task_replaced");
    });
    const WorldRecord world = unpack_rank_state(bytes, "0.1.0").worlds.at(0);
    CHECK(unpack_tag(world.spec.tag).measurement == boundary);
    CHECK(unpack_tag(world.spec.tag).counts == counts);
    CHECK_FALSE(world.task_replaced);
  }
}

TEST_CASE("a live state that lacks a knob or a component of the actions has its value of that time") {
  const std::string bytes = changed_state([](json& world) {
    world["spec"]["parameters"].erase("goal_spacing");
    const std::vector<float> forward = {0.5F, 0.25F};
    const auto* raw = reinterpret_cast<const std::uint8_t*>(forward.data());
    world["actions"] = {{"components", {"forward"}}, {"values", json::binary({raw, raw + 8})}};
  });
  const WorldRecord world = unpack_rank_state(bytes, "0.1.0").worlds.at(0);
  CHECK(world.spec.parameters.goal_spacing == options_of_older_files<TaskParameters>().goal_spacing);
  REQUIRE(world.actions.size() == 2);
  CHECK(world.actions[1].forward == 0.25F);
  CHECK(world.actions[1].crouch == Action{}.crouch);
}

TEST_CASE("a live state of a newer program is refused with what is new in it and who wrote it") {
  const std::string knob = error_after([](json& world) { world["spec"]["parameters"]["wind"] = 1.0; });
  CHECK(contains(knob, "'wind'"));
  CHECK(contains(knob, "medal 9.0.0 wrote it"));
  const std::string action = error_after([](json& world) { world["actions"]["components"][0] = "wave"; });
  CHECK(contains(action, "'wave'"));
}

TEST_CASE("a checkpoint of another format version says which program wrote it") {
  const TemporaryFolder folder("older_checkpoint");
  std::string bytes = content_of(release_1_checkpoint());
  const auto replace = [&](const std::string& old_text, const std::string& new_text) {
    REQUIRE(old_text.size() == new_text.size());
    bytes.replace(bytes.find(old_text), old_text.size(), new_text);
  };
  replace("\"version\":2", "\"version\":9");
  replace("\"program_version\":\"0.1.0\"", "\"program_version\":\"9.0.0\"");
  const std::uint64_t hash = XXH3_64bits(bytes.data(), bytes.size() - 8);
  std::memcpy(bytes.data() + bytes.size() - 8, &hash, 8);
  const fs::path file = folder.path / "newer.medal";
  std::ofstream(file, std::ios::binary) << bytes;
  const std::string error = user_error_of([&] { Checkpoint checkpoint(file); });
  CHECK(contains(error, "newer.medal"));
  CHECK(contains(error, "format version 9"));
  CHECK(contains(error, "medal 9.0.0 wrote it"));
}
