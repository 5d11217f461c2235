#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "sim/base/random.h"
#include "sim/generation/generate_task.h"
#include "sim/physics/avatar_motor.h"
#include "sim/physics/contacts.h"
#include "sim/physics/physics_world.h"
#include "tests/support/catch.h"

using namespace medal;

namespace {

constexpr float kDegree = std::numbers::pi_v<float> / 180;
constexpr float kControlSeconds = 0.1F;

/// An empty arena of 20 m whose ground has the given rise along X and Y (m/m), at 10 Hz.
Task slope(float rise_x, float rise_y, int substeps = 4) {
  Task task;
  task.parameters.substeps = substeps;
  task.terrain.cells = 20;
  for (int j = 0; j <= 20; ++j)
    for (int i = 0; i <= 20; ++i)
      task.terrain.heights.push_back(static_cast<std::int16_t>(std::lround(
          (static_cast<float>(i - 10) * rise_x + static_cast<float>(j - 10) * rise_y) / Terrain::kHeightUnit)));
  task.terrain.heights.resize(task.terrain.heights.size() + 2);
  return task;
}

Task flat(int substeps = 4) { return slope(0, 0, substeps); }

/// Feet of a body that stands on a plane slope.
Spawn standing(const Task& task, float x, float y, float yaw = 0) {
  const float upright = task.terrain.normal(x, y).z();
  return {Vec3(x, y, task.terrain.height(x, y) + kAvatar.radius * (1 / upright - 1)), yaw};
}

/// One avatar, stepped as an episode does it.
class Walker {
 public:
  Walker(Task task, const Spawn& spawn)
      : task_(std::move(task)), substeps_(task_.parameters.substeps), world_(task_, std::span(&spawn, 1)) {}
  Walker(const Walker&) = delete;

  /// One control step.
  void act(const Action& action) {
    world_.set_action(0, action);
    for (int s = 0; s < substeps_; ++s) {
      world_.substep(kControlSeconds / static_cast<float>(substeps_));
      deepest_ = std::max(deepest_, world_.deepest_penetration());
      highest_ = std::max(highest_, world_.avatar(0).feet.z());
    }
  }
  void act(const Action& action, float seconds) {
    for (int i = 0; i < static_cast<int>(std::lround(seconds / kControlSeconds)); ++i) act(action);
  }
  const AvatarState& avatar() const { return world_.avatar(0); }
  Vec3 feet() const { return avatar().feet; }
  /// Since the beginning, over all substeps, in m.
  float deepest() const { return deepest_; }
  float highest() const { return highest_; }

 private:
  Task task_;
  int substeps_;
  PhysicsWorld world_;
  float deepest_ = 0, highest_ = -1e9F;
};

Action forward(float jump = -1, float crouch = -1) { return {.forward = 1, .jump = jump, .crouch = crouch}; }

/// A wall of the arena's width across X at 0, 0.3 m thick.
Obstacle thin_wall(SolidKind kind, float bottom, float top, float yaw = 0) {
  return {kind, Vec3(0, 0, 0.5F * (bottom + top)), Vec3(0.15F, 14, 0.5F * (top - bottom)), yaw};
}

}  // namespace

TEST_CASE("yaw stays in (-pi, pi], and wishes beyond full are clamped") {
  AvatarState avatar;
  for (int i = 0; i < 200; ++i) {
    const float before = avatar.yaw;
    avatar.yaw = turn({.turn = 5}, avatar.yaw, 0.1F);
    CHECK(avatar.yaw > -std::numbers::pi_v<float>);
    CHECK(avatar.yaw <= std::numbers::pi_v<float>);
    CHECK(std::remainder(avatar.yaw - before, 2 * std::numbers::pi_v<float>) ==
          Approx(0.1F * kAvatar.turn_rate).margin(1e-5));
  }
  Walker modest(flat(), {Vec3(-8, 0, 0), 0}), greedy(flat(), {Vec3(-8, 0, 0), 0});
  modest.act({.forward = 1}, 1);
  greedy.act({.forward = 7}, 1);
  CHECK(modest.feet() == greedy.feet());
}

