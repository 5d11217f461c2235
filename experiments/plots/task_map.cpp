#include "experiments/plots/task_map.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "sim/task/footprint.h"

namespace medal {
namespace {

constexpr std::string_view kShades = " .:";  // low, middle, high ground

char ground_at(const Task& task, const Vec2& point) {
  for (const Obstacle& obstacle : task.obstacles)
    if (Footprint(obstacle).distance(point) < 0.2F)
      return obstacle.kind == SolidKind::upright ? '#' : obstacle.kind == SolidKind::low_bar ? '-' : '=';
  const float amplitude = std::max(0.01F, task.parameters.bumpiness);
  const float share = 0.5F + 0.5F * task.terrain.height(point.x(), point.y()) / amplitude;
  const int shade = std::clamp(static_cast<int>(share * 3.0F), 0, 2);
  return kShades[static_cast<std::size_t>(shade)];
}

}  // namespace

std::string task_map(const Task& task, int columns) {
  const int rows = columns / 2;  // characters are twice as high as wide
  const float size = task.terrain.size();
  std::vector<std::string> lines;
  for (int r = 0; r < rows; ++r) {
    std::string line;
    for (int c = 0; c < columns; ++c)
      line += ground_at(task, {((static_cast<float>(c) + 0.5F) / static_cast<float>(columns) - 0.5F) * size,
                               (0.5F - (static_cast<float>(r) + 0.5F) / static_cast<float>(rows)) * size});
    lines.push_back(line);
  }
  const auto put = [&](const Vec3& point, char mark) {
    const int c = std::clamp(static_cast<int>((point.x() / size + 0.5F) * static_cast<float>(columns)), 0, columns - 1);
    const int r = std::clamp(static_cast<int>((0.5F - point.y() / size) * static_cast<float>(rows)), 0, rows - 1);
    lines[static_cast<std::size_t>(r)][static_cast<std::size_t>(c)] = mark;
  };
  put(task.learner_spawns.front().feet, 'L');
  put(task.expert_spawn.feet, 'E');
  for (std::size_t i = 0; i < task.order.size(); ++i)
    put(task.goals[static_cast<std::size_t>(task.order[i])].center, static_cast<char>('1' + i));
  const std::string edge = "+" + std::string(static_cast<std::size_t>(columns), '-') + "+\n";
  std::string text = edge;
  for (const std::string& line : lines) text += "|" + line + "|\n";
  return text + edge;
}

}  // namespace medal
