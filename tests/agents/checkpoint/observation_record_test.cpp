#include "agents/checkpoint/observation_record.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "sim/base/error.h"
#include "tests/support/catch.h"
#include "tests/support/file_helpers.h"

using namespace medal;

namespace {

const LidarOptions kTwoRings{32, {0.0F, -12.0F}};

bool contains(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a record of observations reads back, and fits its own LIDAR at other angles alone") {
  const ObservationRecord record = observation_from_json(observation_to_json(observation_record(kTwoRings)));
  CHECK(record.size == observation_size(kTwoRings));
  CHECK(record.slices == observation_record(kTwoRings).slices);
  CHECK(observation_difference(record, kTwoRings).empty());
  CHECK(observation_difference(record, LidarOptions{32, {5.0F, -20.0F}}).empty());
  CHECK_NOTHROW(sensed_by(record, kTwoRings, "this agent"));
}

TEST_CASE("as many rays in other rings are another sensor") {
  const ObservationRecord record = observation_record(kTwoRings);
  const LidarOptions four_rings{16, {0.0F, -4.0F, -8.0F, -12.0F}};
  REQUIRE(observation_size(four_rings) == record.size);
  CHECK(observation_difference(record, four_rings) == "the rays lie in 4 rings, not in 2");
}

TEST_CASE("other observations are told by the slices that differ") {
  const std::string more_rays = observation_difference(observation_record(kTwoRings), LidarOptions{40, {0.0F, -12.0F}});
  CHECK(contains(more_rays, "lidar_terrain has 80 numbers, not 64"));
  CHECK_FALSE(contains(more_rays, "velocity"));

  ObservationRecord other = observation_record(kTwoRings);
  other.slices.push_back({"smell", 3});
  std::erase_if(other.slices, [](const auto& slice) { return slice.name == "velocity"; });
  CHECK(observation_difference(other, kTwoRings) == "smell is missing");
  const std::string error = user_error_of([&] { sensed_by(other, kTwoRings, "this agent"); });
  CHECK(contains(error, "this agent was trained on other observations: smell is missing"));

  ObservationRecord turned = observation_record(kTwoRings);
  std::swap(turned.slices.front(), turned.slices.back());
  CHECK(observation_difference(turned, kTwoRings) == "the parts have another order");
}

TEST_CASE("an agent of release one, whose file tells the size alone, is compared by it") {
  ObservationRecord record;
  record.size = 10 * kTwoRings.rays() + 18;
  CHECK(observation_difference(record, kTwoRings).empty());
  CHECK(observation_difference(record, LidarOptions{16, {0.0F}}) == "there are 178 numbers, not 658");
}

TEST_CASE("an agent that was trained before a slice came senses the others, where they lie now") {
  const LidarOptions lidar{4, {0.0F}};
  ObservationRecord trained = observation_record(lidar);
  const auto crouching = std::find_if(trained.slices.begin(), trained.slices.end(),
                                      [](const ObservationRecord::Slice& slice) { return slice.name == "crouching"; });
  REQUIRE(crouching != trained.slices.end());
  trained.slices.erase(crouching);  // as if it had come since
  trained.size -= 1;
  const SensedSlices sensed = sensed_by(trained, lidar, "it");
  const ObservationLayout now = observation_layout(lidar);
  CHECK(sensed.layout.size == now.size - 1);
  CHECK(sensed.layout.rays == now.rays);
  CHECK(sensed.layout.ray_channels == now.ray_channels);
  REQUIRE(sensed.layout.slices.size() == sensed.offsets.size());
  int offset = 0;
  for (std::size_t i = 0; i < sensed.offsets.size(); ++i) {
    CHECK(sensed.layout.slices[i].offset == offset);
    CHECK(sensed.offsets[i] == now.find(sensed.layout.slices[i].name)->offset);
    offset += sensed.layout.slices[i].length;
  }
}

TEST_CASE("of an agent of release one the size says what it senses: all that there was") {
  const LidarOptions lidar{8, {0.0F, -12.0F}};
  const SensedSlices sensed = sensed_by({10 * 16 + 18, {}, 0}, lidar, "it");
  CHECK(sensed.layout.size == 10 * 16 + 18);
  CHECK(sensed.layout.find("last_reward")->offset == 10 * 16 + 17);
}