TEST_CASE("forward is along the yaw, strafing to the left of it, and both together are no faster") {
  for (const float yaw : {0.0F, 1.1F, -2.6F}) {
    const Vec2 ahead(std::cos(yaw), std::sin(yaw)), left(-std::sin(yaw), std::cos(yaw));
    const Task task = flat();
    Walker runner(task, {Vec3(0, 0, 0), yaw}), strafer(task, {Vec3(0, 0, 0), yaw}), both(task, {Vec3(0, 0, 0), yaw}),
        half(task, {Vec3(0, 0, 0), yaw});
    runner.act({.forward = 1}, 0.9F);
    strafer.act({.strafe = 1}, 0.9F);
    both.act({.forward = 1, .strafe = -1}, 0.9F);
    half.act({.forward = 0.5F}, 0.9F);
    const auto velocity = [](const Walker& walker) -> Vec2 { return walker.avatar().velocity.head<2>(); };
    const auto is_near = [&](const Vec2& a, const Vec2& b) { return (a - b).norm() < 0.01F * kAvatar.speed; };
    CHECK(is_near(velocity(runner), ahead * kAvatar.speed));
    CHECK(is_near(velocity(strafer), left * kAvatar.speed));
    CHECK(is_near(velocity(both), (ahead - left).normalized() * kAvatar.speed));
    CHECK(is_near(velocity(half), ahead * 0.5F * kAvatar.speed));
  }
}

TEST_CASE("velocity follows the wish with the stated time constant, however many substeps there are") {
  for (const int substeps : {1, 2, 4, 16}) {
    Walker walker(flat(substeps), standing(flat(), -8, 0));
    walker.act({});  // finds the ground
    for (int step = 1; step < 6; ++step) {
      walker.act(forward());
      const float expected =
          kAvatar.speed * (1 - std::exp(-kControlSeconds * static_cast<float>(step) / kAvatar.response_time));
      CHECK(walker.avatar().velocity.x() == Approx(expected).epsilon(0.02));
    }
  }
}

TEST_CASE("top speed holds along the slope, up, down and across") {
  const float rise = std::tan(30 * kDegree);
  const Task task = slope(rise, 0);
  struct Way {
    float x, y, yaw;
  };
  for (const Way& way : {Way{-7, 0, 0}, Way{7, 0, std::numbers::pi_v<float>},
                         Way{0, -7, 0.5F * std::numbers::pi_v<float>}, Way{-5, -5, 0.8F}}) {
    Walker walker(task, standing(task, way.x, way.y, way.yaw));
    walker.act(forward(), 1.2F);
    CHECK(walker.avatar().velocity.norm() == Approx(kAvatar.speed).epsilon(0.03));
    CHECK(walker.avatar().on_ground);
    CHECK(walker.deepest() < 0.02F);
  }
}

TEST_CASE("a jump rises by about speed squared over twice gravity, and cannot be renewed in the air") {
  for (const int substeps : {1, 2, 4, 16}) {
    Walker walker(flat(substeps), standing(flat(), 0, 0));
    walker.act({}, 0.3F);
    CHECK(walker.highest() < 0.01F);
    // Half a substep at take-off speed is what steps in time can err by.
    const float margin = 0.5F * kAvatar.jump_speed * kControlSeconds / static_cast<float>(substeps) + 0.02F;
    walker.act({.jump = 1}, 0.8F);
    CHECK(walker.highest() == Approx(kAvatar.jump_speed * kAvatar.jump_speed / (2 * kGravity)).margin(margin));
    walker.act({}, 1);
    CHECK(walker.avatar().on_ground);
    CHECK(std::abs(walker.feet().z()) < 0.01F);
  }
}

TEST_CASE("nobody jumps while crouching") {
  Walker walker(flat(), standing(flat(), 0, 0));
  walker.act({.jump = 1, .crouch = 1}, 2);
  CHECK(walker.avatar().crouching);
  CHECK(walker.highest() < 0.01F);
}

TEST_CASE(
    "jumping, strafing and going askew get nobody farther up a steep slope than momentum carries, and then down") {
  const float rise = std::tan(kAvatar.max_slope + 5 * kDegree);
  Task task = slope(0, 0);
  for (int j = 0; j <= 20; ++j)  // level ground up to x = 0, then the slope
    for (int i = 10; i <= 20; ++i)
      task.terrain.heights[static_cast<std::size_t>(j * 21 + i)] =
          static_cast<std::int16_t>(std::lround(static_cast<float>(i - 10) * rise / Terrain::kHeightUnit));
  const float momentum =
      (kAvatar.speed * kAvatar.speed + kAvatar.jump_speed * kAvatar.jump_speed) / (2 * kGravity);  // m
  Random random(4);
  for (const float yaw : {0.0F, 0.5F, -1.2F}) {
    Walker hopper(task, {Vec3(-1.5F, 0, 0), yaw}), runner(task, {Vec3(-8, 0, 0), yaw}),
        mixer(task, {Vec3(-2, 0, 0), yaw});
    for (int step = 0; step < 150; ++step) {
      hopper.act(forward(1));
      runner.act({.forward = 1, .strafe = step % 20 < 10 ? 1.0F : -1.0F});
      mixer.act(
          {1, random.uniform(-1, 1), random.uniform(-0.5F, 0.5F), random.uniform(-1, 1), random.uniform() - 0.7F});
    }
    CHECK(runner.highest() < 0.3F);
    for (Walker* walker : {&hopper, &runner, &mixer}) {
      CHECK(walker->highest() < momentum);
      walker->act({}, 2);
      CHECK(walker->feet().z() < 0.02F);
      CHECK(walker->deepest() < 0.02F);
    }
  }
}

