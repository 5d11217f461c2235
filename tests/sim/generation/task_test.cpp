#include "sim/task/task.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>

#include "sim/base/error.h"
#include "sim/base/version.h"
#include "sim/generation/crossings.h"
#include "sim/generation/generate_task.h"
#include "sim/generation/goal_colours.h"
#include "sim/task/avatar.h"
#include "sim/task/footprint.h"
#include "tests/support/catch.h"
#include "tests/support/file_helpers.h"
#include "tests/support/places.h"

using namespace medal;

namespace {

bool same(const Task& a, const Task& b) { return task_to_json(a) == task_to_json(b); }

bool same(const Obstacle& a, const Obstacle& b) {
  return a.kind == b.kind && a.center == b.center && a.half_extents == b.half_extents && a.yaw == b.yaw;
}

/// Of a full-bright colour, in [0, 1): the inverse of hue_to_rgb by the textbook.
float hue_of(const Vec3& colour) {
  Eigen::Index brightest = 0;
  colour.maxCoeff(&brightest);
  const float next = colour[(brightest + 1) % 3], after = colour[(brightest + 2) % 3];
  const float hue = (2.0F * static_cast<float>(brightest) + next - after) / 6.0F;
  return hue - std::floor(hue);
}

const Goal& goal_at(const Task& task, std::size_t place) {
  return task.goals[static_cast<std::size_t>(task.order[place])];
}

TaskParameters empty_arena(float size) {
  TaskParameters parameters;
  parameters.arena_size = size;
  parameters.upright_density = parameters.low_bar_density = parameters.overhead_bar_density = 0;
  return parameters;
}

}  // namespace

TEST_CASE("a task is a pure function of its parameters and seeds") {
  const TaskParameters parameters;
  CHECK(same(generate_task(parameters, 5), generate_task(parameters, 5)));
  CHECK_FALSE(same(generate_task(parameters, 5), generate_task(parameters, 6)));
  const Task a = generate_task(parameters, 5, 9), b = generate_task(parameters, 6, 9);
  CHECK(a.terrain.heights == b.terrain.heights);
  REQUIRE(a.obstacles.size() > 3);
  CHECK(std::equal(a.obstacles.begin(), a.obstacles.end(), b.obstacles.begin(), b.obstacles.end(),
                   [](const Obstacle& left, const Obstacle& right) { return same(left, right); }));
  CHECK(a.goals[0].center != b.goals[0].center);
}

TEST_CASE("terrain reaches its amplitude, stays within it, and its surface is continuous") {
  for (const float bumpiness : {0.0F, 0.25F, 2.0F}) {
    TaskParameters parameters;
    parameters.bumpiness = bumpiness;
    const Terrain terrain = generate_task(parameters, 2).terrain;
    float highest = 0;
    for (int j = 0; j <= terrain.cells; ++j)
      for (int i = 0; i <= terrain.cells; ++i) highest = std::max(highest, std::abs(terrain.corner(i, j)));
    CHECK(highest <= bumpiness);
    CHECK(highest >= bumpiness - 0.01F);
    // Along a line that crosses cells and diagonals the height never jumps.
    for (float x = -9.9F; x < 9.9F; x += 0.01F) {
      const float step = terrain.height(x + 0.01F, 0.3F * x) - terrain.height(x, 0.3F * x);
      REQUIRE(std::abs(step) < 0.08F * bumpiness + 1e-4F);
    }
    for (int k = 0; k < 50; ++k) {
      const float x = -9.5F + 0.37F * static_cast<float>(k);
      CHECK(terrain.normal(x, -x).norm() == Approx(1.0));
      CHECK(terrain.normal(x, -x).z() > 0);
    }
  }
}

TEST_CASE("layouts keep their distances") {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    TaskParameters p;
    p.goals = 3 + static_cast<int>(seed % 6);
    const Task task = generate_task(p, seed);
    REQUIRE(task.goals.size() == static_cast<std::size_t>(p.goals));
    REQUIRE(task.learner_spawns.size() == kMaximumLearners);
    const float half_size = task.terrain.half_size();
    std::vector<Spawn> spawns = task.learner_spawns;
    spawns.push_back(task.expert_spawn);
    for (const Goal& goal : task.goals) {
      CHECK(goal.center.head<2>().cwiseAbs().maxCoeff() + goal.radius <= half_size);
      for (const Goal& other : task.goals)
        if (&other != &goal) CHECK((goal.center - other.center).head<2>().norm() >= p.goal_spacing);
      for (const Obstacle& obstacle : task.obstacles)
        CHECK(Footprint(obstacle).distance(goal.center.head<2>()) >= goal.radius);
      for (const Spawn& spawn : spawns)
        CHECK((spawn.feet - goal.center).head<2>().norm() > goal.radius + kAvatar.radius + 0.5F);
    }
    for (const Spawn& spawn : spawns) {
      const float ground = task.terrain.height(spawn.feet.x(), spawn.feet.y());
      CHECK(spawn.feet.z() >= ground - 1e-3F);
      CHECK(spawn.feet.z() < ground + 0.25F);
      for (const Obstacle& obstacle : task.obstacles) CHECK(Footprint(obstacle).distance(spawn.feet.head<2>()) >= 1.0F);
    }
  }
}

