#include "experiments/plots/task_map.h"

#include <algorithm>
#include <cmath>

#include "sim/generation/generate_task.h"
#include "sim/task/footprint.h"
#include "tests/support/catch.h"

using namespace medal;

namespace {

constexpr int kColumns = 72, kRows = 36;

Task example_task() {
  TaskParameters parameters;
  parameters.arena_size = 20;
  parameters.goals = 5;
  return generate_task(parameters, 4, 4);
}

/// What stands at a point of the arena in the map that is drawn of it.
char mark_at(const std::string& map, const Task& task, const Vec3& point) {
  const float size = task.terrain.size();
  const auto cell = [size](float share, int count) {
    return std::clamp(static_cast<int>(std::floor(share / size * static_cast<float>(count))), 0, count - 1);
  };
  const int column = cell(point.x() + size / 2, kColumns), row = cell(size / 2 - point.y(), kRows);
  const int line = kColumns + 3;  // with the edge and the end of the line
  return map.at(static_cast<std::size_t>((row + 1) * line + 1 + column));
}

}  // namespace

TEST_CASE("a map shows the goals by their place in the order where they are, and where everybody begins") {
  const Task task = example_task();
  const std::string map = task_map(task, kColumns);
  CHECK(map.size() == static_cast<std::size_t>((kRows + 2) * (kColumns + 3)));
  for (std::size_t place = 0; place < task.order.size(); ++place) {
    const char mark = static_cast<char>('1' + place);
    CHECK(std::count(map.begin(), map.end(), mark) == 1);
    CHECK(mark_at(map, task, task.goals[static_cast<std::size_t>(task.order[place])].center) == mark);
  }
  CHECK(mark_at(map, task, task.expert_spawn.feet) == 'E');
  CHECK(mark_at(map, task, task.learner_spawns.front().feet) == 'L');
}

TEST_CASE("a map shows each obstacle by the sign of its kind") {
  const Task task = example_task();
  const std::string map = task_map(task, kColumns);
  REQUIRE(!task.obstacles.empty());
  int shown = 0;
  for (const Obstacle& obstacle : task.obstacles) {
    const char mark = mark_at(map, task, obstacle.center);
    const char sign = obstacle.kind == SolidKind::upright ? '#' : obstacle.kind == SolidKind::low_bar ? '-' : '=';
    shown += mark == sign ? 1 : 0;
  }
  // A narrow one may fall between two rows of characters.
  CHECK(shown >= static_cast<int>(0.7 * static_cast<double>(task.obstacles.size())));
}