TEST_CASE("the ground below counts also on the line between two triangles, while a steep face is nearer") {
  Terrain terrain = flat().terrain;  // level up to x = 0, then 55 degrees
  const float rise = std::tan(55 * kDegree);
  for (int j = 0; j <= 20; ++j)
    for (int i = 10; i <= 20; ++i)
      terrain.heights[static_cast<std::size_t>(j * 21 + i)] =
          static_cast<std::int16_t>(std::lround(static_cast<float>(i - 10) * rise / Terrain::kHeightUnit));
  constexpr float kX = -0.1875F, kHeight = 0.03F, kReach = 0.25F;
  constexpr float kDiagonal = -kX;
  for (const float y : {0.1F, 0.0F, 1e-6F, -1e-6F, kDiagonal, kDiagonal + 1e-6F, kDiagonal - 1e-6F}) {
    std::array<Contact, kMaximumTerrainContacts> contacts;
    const Capsule capsule = standing_capsule(Vec3(kX, y, kHeight), kAvatar.height);
    const int count = terrain_contacts(terrain, capsule, Vec3(0, 0, -0.1F), kReach, contacts);
    const auto has = [&](auto&& property) { return std::any_of(contacts.begin(), contacts.begin() + count, property); };
    CAPTURE(y);
    CHECK(has([](const Contact& c) { return c.normal.z() > 0.999F && std::abs(c.distance - kHeight) < 1e-4F; }));
    CHECK(has([](const Contact& c) { return c.normal.z() < 0.6F && c.distance < 0.02F; }));
  }
}

TEST_CASE("who stands on a slope below the limit stays where it is for a minute, less than a centimetre off") {
  for (const float degrees : {0.0F, 15.0F, 30.0F, 45.0F})
    for (const float direction : {0.0F, 0.7F})
      for (const int substeps : {1, 4}) {
        const float rise = std::tan(degrees * kDegree);
        const Task task = slope(rise * std::cos(direction), rise * std::sin(direction), substeps);
        Walker walker(task, standing(task, 0.3F, -0.2F));
        walker.act({}, 1);
        const Vec3 start = walker.feet();
        walker.act({}, 60);
        CAPTURE(degrees, direction, substeps);
        CHECK((walker.feet() - start).norm() < 0.01F);
        CHECK(walker.avatar().on_ground);
        CHECK(walker.avatar().velocity.norm() < 0.01F);
      }
}

TEST_CASE("who stands on rough ground stays where it is for a minute") {
  for (const int substeps : {1, 4}) {
    TaskParameters parameters;
    parameters.bumpiness = 1.2F;
    parameters.substeps = substeps;
    const Task task = generate_task(parameters, 5);
    PhysicsWorld world(task, task.learner_spawns);
    const auto stand = [&](int seconds) {
      for (int i = 0; i < 10 * substeps * seconds; ++i) world.substep(kControlSeconds / static_cast<float>(substeps));
    };
    stand(1);
    std::vector<Vec3> start;
    for (int i = 0; i < world.avatar_count(); ++i) start.push_back(world.avatar(i).feet);
    stand(60);
    for (int i = 0; i < world.avatar_count(); ++i)
      CHECK((world.avatar(i).feet - start[static_cast<std::size_t>(i)]).norm() < 0.01F);
  }
}

TEST_CASE("nobody gets through a bar 0.3 m thick, even with one or two substeps at 10 Hz") {
  for (const int substeps : {1, 2})
    for (const float bar_yaw : {0.0F, 0.4F}) {
      Task task = flat(substeps);
      task.obstacles = {thin_wall(SolidKind::upright, -0.3F, 3, bar_yaw)};
      const Vec2 across(std::cos(bar_yaw), std::sin(bar_yaw));
      for (int i = 0; i < 12; ++i)
        for (const float yaw : {0.0F, 0.5F, -1.0F})
          for (const float jump : {-1.0F, 1.0F}) {
            Walker walker(task, {Vec3(-4 - 0.05F * static_cast<float>(i), 0, 0), yaw});
            for (int step = 0; step < 30; ++step) {
              walker.act(forward(jump, step % 7 == 6 ? 1.0F : -1.0F));
              REQUIRE(across.dot(walker.feet().head<2>()) < -0.15F - kAvatar.radius + 0.03F);
            }
            REQUIRE(walker.deepest() < 0.03F);
            if (yaw == 0) REQUIRE(across.dot(walker.feet().head<2>()) > -0.15F - kAvatar.radius - 0.1F);  // it is there
          }
    }
}

