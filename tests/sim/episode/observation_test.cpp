#include "sim/episode/observation.h"

#include <cmath>

#include "tests/support/catch.h"

using namespace medal;

namespace {

const ObservationSlice& slice(const std::vector<ObservationSlice>& layout, const std::string& name) {
  for (const ObservationSlice& s : layout)
    if (s.name == name) return s;
  FAIL("no slice " << name);
  return layout.front();
}

Task one_goal() {
  Task task;
  task.terrain.cells = 20;
  task.terrain.heights.assign(21 * 21 + 2, 0);
  task.goals = {{Vec3(4, 0, 1), 1, Vec3(0.1F, 0.2F, 0.3F)}};
  return task;
}

}  // namespace

TEST_CASE("the layout's slices follow each other and fill the observation") {
  for (const int azimuths : {4, 32}) {
    LidarOptions lidar;
    lidar.azimuths = azimuths;
    int offset = 0;
    for (const ObservationSlice& s : observation_layout(lidar)) {
      CHECK(s.offset == offset);
      CHECK(s.length > 0);
      CHECK(s.low < s.high);
      offset += s.length;
    }
    CHECK(offset == observation_size(lidar));
  }
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
    return row[static_cast<std::size_t>(slice(layout, name).offset + index)];
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

TEST_CASE("velocity is observed in the own yaw frame") {
  LidarOptions lidar;
  const Task task = one_goal();
  const std::vector<RayHit> hits(static_cast<std::size_t>(lidar.rays()));
  BodyObservation body;
  body.avatar.yaw = 1.5707963F;
  body.avatar.velocity = Vec3(0, 6, 1.5F);
  body.last_action = {.forward = 0.5F, .strafe = -1, .turn = 1, .crouch = 1};
  body.last_reward = -0.6F;
  std::vector<float> row(static_cast<std::size_t>(observation_size(lidar)));
  write_observation(lidar, task, hits, body, row);
  const auto layout = observation_layout(lidar);
  const auto velocity = static_cast<std::size_t>(slice(layout, "velocity").offset);
  CHECK(row[velocity] == Approx(1));
  CHECK(row[velocity + 1] == Approx(0).margin(1e-6));
  CHECK(row[velocity + 2] == Approx(0.25));
  const auto action = static_cast<std::size_t>(slice(layout, "last_action").offset);
  CHECK(std::vector<float>(row.begin() + static_cast<long>(action), row.begin() + static_cast<long>(action) + 5) ==
        std::vector<float>{0.5F, -1, 1, -1, 1});
  CHECK(row.back() == Approx(-0.6));
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
      CHECK(row[static_cast<std::size_t>(slice(layout, name).offset)] == expected);
      ++channel;
    }
  }
}

TEST_CASE("the attention target is the expert's position in the own yaw frame, in tens of metres") {
  AvatarState learner, expert;
  learner.feet = Vec3(1, 1, 0);
  learner.yaw = 1.5707963F;
  expert.feet = Vec3(1, 6, 0.5F);
  std::array<float, kAttentionTargetSize> target{};
  write_attention_target(learner, expert, true, target);
  CHECK(target[0] == Approx(0.5));
  CHECK(target[1] == Approx(0).margin(1e-6));
  CHECK(target[2] == Approx(0.05));
  CHECK(target[3] == 1);
  write_attention_target(learner, expert, false, target);
  CHECK(target[3] == 0);
}

TEST_CASE("the order target is where the next goal lies from the learner, and the colours of those to come") {
  Task task;
  for (int i = 0; i < 4; ++i) {
    const auto number = static_cast<float>(i);
    task.goals.push_back({Vec3(number, 3, 1), 1, Vec3(number, 0.5F, 0.1F * number)});
  }
  AvatarState learner;
  learner.feet = Vec3(2, 1, 0);
  learner.yaw = 1.5707963F;
  std::array<float, kOrderTargetSize> target{};
  write_order_target(learner, task, std::array{2, 0, 3}, target);
  const std::vector<double> expected = {0.2, 0, 0.1, 2, 0.5, 0.2, 0, 0.5, 0, 3, 0.5, 0.3, 1};
  for (std::size_t i = 0; i < target.size(); ++i) CHECK(target[i] == Approx(expected[i]).margin(1e-6));
  write_order_target(learner, task, {}, target);
  for (float value : target) CHECK(value == 0);
}
