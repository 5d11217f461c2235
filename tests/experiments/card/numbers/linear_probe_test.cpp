#include "experiments/card/numbers/linear_probe.h"

#include <cmath>

#include "sim/base/random.h"
#include "tests/support/catch.h"

using namespace medal;

namespace {

Eigen::MatrixXf noise(int rows, int cells, std::uint64_t seed) {
  Random random(seed);
  Eigen::MatrixXf values(rows, cells);
  for (int row = 0; row < rows; ++row)
    for (int cell = 0; cell < cells; ++cell) values(row, cell) = random.normal();
  return values;
}

}  // namespace

TEST_CASE("a probe reads what is a linear map of the cells, in rows that it was not fitted to, and nothing else") {
  const Eigen::MatrixXf fitted = noise(2000, 6, 1), other = noise(500, 6, 2);
  const auto targets = [](const Eigen::MatrixXf& cells) -> Eigen::MatrixXf {
    Eigen::MatrixXf both(cells.rows(), 2);
    both.col(0) = 2 * cells.col(1) - cells.col(4);
    both.col(0).array() += 3;
    both.col(1) = cells.col(0).cwiseProduct(cells.col(2));  // no linear map
    return both;
  };
  const LinearProbe probe(fitted, targets(fitted));
  const Eigen::MatrixXf read = probe.predict(other), wanted = targets(other);
  CHECK((read.col(0) - wanted.col(0)).cwiseAbs().mean() < 0.05F);
  CHECK((read.col(1) - wanted.col(1)).squaredNorm() > 0.8F * wanted.col(1).squaredNorm());
}

TEST_CASE("a probe takes cells that never change") {
  Eigen::MatrixXf cells = noise(50, 2, 3);
  const Eigen::MatrixXf targets = cells.col(0);
  cells.col(1).setConstant(4);
  CHECK((LinearProbe(cells, targets).predict(cells) - targets).cwiseAbs().maxCoeff() < 0.1F);
}

TEST_CASE("separation is 1, one half or 0, and none where all are alike") {
  CHECK(separation({1, 2, 3, 4}, {false, false, true, true}) == 1.0);
  CHECK(separation({4, 3, 2, 1}, {false, false, true, true}) == 0.0);
  CHECK(separation({5, 5, 5, 5}, {false, true, false, true}) == 0.5);
  CHECK(separation({1, 2, 3, 4}, {false, true, false, true}) == 0.75);
  CHECK(std::isnan(separation({1, 2}, {true, true})));
}

TEST_CASE("correlation tells which cells go with a mark, and which way") {
  std::vector<bool> marked(1000);
  Eigen::MatrixXf cells = noise(1000, 4, 4);
  for (int row = 0; row < 1000; ++row) {
    marked[static_cast<std::size_t>(row)] = row % 3 == 0;
    cells(row, 1) = row % 3 == 0 ? -2.0F : 1.0F;
    cells(row, 2) = 7;
  }
  const std::vector<double> with_mark = correlations(cells, marked);
  CHECK(with_mark[1] == Approx(-1));
  CHECK(with_mark[2] == 0);
  CHECK(std::abs(with_mark[0]) < 0.1);
}