TEST_CASE("nobody falls through a bar or jumps through one overhead, even with one or two substeps at 10 Hz") {
  for (const int substeps : {1, 2})
    for (int i = 0; i < 20; ++i) {
      Task task = flat(substeps);
      task.obstacles = {thin_wall(SolidKind::low_bar, kLowBarHeight - 0.3F, kLowBarHeight)};
      Walker falling(task, {Vec3(0, 0, 2 + 0.07F * static_cast<float>(i)), 0});
      falling.act({}, 3);
      CHECK(falling.feet().z() == Approx(kLowBarHeight).margin(0.02));
      CHECK(falling.avatar().on_ground);
      CHECK(falling.deepest() < 0.03F);

      constexpr float kBottom = 2;
      task.obstacles = {thin_wall(SolidKind::overhead_bar, kBottom, kBottom + 0.3F)};
      Walker jumping(task, {Vec3(-1 + 0.06F * static_cast<float>(i), 0, 0), 0});
      jumping.act({}, 0.2F);
      jumping.act({.forward = i % 2 == 0 ? 0.0F : 0.3F, .jump = 1}, 1.5F);
      CHECK(jumping.deepest() < 0.03F);
      if (i % 2 == 0 && std::abs(jumping.feet().x()) < 0.15F)
        CHECK(jumping.highest() < kBottom - kAvatar.height + 0.03F);
    }
}

TEST_CASE("a low bar stops a walker and lets a jumper pass, even with one or two substeps at 10 Hz") {
  for (const int substeps : {1, 2}) {
    Task task = flat(substeps);
    task.obstacles = {thin_wall(SolidKind::low_bar, -0.3F, kLowBarHeight)};
    for (int i = 0; i < 8; ++i) {
      const Spawn spawn{Vec3(-4 - 0.08F * static_cast<float>(i), 0, 0), 0};
      Walker walker(task, spawn), croucher(task, spawn), jumper(task, spawn);
      walker.act(forward(), 3);
      croucher.act(forward(-1, 1), 3);
      jumper.act(forward(1), 3);
      CHECK(walker.feet().x() < -0.15F - kAvatar.radius + 0.03F);
      CHECK(croucher.feet().x() < -0.15F - kAvatar.radius + 0.03F);
      CHECK(jumper.feet().x() > 1);
    }
  }
}

TEST_CASE("nobody can stand up where any part of the head would meet the bar above") {
  Task task = flat();
  task.obstacles = {{SolidKind::overhead_bar, Vec3(0, 0, kOverheadBarClearance + 0.15F), Vec3(0.5F, 3, 0.15F), 0}};
  for (float x = -1.5F; x <= 1.5F; x += 0.05F) {
    Walker walker(task, {Vec3(-3, 0, 0), 0});
    walker.act(forward(-1, 1), 0.2F);
    while (walker.feet().x() < x) walker.act({.forward = 0.2F, .crouch = 1});
    walker.act({.crouch = 1}, 0.5F);
    const float beside = std::abs(walker.feet().x()) - 0.5F;
    walker.act({}, 0.5F);
    walker.act({.jump = 1}, 0.8F);  // nor by jumping
    CAPTURE(x, beside);
    CHECK(walker.deepest() < 0.02F);
    // The head is a half sphere: right beside the bar its shoulder fits, at 0.4 m nothing touches.
    if (beside > kAvatar.radius + 0.03F) CHECK_FALSE(walker.avatar().crouching);
    if (beside < 0.9F * kAvatar.radius) {
      CHECK(walker.avatar().crouching);
      CHECK(walker.highest() < 0.02F);
    }
  }
}

TEST_CASE("whoever runs into walls and corners stays in the arena, even with one substep at 10 Hz") {
  for (const int substeps : {1, 2}) {
    TaskParameters parameters;
    parameters.bumpiness = 1;
    parameters.substeps = substeps;
    const Task task = generate_task(parameters, 11);
    const float limit = task.terrain.half_size() - kAvatar.radius + 0.03F;
    for (std::size_t i = 0; i < 8; ++i) {
      Spawn spawn = task.learner_spawns[i];
      spawn.yaw = static_cast<float>(i) * 0.25F * std::numbers::pi_v<float>;
      Walker walker(task, spawn);
      for (int step = 0; step < 200; ++step) {
        walker.act(
            {.forward = 1, .strafe = step % 40 < 20 ? 1.0F : -1.0F, .turn = step % 50 == 0 ? 1.0F : 0.0F, .jump = 1});
        REQUIRE(walker.feet().head<2>().cwiseAbs().maxCoeff() < limit);
      }
      CHECK(walker.deepest() < 0.05F);
    }
  }
}
