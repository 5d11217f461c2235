#include "agents/kernels/sparse_product_bf16.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <vector>

#include "sim/base/random.h"
#include "sim/base/simd_path.h"
#include "tests/support/catch.h"

using namespace medal;

namespace {

/// Rounded to nearest, even.
float rounded(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  return std::bit_cast<float>((bits + 0x7FFFU + ((bits >> 16) & 1U)) & 0xFFFF0000U);
}

struct Matrix {
  Matrix(std::int64_t rows, std::int64_t columns)
      : columns(columns), values(static_cast<std::size_t>(rows * columns)) {}
  float& at(std::int64_t row, std::int64_t column) { return values[static_cast<std::size_t>(row * columns + column)]; }
  std::int64_t columns;
  std::vector<float> values;
};

Matrix random_matrix(std::int64_t rows, std::int64_t columns, float density, Random& random) {
  Matrix matrix(rows, columns);
  for (float& value : matrix.values) value = random.bernoulli(density) ? random.normal() : 0.0F;
  return matrix;
}

struct Sizes {
  std::int64_t rows, columns, width;
  float density;
};
Sizes random_sizes(Random& random) {
  return {random.integer(1, 600), random.integer(1, 700), random.integer(1, 200), random.bernoulli(0.2F) ? 0.0F : 0.2F};
}

}  // namespace

TEST_CASE("the first layer in bfloat16 is that of the rounded observation and weight") {
  if (!has_bf16_products()) return;
  Random random(71);
  for (int trial = 0; trial < 20; ++trial) {
    const auto [rows, columns, width, density] = random_sizes(random);
    Matrix x = random_matrix(rows, columns, density, random), weight = random_matrix(columns, width, 1, random);
    Matrix bias = random_matrix(1, width, 1, random), out(rows, width);
    sparse_layer_bf16(x.values.data(), rows, columns, weight.values.data(), bias.values.data(), width,
                      out.values.data());
    for (std::int64_t row = 0; row < rows; row += 1 + rows / 40)
      for (std::int64_t j = 0; j < width; ++j) {
        double sum = bias.at(0, j), size = std::abs(sum);
        for (std::int64_t k = 0; k < columns; ++k) {
          const double term = double{rounded(x.at(row, k))} * rounded(weight.at(k, j));
          sum += term;
          size += std::abs(term);
        }
        REQUIRE(std::abs(out.at(row, j) - std::max(sum, 0.0)) <= 1e-6 * size + 1e-6);
      }
  }
}

TEST_CASE("the gradient of its weight is that of the rounded observation and output gradient") {
  if (!has_bf16_products()) return;
  Random random(72);
  for (int trial = 0; trial < 20; ++trial) {
    const auto [rows, columns, width, density] = random_sizes(random);
    Matrix x = random_matrix(rows, columns, density, random), gradient = random_matrix(rows, width, 1, random);
    Matrix of_weight = random_matrix(columns, width, 1, random);  // what was there is overwritten
    sparse_weight_gradient_bf16(x.values.data(), rows, columns, gradient.values.data(), width, of_weight.values.data());
    for (std::int64_t k = 0; k < columns; k += 1 + columns / 40)
      for (std::int64_t j = 0; j < width; ++j) {
        double sum = 0, size = 0;
        for (std::int64_t row = 0; row < rows; ++row) {
          const double term = double{rounded(x.at(row, k))} * rounded(gradient.at(row, j));
          sum += term;
          size += std::abs(term);
        }
        REQUIRE(std::abs(of_weight.at(k, j) - sum) <= 1e-6 * size + 1e-6);
      }
  }
}

TEST_CASE("a weight that is not a number shows in the first layer") {
  if (!has_bf16_products()) return;
  Random random(73);
  Matrix x = random_matrix(3, 40, 1, random), weight = random_matrix(40, 16, 1, random), bias(1, 16), out(3, 16);
  weight.at(7, 5) = std::numeric_limits<float>::quiet_NaN();
  sparse_layer_bf16(x.values.data(), 3, 40, weight.values.data(), bias.values.data(), 16, out.values.data());
  for (std::int64_t row = 0; row < 3; ++row) {
    CHECK(std::isnan(out.at(row, 5)));
    CHECK_FALSE(std::isnan(out.at(row, 4)));
  }
}