TEST_CASE("obstacles come at their densities and have the heights that the body needs") {
  TaskParameters p;
  std::map<SolidKind, int> counts;
  constexpr int kTasks = 200;
  for (std::uint64_t seed = 0; seed < kTasks; ++seed) {
    const Task task = generate_task(p, seed);
    for (const Obstacle& o : task.obstacles) {
      ++counts[o.kind];
      const float ground = task.terrain.height(o.center.x(), o.center.y());
      const float top = o.center.z() + o.half_extents.z(), bottom = o.center.z() - o.half_extents.z();
      if (o.kind == SolidKind::upright) CHECK(top >= ground + 2.5F);
      if (o.kind == SolidKind::low_bar) CHECK(top >= ground + kLowBarHeight - 1e-3F);
      if (o.kind == SolidKind::overhead_bar) CHECK(bottom >= ground + kOverheadBarClearance - 1e-3F);
      if (o.kind != SolidKind::overhead_bar) CHECK(bottom < ground);
    }
  }
  const double area = 400.0 * kTasks;
  CHECK(counts[SolidKind::upright] / area == Approx(0.02).epsilon(0.1));
  CHECK(counts[SolidKind::low_bar] / area == Approx(0.01).epsilon(0.1));
  CHECK(counts[SolidKind::overhead_bar] / area == Approx(0.01).epsilon(0.1));
}

TEST_CASE("every cyclic order comes up equally often") {
  TaskParameters p = empty_arena(14);
  p.goals = 4;
  std::map<std::vector<int>, int> counts;
  constexpr int kTasks = 2400;
  for (std::uint64_t seed = 0; seed < kTasks; ++seed) ++counts[generate_task(p, seed).order];
  REQUIRE(counts.size() == 24);
  for (const auto& [order, count] : counts) CHECK(count == Approx(100).margin(50));  // 5 standard deviations
}

TEST_CASE("crossings are counted as geometry has them, and can be wished for") {
  const std::vector<Vec2> square = {{0, 0}, {1, 0}, {1, 1}, {0, 1}}, bow = {{0, 0}, {1, 1}, {1, 0}, {0, 1}};
  CHECK(count_crossings(square) == 0);
  CHECK(count_crossings(bow) == 1);
  std::vector<Vec2> star;
  for (int i = 0; i < 5; ++i) {
    const float angle = static_cast<float>(2 * i) * 2.0F * 3.14159265F / 5.0F;
    star.emplace_back(std::cos(angle), std::sin(angle));
  }
  CHECK(count_crossings(star) == 5);

  TaskParameters p = empty_arena(14);
  for (const int wanted : {0, 1, 2, 5}) {
    p.crossings = wanted;
    for (std::uint64_t seed = 0; seed < 10; ++seed) CHECK(generate_task(p, seed).crossings == wanted);
  }
}

// Of the 12 tours through 5 points in convex position 1 crosses nowhere, 5 once, 5 twice, and 1 five times.
TEST_CASE("the tours of a pentagon have the known crossings") {
  std::vector<Vec2> corners;
  for (int i = 0; i < 5; ++i) {
    const float angle = static_cast<float>(i) * 2.0F * 3.14159265F / 5.0F;
    corners.emplace_back(std::cos(angle), std::sin(angle));
  }
  std::vector<int> order = {0, 1, 2, 3, 4};
  std::map<int, int> tours;
  do {
    if (order[0] != 0 || order[1] > order[4]) continue;  // one of the 10 ways to write each tour
    std::vector<Vec2> tour;
    for (int i : order) tour.push_back(corners[static_cast<std::size_t>(i)]);
    ++tours[count_crossings(tour)];
  } while (std::next_permutation(order.begin(), order.end()));
  CHECK(tours == std::map<int, int>{{0, 1}, {1, 5}, {2, 5}, {5, 1}});
}

TEST_CASE("an impossible layout is refused in words that name the knobs") {
  TaskParameters p = empty_arena(8);
  p.goals = 8;
  p.goal_spacing = 8;
  CHECK_THROWS_WITH(generate_task(p, 1), has_text("goal_spacing") && has_text("arena_size"));
  p = empty_arena(14);
  p.goals = 3;
  p.crossings = 4;
  CHECK_THROWS_AS(generate_task(p, 1), UserError);
}

TEST_CASE("a task survives its text, and broken texts are refused") {
  const Task task = generate_task(TaskParameters{}, 12);
  const std::string text = task_to_json(task);
  const Task back = task_from_json(text);
  CHECK(same(task, back));
  CHECK(back.parameters == task.parameters);
  CHECK_THROWS_AS(task_from_json(""), UserError);
  CHECK_THROWS_AS(task_from_json(text.substr(0, text.size() / 2)), UserError);
  CHECK_THROWS_AS(task_from_json("{}"), UserError);
  std::string foreign = text;
  foreign.replace(foreign.find("medal-task"), 10, "other-task");
  CHECK_THROWS_AS(task_from_json(foreign), UserError);
  Task crowded = task;
  for (int goal = static_cast<int>(task.goals.size()); goal <= kMaximumGoals; ++goal) {
    crowded.goals.push_back(task.goals[0]);
    crowded.order.push_back(goal);
  }
  CHECK_THROWS_WITH(task_from_json(task_to_json(crowded)), has_text("too many goals"));
}

