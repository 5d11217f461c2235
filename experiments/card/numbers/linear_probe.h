#pragma once

#include <Eigen/Core>
#include <vector>

namespace medal {

/// What can be read off a memory by a linear map: ridge regression on standardised cells.
class LinearProbe {
 public:
  /// Of rows of cells [R, C] to targets [R, T]; needs one row.
  LinearProbe(const Eigen::MatrixXf& cells, const Eigen::MatrixXf& targets);

  Eigen::MatrixXf predict(const Eigen::MatrixXf& cells) const;

 private:
  Eigen::RowVectorXf mean_, scale_;  ///< of the cells
  Eigen::RowVectorXf target_mean_;
  Eigen::MatrixXf weights_;  ///< [C, T]
};

/// How well a score tells the marked ones from the others (AUC): the chance that one that is marked has a higher score
/// than one that is not, equal ones by half. Not a number where there are none of either.
double separation(const std::vector<float>& scores, const std::vector<bool>& marked);

/// Correlation of each column of cells [R, C] with the marks [R]; 0 where a cell or the marks do not change.
std::vector<double> correlations(const Eigen::MatrixXf& cells, const std::vector<bool>& marked);

}  // namespace medal
