#include "experiments/card/mind_probes.h"

#include <cmath>
#include <limits>

#include "experiments/card/numbers/estimates.h"

namespace medal {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

template <class Wanted>
MindRows rows_where(std::span<const Mind> minds, Wanted wanted) {
  MindRows rows;
  for (const Mind& mind : minds)
    for (const MindStep& step : mind.steps)
      if (wanted(step)) rows.steps.push_back(&step);
  const auto width = static_cast<Eigen::Index>(minds.front().steps.front().cells.size());
  rows.cells.resize(static_cast<Eigen::Index>(rows.steps.size()), width);
  for (Eigen::Index row = 0; row < rows.cells.rows(); ++row)
    rows.cells.row(row) =
        Eigen::Map<const Eigen::RowVectorXf>(rows.steps[static_cast<std::size_t>(row)]->cells.data(), width);
  return rows;
}

bool has_next(const MindStep& step) { return step.next_goal >= 0; }

/// How well what `score_of` reads off the cells tells the marked steps from the others: mean over the tasks that have
/// steps of both kinds.
template <class ScoreOf>
Interval judged(const MindHalves& halves, bool MindStep::*mark, ScoreOf score_of) {
  return ratio(of_tasks(halves.judged_on, [&](const std::vector<Mind>& minds) {
    const MindRows rows = rows_of(minds);
    const Eigen::VectorXf scores = score_of(rows.cells);
    const double told = separation({scores.data(), scores.data() + scores.size()}, rows.marks(mark));
    return std::isnan(told) ? Ratio{0, 0} : Ratio{told, 1};
  }));
}

const Vec3& colour_of(const Mind& mind, int goal) { return mind.task->goals[static_cast<std::size_t>(goal)].colour; }

/// Of the goals but the one entered last, the one whose colour is nearest.
int nearest_goal(const Mind& mind, int last_goal, const Vec3& colour) {
  int nearest = -1;
  float least = std::numeric_limits<float>::infinity();
  for (int goal = 0; goal < static_cast<int>(mind.task->goals.size()); ++goal) {
    const float distance = (colour_of(mind, goal) - colour).norm();
    if (goal == last_goal || distance >= least) continue;
    least = distance;
    nearest = goal;
  }
  return nearest;
}

Eigen::MatrixXf next_colours(const std::vector<Mind>& minds, Eigen::Index rows) {
  Eigen::MatrixXf colours(rows, 3);
  Eigen::Index row = 0;
  for (const Mind& mind : minds)
    for (const MindStep& step : mind.steps)
      if (has_next(step)) colours.row(row++) = colour_of(mind, step.next_goal).transpose();
  return colours;
}

}  // namespace

std::vector<bool> MindRows::marks(bool MindStep::*mark) const {
  std::vector<bool> all;
  for (const MindStep* step : steps) all.push_back(step->*mark);
  return all;
}

MindRows rows_of(std::span<const Mind> minds) {
  return rows_where(minds, [](const MindStep&) { return true; });
}

Interval probe(const MindHalves& halves, bool MindStep::*mark) {
  const MindRows rows = rows_of(halves.chosen_on);
  Eigen::MatrixXf targets(rows.cells.rows(), 1);
  for (Eigen::Index row = 0; row < rows.cells.rows(); ++row)
    targets(row, 0) = rows.steps[static_cast<std::size_t>(row)]->*mark ? 1.0F : 0.0F;
  const LinearProbe linear(rows.cells, targets);
  return judged(halves, mark, [&](const Eigen::MatrixXf& cells) -> Eigen::VectorXf { return linear.predict(cells); });
}

Interval probe_by_cell(const MindHalves& halves, bool MindStep::*mark, std::size_t cell) {
  const MindRows rows = rows_of(halves.chosen_on);
  const float sign = correlations(rows.cells, rows.marks(mark))[cell] < 0 ? -1.0F : 1.0F;
  return judged(halves, mark, [&](const Eigen::MatrixXf& cells) -> Eigen::VectorXf {
    return sign * cells.col(static_cast<Eigen::Index>(cell));
  });
}

Interval probe_next_goal(const MindHalves& halves) {
  const MindRows rows = rows_where(halves.chosen_on, has_next);
  if (rows.steps.empty()) return {kNone, kNone, kNone};
  const LinearProbe linear(rows.cells, next_colours(halves.chosen_on, rows.cells.rows()));
  return ratio(of_tasks(halves.judged_on, [&](const std::vector<Mind>& minds) {
    Ratio right{0, 0};
    for (const Mind& mind : minds) {
      const MindRows own = rows_where(std::span(&mind, 1), has_next);
      if (own.steps.empty()) continue;
      const Eigen::MatrixXf colours = linear.predict(own.cells);
      for (Eigen::Index row = 0; row < colours.rows(); ++row) {
        const MindStep& step = *own.steps[static_cast<std::size_t>(row)];
        const int read = nearest_goal(mind, step.last_goal, colours.row(row).transpose());
        right += {read == step.next_goal ? 1.0 : 0.0, 1};
      }
    }
    return right;
  }));
}

}  // namespace medal
