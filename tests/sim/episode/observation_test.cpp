#include "sim/episode/observation.h"

#include <algorithm>
#include <functional>
#include <set>

#include "tests/support/catch.h"

using namespace medal;

namespace {

Task one_goal() {
  Task task;
  task.terrain.cells = 20;
  task.terrain.heights.assign(21 * 21 + 2, 0);
  task.goals = {{Vec3(4, 0, 1), 1, Vec3(0.1F, 0.2F, 0.3F)}};
  return task;
}

}  // namespace

TEST_CASE("the layout's slices follow each other under names of their own and fill the observation") {
  for (const int azimuths : {4, 32}) {
    LidarOptions lidar;
    lidar.azimuths = azimuths;
    const ObservationLayout layout = observation_layout(lidar);
    int offset = 0;
    for (const ObservationSlice& slice : layout.slices) {
      CHECK(slice.offset == offset);
      CHECK(slice.length > 0);
      CHECK(slice.low < slice.high);
      CHECK(layout.find(slice.name) == &slice);  // the first of that name
      offset += slice.length;
    }
    CHECK(offset == layout.size);
    CHECK(layout.size == observation_size(lidar));
    CHECK(layout.find("lidar") == nullptr);
  }
}

TEST_CASE("an observation begins with the ray channels, a number for each ray, and holds no other LIDAR slice") {
  LidarOptions lidar;
  lidar.azimuths = 6;
  lidar.pitches = {10, -10, -30};
  const ObservationLayout layout = observation_layout(lidar);
  CHECK(layout.rays == 18);
  REQUIRE(layout.ray_channels < static_cast<int>(layout.slices.size()));
  for (int i = 0; i < static_cast<int>(layout.slices.size()); ++i) {
    const ObservationSlice& slice = layout.slices[static_cast<std::size_t>(i)];
    INFO(slice.name);
    CHECK(slice.name.starts_with("lidar_") == (i < layout.ray_channels));
    if (i < layout.ray_channels) CHECK((slice.offset == i * layout.rays && slice.length == layout.rays));
  }
}

TEST_CASE("an observation is written whole, whatever lay there before, and nothing beside it") {
  LidarOptions lidar;
  lidar.azimuths = 8;
  constexpr std::size_t kGuard = 16;
  const auto size = static_cast<std::size_t>(observation_size(lidar));
  const std::vector<RayHit> hits(static_cast<std::size_t>(lidar.rays()));
  for (const float before : {55.0F, -77.0F}) {
    std::vector<float> memory(size + 2 * kGuard, before);
    write_observation(lidar, one_goal(), hits, {}, std::span(memory).subspan(kGuard, size));
    for (std::size_t i = 0; i < memory.size(); ++i) CHECK((memory[i] == before) == (i < kGuard || i >= kGuard + size));
  }
}

TEST_CASE("what changes in the world changes the slices named for it and no other number") {
  struct Change {
    std::set<std::string> slices;
    std::function<void(RayHit&)> hit;
    std::function<void(BodyObservation&)> body;
    std::function<void(TaskParameters&)> task = {};
  };
  std::vector<Change> changes = {
      {{"lidar_terrain"}, [](RayHit& h) { h.solid_distance = 3; }, {}},
      {{"lidar_goal", "lidar_goal_red", "lidar_goal_green", "lidar_goal_blue"},
       [](RayHit& h) { h.goal = 0, h.goal_distance = 2; },
       {}},
      {{"lidar_avatar"}, [](RayHit& h) { h.avatar_distance = 2; }, {}},
      {{"velocity"}, {}, [](BodyObservation& b) { b.avatar.velocity = Vec3(1, 2, 3); }},
      {{"up"}, {}, [](BodyObservation& b) { b.up = Vec3(0.6F, 0.64F, 0.48F); }},
      {{"on_ground"}, {}, [](BodyObservation& b) { b.avatar.on_ground = true; }},
      {{"crouching"}, {}, [](BodyObservation& b) { b.avatar.crouching = true; }},
      {{"inside_goal", "inside_goal_red", "inside_goal_green", "inside_goal_blue"},
       {},
       [](BodyObservation& b) { b.avatar.inside_goal = 0; }},
      {{"last_action"},
       {},
       [](BodyObservation& b) {
         for (const ActionComponent& component : kActionComponents) b.last_action.*component.value = 0.5F;
       }},
      {{"last_reward"}, {}, [](BodyObservation& b) { b.last_reward = 1; }},
      {{"control_interval"}, {}, {}, [](TaskParameters& p) { p.control_rate = 25; }},
  };
  for (int kind = 1; kind < kSolidKinds; ++kind)
    changes.push_back({{"lidar_terrain", "lidar_" + std::string(kSolidNames[static_cast<std::size_t>(kind)])},
                       [kind](RayHit& h) { h.solid = static_cast<SolidKind>(kind); },
                       {}});
  LidarOptions lidar;
  lidar.azimuths = 4;
  const ObservationLayout layout = observation_layout(lidar);
  std::set<std::string> unchanged;
  for (const ObservationSlice& slice : layout.slices) unchanged.insert(slice.name);
  for (const Change& change : changes) {
    std::vector<RayHit> hits(static_cast<std::size_t>(lidar.rays()), RayHit{.solid_distance = 9});
    BodyObservation body;
    std::vector<float> before(static_cast<std::size_t>(layout.size)), after = before;
    Task task = one_goal();
    write_observation(lidar, task, hits, body, before);
    if (change.task) change.task(task.parameters);
    if (change.hit) std::for_each(hits.begin(), hits.end(), change.hit);
    if (change.body) change.body(body);
    write_observation(lidar, task, hits, body, after);
    for (const ObservationSlice& slice : layout.slices) {
      INFO(slice.name << ", first of the change: " << *change.slices.begin());
      for (int i = slice.offset; i < slice.offset + slice.length; ++i) {
        const auto at = static_cast<std::size_t>(i);
        REQUIRE((before[at] != after[at]) == change.slices.contains(slice.name));
      }
      if (change.slices.contains(slice.name)) unchanged.erase(slice.name);
    }
  }
  CHECK(unchanged == std::set<std::string>());  // each slice has its change above
}

