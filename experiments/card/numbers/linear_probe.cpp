#include "experiments/card/numbers/linear_probe.h"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace medal {
namespace {

constexpr float kRidge = 1e-2F;  // of the number of rows: cells have variance 1
constexpr float kLeastDeviation = 1e-6F;

/// 1 over the deviation, 0 where there is none.
Eigen::RowVectorXf scales(const Eigen::MatrixXf& centred) {
  const Eigen::RowVectorXf deviation =
      (centred.colwise().squaredNorm() / static_cast<float>(centred.rows())).cwiseSqrt();
  return deviation.unaryExpr([](float one) { return one > kLeastDeviation ? 1 / one : 0.0F; });
}

}  // namespace

LinearProbe::LinearProbe(const Eigen::MatrixXf& cells, const Eigen::MatrixXf& targets)
    : mean_(cells.colwise().mean()), target_mean_(targets.colwise().mean()) {
  const Eigen::MatrixXf centred = cells.rowwise() - mean_;
  scale_ = scales(centred);
  const Eigen::MatrixXf standard = centred * scale_.asDiagonal();
  Eigen::MatrixXf gram = standard.transpose() * standard;
  gram.diagonal().array() += kRidge * static_cast<float>(cells.rows());
  weights_ = gram.ldlt().solve(standard.transpose() * (targets.rowwise() - target_mean_));
}

Eigen::MatrixXf LinearProbe::predict(const Eigen::MatrixXf& cells) const {
  const Eigen::MatrixXf standard = (cells.rowwise() - mean_) * scale_.asDiagonal();
  return (standard * weights_).rowwise() + target_mean_;
}

double separation(const std::vector<float>& scores, const std::vector<bool>& marked) {
  std::vector<std::size_t> rising(scores.size());
  std::iota(rising.begin(), rising.end(), 0);
  std::sort(rising.begin(), rising.end(), [&](std::size_t a, std::size_t b) { return scores[a] < scores[b]; });
  double wins = 0, unmarked_below = 0, all_marked = 0;
  for (std::size_t begin = 0, end = 0; begin < rising.size(); begin = end) {
    double here_marked = 0, here_unmarked = 0;
    for (; end < rising.size() && scores[rising[end]] == scores[rising[begin]]; ++end)
      ++(marked[rising[end]] ? here_marked : here_unmarked);
    wins += here_marked * (unmarked_below + 0.5 * here_unmarked);
    unmarked_below += here_unmarked;
    all_marked += here_marked;
  }
  const double pairs = all_marked * unmarked_below;
  return pairs > 0 ? wins / pairs : std::numeric_limits<double>::quiet_NaN();
}

std::vector<double> correlations(const Eigen::MatrixXf& cells, const std::vector<bool>& marked) {
  Eigen::VectorXf mark(cells.rows());
  for (Eigen::Index row = 0; row < cells.rows(); ++row) mark(row) = marked[static_cast<std::size_t>(row)] ? 1.0F : 0.0F;
  mark.array() -= mark.mean();
  const float deviation = std::sqrt(mark.squaredNorm() / static_cast<float>(mark.size()));
  const Eigen::MatrixXf centred = cells.rowwise() - cells.colwise().mean();
  const Eigen::RowVectorXf scale = scales(centred);
  std::vector<double> all;
  for (Eigen::Index cell = 0; cell < cells.cols(); ++cell) {
    const float covariance = centred.col(cell).dot(mark) / static_cast<float>(mark.size());
    all.push_back(deviation > kLeastDeviation ? static_cast<double>(covariance * scale(cell) / deviation) : 0.0);
  }
  return all;
}

}  // namespace medal
