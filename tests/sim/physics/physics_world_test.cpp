#include "sim/physics/physics_world.h"

#include <cmath>

#include "sim/base/random.h"
#include "sim/generation/generate_task.h"
#include "tests/support/catch.h"

using namespace medal;

namespace {

constexpr float kSubstep = 0.025F;

/// An empty arena whose ground rises along +X with the given slope from x = 0 on.
Task ramp(float slope_degrees, float size = 20) {
  Task task;
  task.parameters.arena_size = size;
  task.terrain.cells = static_cast<int>(size);
  task.terrain.cell_size = 1;
  const float rise = std::tan(slope_degrees * 3.14159265F / 180.0F);
  for (int j = 0; j <= task.terrain.cells; ++j)
    for (int i = 0; i <= task.terrain.cells; ++i)
      task.terrain.heights.push_back(static_cast<std::int16_t>(
          std::lround(std::max(0.0F, static_cast<float>(i) - 0.5F * size) * rise / Terrain::kHeightUnit)));
  task.terrain.heights.resize(task.terrain.heights.size() + 2);
  return task;
}

void run(PhysicsWorld& world, int avatar, const Action& action, float seconds) {
  world.set_action(avatar, action);
  for (int i = 0; i < static_cast<int>(std::lround(seconds / kSubstep)); ++i) world.substep(kSubstep);
}

Action forward() { return {.forward = 1}; }

Action random_action(Random& random) {
  return {.forward = random.uniform(-0.3F, 1),
          .strafe = random.uniform(-1, 1),
          .turn = random.uniform(-1, 1),
          .jump = random.uniform() - 0.8F,
          .crouch = random.uniform() - 0.8F};
}

}  // namespace

TEST_CASE("an avatar reaches its top speed on flat ground and stops when it no longer wants to move") {
  const Task task = ramp(0);
  const Spawn spawn{Vec3(-8, 0, 0), 0};
  PhysicsWorld world(task, std::span(&spawn, 1));
  run(world, 0, forward(), 1.0F);
  CHECK(world.avatar(0).velocity.x() == Approx(kAvatar.speed).epsilon(0.01));
  CHECK(world.avatar(0).on_ground);
  CHECK(std::abs(world.avatar(0).feet.z()) < 0.01F);
  run(world, 0, {}, 1.0F);
  CHECK(world.avatar(0).velocity.norm() < 0.05F);
  run(world, 0, {.strafe = 1, .crouch = 1}, 1.0F);
  CHECK(world.avatar(0).velocity.y() == Approx(kAvatar.crouch_speed).epsilon(0.01));
}

TEST_CASE("an avatar turns at the stated rate, counter-clockwise for positive actions") {
  const Task task = ramp(0);
  const Spawn spawn{Vec3(0, 0, 0), 0};
  PhysicsWorld world(task, std::span(&spawn, 1));
  run(world, 0, {.turn = 1}, 0.5F);
  CHECK(world.avatar(0).yaw == Approx(0.5F * kAvatar.turn_rate).epsilon(0.001));
}

TEST_CASE("slopes below the stated angle can be climbed and stood on, steeper ones cannot") {
  const Spawn spawn{Vec3(-2, 0, 0), 0};
  const float limit = kAvatar.max_slope * 180.0F / 3.14159265F;
  const Task gentle = ramp(limit - 5), steep = ramp(limit + 5);
  PhysicsWorld climbing(gentle, std::span(&spawn, 1)), sliding(steep, std::span(&spawn, 1));
  run(climbing, 0, forward(), 2.5F);
  CHECK(climbing.avatar(0).feet.z() > 3.0F);
  run(climbing, 0, {}, 0.5F);  // comes to rest
  const Vec3 rest = climbing.avatar(0).feet;
  run(climbing, 0, {}, 3.0F);
  CHECK((climbing.avatar(0).feet - rest).norm() < 0.01F);
  run(sliding, 0, forward(), 4.0F);
  CHECK(sliding.avatar(0).feet.x() > -0.5F);  // it is at the foot of the slope
  CHECK(sliding.avatar(0).feet.z() < 0.5F);
}

TEST_CASE("a jump clears a low bar and not an upright") {
  Task task = ramp(0);
  task.obstacles = {{SolidKind::low_bar, Vec3(0, 0, 0.25F), Vec3(0.15F, 2, 0.35F), 0},
                    {SolidKind::upright, Vec3(6, 0, 1.2F), Vec3(0.5F, 2, 1.3F), 0}};
  const Spawn spawn{Vec3(-3, 0, 0), 0};
  PhysicsWorld world(task, std::span(&spawn, 1));
  run(world, 0, forward(), 1.5F);
  CHECK(world.avatar(0).feet.x() < -0.4F);  // the bar stops a walker
  float highest = 0;
  for (int i = 0; i < 80; ++i) {
    run(world, 0, {.forward = 1, .jump = 1}, kSubstep);
    highest = std::max(highest, world.avatar(0).feet.z());
  }
  CHECK(highest == Approx(kAvatar.jump_speed * kAvatar.jump_speed / (2 * 9.81F)).margin(0.1));
  run(world, 0, {.forward = 1, .jump = 1}, 2.0F);
  CHECK(world.avatar(0).feet.x() > 1.0F);
  CHECK(world.avatar(0).feet.x() < 5.2F);
}

