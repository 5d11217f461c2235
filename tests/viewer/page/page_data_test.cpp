#include <numbers>

#include "tests/support/catch.h"
#include "tests/support/places.h"
#include "tests/support/played_replay.h"
#include "tests/viewer/page/unpacked.h"
#include "viewer/page/packed_numbers.h"
#include "viewer/page/page.h"

using namespace medal;
using nlohmann::ordered_json;

namespace {

std::string text_of(const ordered_json& json, const char* key) { return json.at(key).get<std::string>(); }

/// The numbers that an object keeps under a key.
template <class Number>
std::vector<Number> column(const ordered_json& json, const char* key) {
  return unpacked<Number>(text_of(json, key));
}

}  // namespace

TEST_CASE("numbers come out of a page as they went in, whatever their count") {
  for (std::size_t count = 0; count < 8; ++count) {
    std::vector<std::int16_t> numbers;
    for (std::size_t k = 0; k < count; ++k)
      numbers.push_back(static_cast<std::int16_t>(4097 * static_cast<int>(k) - 7));
    CHECK(packed(numbers).size() % 4 == 0);
    CHECK(unpacked<std::int16_t>(packed(numbers)) == numbers);
  }
  const std::vector<std::uint8_t> bytes = {'M', 'a'};
  CHECK(packed(bytes) == "TWE=");
}

TEST_CASE("lengths, angles and shares are rounded, and held where they would not fit") {
  CHECK(page_length(1.5F) == 1536);
  CHECK(page_length(-1000) == -32767);
  CHECK(page_angle(std::numbers::pi_v<float>) == 32767);
  CHECK(page_share(1.2F) == 255);
  CHECK(page_share(-1) == 0);
}

TEST_CASE("a page has everybody's poses and what a learner sees, of every step, within a millimetre") {
  const Replay replay = record_follower(6);
  const ordered_json data = page_data(ReplaySession(replay));
  const ordered_json &expert = data["players"].at(0), &learner = data["players"].at(1);
  CHECK(data["players"].size() == 2);
  CHECK(expert["role"] == "expert");
  CHECK(learner["role"] == "learner");
  CHECK(data["first_step"] == 0);
  CHECK(data["last_step"] == replay.steps());
  CHECK(data["rate"] == replay.spec.parameters.control_rate);
  const auto poses = column<std::int16_t>(learner, "poses"), expert_poses = column<std::int16_t>(expert, "poses");
  const auto flags = column<std::uint8_t>(learner, "flags");
  REQUIRE(poses.size() == 4 * static_cast<std::size_t>(replay.steps() + 1));
  REQUIRE(flags.size() == static_cast<std::size_t>(replay.steps() + 1));
  play_again(replay, [&](const Episode& episode) {
    const auto row = static_cast<std::size_t>(episode.step_count());
    for (std::size_t axis = 0; axis < 3; ++axis) {
      const auto a = static_cast<Eigen::Index>(axis);
      CHECK(std::abs(poses[4 * row + axis] / kPageMetre - episode.learner_avatar(0).feet[a]) < 0.001F);
      CHECK(std::abs(expert_poses[4 * row + axis] / kPageMetre - episode.expert_avatar().feet[a]) < 0.001F);
    }
    const float yaw = static_cast<float>(poses[4 * row + 3]) / 32767 * std::numbers::pi_v<float>;
    CHECK(std::abs(yaw - episode.learner_avatar(0).yaw) < 0.001F);
    CHECK(((flags[row] & 2) != 0) == episode.expert_visible(0));
  });
}

TEST_CASE("a page's entries sum up to the scores") {
  const Replay replay = record_follower(20);
  const ReplaySession session(replay);
  const ordered_json data = page_data(session);
  for (int player = 0; player < 2; ++player) {
    float score = 0;
    for (const ordered_json& entry : data["entries"])
      if (entry["player"] == player) score += entry["reward"].get<float>();
    CHECK(score == session.timeline().at(session.last_step(), player).score.unit_penalty_score);
  }
  CHECK(data["entries"].size() == session.timeline().entries().size());
  CHECK_FALSE(data["entries"].empty());
}

TEST_CASE("a page has the task's ground, goals and order") {
  const ReplaySession session(record_follower(1));
  const Task& task = *session.timeline().task();
  const ordered_json world = page_data(session)["world"];
  const auto heights = column<std::int16_t>(world["terrain"], "heights");
  const auto corners = static_cast<std::size_t>((task.terrain.cells + 1) * (task.terrain.cells + 1));
  REQUIRE(heights.size() == corners);
  CHECK(std::equal(heights.begin(), heights.end(), task.terrain.heights.begin()));
  CHECK(world["goals"].size() == task.goals.size());
  CHECK(world["goals"].at(0)["center"].at(1) == task.goals[0].center.y());
  CHECK(world["order"] == task.order);
  CHECK(world["obstacles"].size() == task.obstacles.size());
}

TEST_CASE("a clip's page has its part alone, with the scores from before") {
  const Replay whole = record_follower(20);
  const ordered_json data = page_data(ReplaySession(cut_clip(whole, 50, 80)));
  CHECK(data["first_step"] == 50);
  CHECK(data["last_step"] == 80);
  CHECK(column<std::uint8_t>(data["players"].at(0), "flags").size() == 31);
  CHECK(data["entries"] == page_data(ReplaySession(cut_clip(whole, 0, 80)))["entries"]);
}

TEST_CASE("a page of a replay that parts from its hashes says so and ends there") {
  Replay replay = record_follower(3);
  replay.hashes[10] ^= 1;
  const ordered_json data = page_data(ReplaySession(replay));
  CHECK(data["last_step"] == 10);
  CHECK(data["notice"].size() == 3);
}

TEST_CASE("a page shows what an agent makes of each step, where there is one") {
  const Replay replay = record_follower(8);
  CHECK_FALSE(page_data(ReplaySession(replay))["players"].at(1).contains("mind"));
  const ReplaySession session(replay, open_agent((source_folder() / "agents/pretrained/medal").string()));
  const ordered_json data = page_data(session);
  CHECK_FALSE(data["players"].at(0).contains("mind"));
  const ordered_json& mind = data["players"].at(1)["mind"];
  const auto values = column<float>(mind, "values");
  const auto counts = column<std::uint8_t>(mind, "event_counts"), readings = column<std::uint8_t>(mind, "readings");
  const auto places = column<std::int16_t>(mind, "expert_places"), events = column<std::int16_t>(mind, "events");
  REQUIRE(values.size() == session.thoughts(0).size());
  REQUIRE(counts.size() == values.size());
  std::size_t remembered = 0;
  for (std::size_t row = 0; row < values.size(); ++row) {
    const AgentThought& thought = *session.thoughts(0)[row];
    CHECK(values[row] == thought.value);
    CHECK(counts[row] == thought.recollection.events.size());
    CHECK(places[3 * row] == page_length(thought.expert_guess.x()));
    remembered += counts[row];
  }
  CHECK(remembered > 0);
  CHECK(events.size() == 6 * remembered);
  CHECK(readings.size() == 4 * mind["heads"].get<std::size_t>() * values.size());
}

TEST_CASE("a minute of an episode is a small part of its page") {
  const ReplaySession session(record_follower(60));
  CHECK(page_data(session).dump().size() < 200'000);
}