TEST_CASE("what is near is large, what is not there is 0, and colours belong to goals") {
  LidarOptions lidar;
  lidar.pitches = {0};
  const Task task = one_goal();
  std::vector<RayHit> hits(32);
  const LidarCaster caster(lidar);
  const LidarAvatar expert{Vec3(0, 3, 0), 1.8F};
  caster.cast(LidarScene(task), Vec3(0, 0, 1), 0, std::span(&expert, 1), hits);
  std::vector<float> row(static_cast<std::size_t>(observation_size(lidar)), 99.0F);
  write_observation(lidar, task, hits, {}, row);
  const auto layout = observation_layout(lidar);
  const auto at = [&](const std::string& name, int index) {
    return row[static_cast<std::size_t>(layout.find(name)->offset + index)];
  };
  CHECK(at("lidar_wall", 0) == Approx(5.0 / 15.0));
  CHECK(at("lidar_terrain", 0) == 0);
  CHECK(at("lidar_goal", 0) == Approx(5.0 / 8.0));
  CHECK(at("lidar_goal_green", 0) == Approx(0.2));
  CHECK(at("lidar_goal", 16) == 0);
  CHECK(at("lidar_goal_blue", 16) == 0);
  CHECK(at("lidar_avatar", 8) == Approx(5.0 / 7.6));  // 90 degrees to the left
  CHECK(at("lidar_avatar", 0) == 0);

  caster.cast(LidarScene(task), Vec3(0, 0, 1), 0, {}, hits);
  write_observation(lidar, task, hits, {}, row);
  for (int ray = 0; ray < 32; ++ray) CHECK(at("lidar_avatar", ray) == 0);
}

TEST_CASE("velocity is observed in the own yaw frame, the last action clamped, in the order of its components") {
  LidarOptions lidar;
  const Task task = one_goal();
  const std::vector<RayHit> hits(static_cast<std::size_t>(lidar.rays()));
  BodyObservation body;
  body.avatar.yaw = 1.5707963F;
  body.avatar.velocity = Vec3(0, 6, 1.5F);
  body.last_action = {.forward = 0.5F, .strafe = -7, .turn = 1, .crouch = 1};
  body.last_reward = -0.6F;
  std::vector<float> row(static_cast<std::size_t>(observation_size(lidar)));
  write_observation(lidar, task, hits, body, row);
  const auto layout = observation_layout(lidar);
  const auto velocity = static_cast<std::size_t>(layout.find("velocity")->offset);
  CHECK(row[velocity] == Approx(1));
  CHECK(row[velocity + 1] == Approx(0).margin(1e-6));
  CHECK(row[velocity + 2] == Approx(0.25));
  const auto action = static_cast<std::size_t>(layout.find("last_action")->offset);
  for (std::size_t i = 0; i < kActionComponents.size(); ++i)
    CHECK(row[action + i] == clamped(body.last_action).*kActionComponents[i].value);
  CHECK(row[static_cast<std::size_t>(layout.find("last_reward")->offset)] == Approx(-0.6));
}

TEST_CASE("whoever stands inside a goal is told its colour, whoever stands outside is not") {
  LidarOptions lidar;
  const Task task = one_goal();
  const std::vector<RayHit> hits(static_cast<std::size_t>(lidar.rays()));
  std::vector<float> row(static_cast<std::size_t>(observation_size(lidar)));
  const auto layout = observation_layout(lidar);
  for (const int inside : {-1, 0}) {
    BodyObservation body;
    body.avatar.inside_goal = inside;
    write_observation(lidar, task, hits, body, row);
    int channel = 0;
    for (const char* name : {"inside_goal_red", "inside_goal_green", "inside_goal_blue"}) {
      const float expected = inside < 0 ? 0.0F : task.goals[0].colour[channel];
      CHECK(row[static_cast<std::size_t>(layout.find(name)->offset)] == expected);
      ++channel;
    }
  }
}