TEST_CASE("a task file of release one is read, and its seeds still give that very task") {
  const Task task = task_from_json(content_of(source_folder() / "tests/fixtures/release_1/task.json"));
  CHECK(task.goals.size() == 3);
  CHECK(same(task, generate_task(task.parameters, task.seed, task.geometry_seed)));
}

TEST_CASE("a task file of another version says who wrote it") {
  std::string text = task_to_json(generate_task(TaskParameters{}, 12));
  const std::string version = "\"version\":3", writer = "\"program_version\":\"" + program_version() + "\"";
  text.replace(text.find(version), version.size(), "\"version\":99");
  text.replace(text.find(writer), writer.size(), "\"program_version\":\"9.0.0\"");
  CHECK_THROWS_WITH(task_from_json(text), has_text("version 99") && has_text("medal 9.0.0 wrote it"));
}

TEST_CASE("hues go round from red by green and blue") {
  CHECK(hue_to_rgb(0) == Vec3(1, 0, 0));
  CHECK((hue_to_rgb(1.0F / 3) - Vec3(0, 1, 0)).norm() < 1e-5F);
  CHECK((hue_to_rgb(2.0F / 3) - Vec3(0, 0, 1)).norm() < 1e-5F);
  CHECK((hue_to_rgb(0.25F) - Vec3(0.5F, 1, 0)).norm() < 1e-5F);
  for (float hue = 0; hue < 0.99F; hue += 0.013F) CHECK(hue_of(hue_to_rgb(hue)) == Approx(hue).margin(1e-5));
}

TEST_CASE("random colours are at least colour_distance apart, not dark, and say nothing about the order") {
  TaskParameters p = empty_arena(20);
  p.colours = Colouring::random;
  constexpr int kTasks = 1000;
  for (const float distance : {0.0F, 0.45F, 0.6F}) {
    p.colour_distance = distance;
    p.goals = distance > 0 ? kMaximumGoals : 3;
    Vec3 sum_of_first = Vec3::Zero(), sum_of_last = Vec3::Zero();
    float nearest = 9;
    for (std::uint64_t seed = 0; seed < kTasks; ++seed) {
      const Task task = generate_task(p, seed);
      for (std::size_t i = 0; i < task.goals.size(); ++i) {
        const Vec3& colour = goal_at(task, i).colour;
        REQUIRE(colour.minCoeff() >= 0);
        REQUIRE(colour.maxCoeff() <= 1);
        REQUIRE(colour.norm() >= kDarkest);
        for (std::size_t k = 0; k < i; ++k) nearest = std::min(nearest, (colour - goal_at(task, k).colour).norm());
      }
      sum_of_first += goal_at(task, 0).colour;
      sum_of_last += goal_at(task, task.goals.size() - 1).colour;
    }
    CHECK(nearest >= distance);
    CHECK(nearest < distance + 0.05F);
    // Channels deviate by at most 0.29: five standard deviations of the difference of two means of kTasks.
    CHECK(((sum_of_first - sum_of_last) / kTasks).cwiseAbs().maxCoeff() < 5 * 0.29F * std::sqrt(2.0F / kTasks));
  }
}

TEST_CASE("even colours are hues evenly apart and say nothing about the order") {
  TaskParameters p = empty_arena(14);
  p.colours = Colouring::even;
  constexpr int kTasks = 2000, kGoals = 5, kTenths = 10;
  p.goals = kGoals;
  int first_hues[kTenths] = {}, steps[kGoals] = {};
  for (std::uint64_t seed = 0; seed < kTasks; ++seed) {
    const Task task = generate_task(p, seed);
    const float first = hue_of(goal_at(task, 0).colour);
    ++first_hues[static_cast<int>(first * kTenths) % kTenths];
    std::set<int> places;  // of the hues on the circle, in fifths from the first goal's
    for (std::size_t i = 0; i < kGoals; ++i) {
      const float fifths = (hue_of(goal_at(task, i).colour) - first) * kGoals;
      REQUIRE(fifths == Approx(std::round(fifths)).margin(1e-3));
      places.insert((static_cast<int>(std::lround(fifths)) + kGoals) % kGoals);
    }
    REQUIRE(places.size() == kGoals);
    const float step = (hue_of(goal_at(task, 1).colour) - first) * kGoals;
    ++steps[(static_cast<int>(std::lround(step)) + kGoals) % kGoals];
  }
  // Five standard deviations of what even chances give.
  for (const int count : first_hues) CHECK(count == Approx(kTasks / kTenths).margin(67));
  CHECK(steps[0] == 0);
  for (int k = 1; k < kGoals; ++k) CHECK(steps[k] == Approx(kTasks / (kGoals - 1)).margin(97));
}