TEST_CASE("an overhead bar stops who stands, lets pass who crouches, and keeps them down below it") {
  Task task = ramp(0);
  const float bottom = kOverheadBarClearance;
  task.obstacles = {{SolidKind::overhead_bar, Vec3(0, 0, bottom + 0.15F), Vec3(1, 3, 0.15F), 0}};
  const Spawn spawn{Vec3(-4, 0, 0), 0};
  PhysicsWorld world(task, std::span(&spawn, 1));
  run(world, 0, forward(), 2.0F);
  CHECK(world.avatar(0).feet.x() < -1.3F);
  run(world, 0, {.forward = 1, .crouch = 1}, 0.5F);
  CHECK(world.avatar(0).feet.x() > -1.0F);
  run(world, 0, {}, 0.5F);
  CHECK(world.avatar(0).crouching);  // no headroom
  run(world, 0, forward(), 2.0F);
  CHECK(world.avatar(0).feet.x() > 1.5F);
  CHECK_FALSE(world.avatar(0).crouching);
}

TEST_CASE("random walkers never sink in by more than 2 cm, leave the arena or gain energy") {
  for (const float bumpiness : {0.0F, 0.6F, 1.2F}) {
    TaskParameters parameters;
    parameters.bumpiness = bumpiness;
    const Task task = generate_task(parameters, 7);
    std::vector<Spawn> spawns(task.learner_spawns.begin(), task.learner_spawns.begin() + 4);
    PhysicsWorld world(task, spawns);
    Random random(1, static_cast<std::uint64_t>(bumpiness * 10));
    const float lowest = -bumpiness - 0.02F;
    double walked = 0;                         // m, of all
    for (int step = 0; step < 2500; ++step) {  // of 4 substeps each, for 4 avatars
      for (int i = 0; i < 4; ++i)
        if (step % 5 == i) world.set_action(i, random_action(random));
      for (int s = 0; s < 4; ++s) {
        world.substep(kSubstep);
        REQUIRE(world.deepest_penetration() < 0.02F);
      }
      for (int i = 0; i < 4; ++i) {
        const AvatarState& avatar = world.avatar(i);
        REQUIRE(std::max(std::abs(avatar.feet.x()), std::abs(avatar.feet.y())) < 0.5F * parameters.arena_size);
        REQUIRE(avatar.feet.z() > lowest);
        // Nobody is higher than a jump from the top of the highest low bar, or faster than running down.
        REQUIRE(avatar.feet.z() < bumpiness + kLowBarHeight + 1.5F);
        REQUIRE(avatar.velocity.norm() < 10.0F);
        walked += static_cast<double>(avatar.velocity.head<2>().norm()) * 4 * static_cast<double>(kSubstep);
      }
    }
    CHECK(walked > 1000);
  }
}

TEST_CASE("an avatar's path does not depend on what others do, bit for bit") {
  const Task task = generate_task(TaskParameters{}, 3);
  const std::vector<Spawn> two = {task.learner_spawns[0], task.learner_spawns[1]};
  const std::vector<Spawn> same = {task.learner_spawns[0], task.learner_spawns[2]};
  PhysicsWorld first(task, two), second(task, same);
  Random mine(5), others(6);
  for (int step = 0; step < 3000; ++step) {
    if (step % 8 == 0) {
      const Action action = random_action(mine);
      first.set_action(0, action);
      second.set_action(0, action);
      second.set_action(1, random_action(others));
    }
    first.substep(kSubstep);
    second.substep(kSubstep);
    REQUIRE(first.avatar(0).feet == second.avatar(0).feet);
    REQUIRE(first.avatar(0).velocity == second.avatar(0).velocity);
  }
  CHECK((first.avatar(0).feet - two[0].feet).norm() > 1);
  CHECK((first.avatar(1).feet - second.avatar(1).feet).norm() > 1);
}

TEST_CASE("avatars walk through each other") {
  const Task task = ramp(0);
  const std::vector<Spawn> spawns = {{Vec3(-3, 0, 0), 0}, {Vec3(0, 0, 0), 0}};
  PhysicsWorld world(task, spawns);
  run(world, 0, forward(), 1.0F);
  CHECK(world.avatar(0).feet.x() > 1.0F);
  CHECK(world.avatar(1).feet.x() == Approx(0.0F).margin(1e-3));
}

TEST_CASE("a fall from three metres ends on the surface") {
  const Task task = ramp(0);
  const Spawn spawn{Vec3(0, 0, 3), 0};
  PhysicsWorld world(task, std::span(&spawn, 1));
  for (int i = 0; i < 100; ++i) {
    run(world, 0, {}, kSubstep);
    REQUIRE(world.deepest_penetration() < 0.02F);
  }
  CHECK(world.avatar(0).on_ground);
}

TEST_CASE("exact contacts move an avatar as Bullet's own do, where those do not snag") {
  struct Way {
    float slope, yaw;
  };
  for (const Way& way : {Way{0, 0.2F}, Way{15, 0.2F}, Way{15, -0.6F}}) {
    const Task task = ramp(way.slope);
    const Spawn spawn{Vec3(-4, 0.3F, 0), way.yaw};
    PhysicsWorld exact(task, std::span(&spawn, 1), PhysicsWorld::NarrowPhase::analytic);
    PhysicsWorld reference(task, std::span(&spawn, 1), PhysicsWorld::NarrowPhase::bullet);
    run(exact, 0, forward(), 1.5F);
    run(reference, 0, forward(), 1.5F);
    CAPTURE(way.slope, way.yaw);
    const float length = (exact.avatar(0).feet - spawn.feet).norm();
    CHECK(length > 5);
    // Bullet's own contacts slow a walker a little even on plain ground: 3 to 8 % were measured.
    CHECK((exact.avatar(0).feet - reference.avatar(0).feet).norm() < 0.1F * length);
  }
}
