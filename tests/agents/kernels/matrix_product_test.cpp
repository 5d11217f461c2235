#include "agents/kernels/matrix_product.h"

#include <cmath>
#include <vector>

#include "sim/base/random.h"
#include "tests/support/catch.h"

using namespace medal;

namespace {

std::vector<SimdPath> paths_here() {
  std::vector<SimdPath> paths = {SimdPath::portable};
  if (best_simd_path() >= SimdPath::avx2) paths.push_back(SimdPath::avx2);
  if (best_simd_path() >= SimdPath::avx512) paths.push_back(SimdPath::avx512);
  return paths;
}

std::vector<float> random_matrix(std::int64_t size, Random& random) {
  std::vector<float> values(static_cast<std::size_t>(size));
  for (float& value : values) value = random.normal();
  return values;
}

float element(const std::vector<float>& values, std::int64_t index) { return values[static_cast<std::size_t>(index)]; }

}  // namespace

TEST_CASE("every vector path multiplies matrices of any size as plain double loops do", "[simd]") {
  Random random(31);
  for (int trial = 0; trial < 120; ++trial) {
    const std::int64_t rows = random.integer(1, 90), columns = random.integer(1, 140), inner = random.integer(1, 600);
    const bool transposed = random.bernoulli(0.5F), accumulate = random.bernoulli(0.5F);
    const bool relu = !accumulate && random.bernoulli(0.5F), biased = !accumulate && random.bernoulli(0.5F);
    const std::vector<float> a = random_matrix(rows * inner, random), b = random_matrix(inner * columns, random);
    const std::vector<float> bias = random_matrix(columns, random), before = random_matrix(rows * columns, random);
    for (SimdPath path : paths_here()) {
      std::vector<float> c = before;
      MatrixProduct product;
      product.rows = rows;
      product.columns = product.b_stride = product.c_stride = columns;
      product.inner = inner;
      product.a = a.data();
      product.a_stride = transposed ? 1 : inner;
      product.a_inner_stride = transposed ? rows : 1;
      product.b = b.data();
      product.c = c.data();
      product.accumulate = accumulate;
      product.bias = biased ? bias.data() : nullptr;
      product.relu = relu;
      multiply(product, path);
      double worst = 0;
      for (std::int64_t i = 0; i < rows; ++i)
        for (std::int64_t j = 0; j < columns; ++j) {
          double sum = accumulate ? element(before, i * columns + j) : biased ? element(bias, j) : 0.0F;
          for (std::int64_t k = 0; k < inner; ++k)
            sum += double{element(a, transposed ? k * rows + i : i * inner + k)} * element(b, k * columns + j);
          if (relu) sum = std::max(sum, 0.0);
          worst = std::max(worst, std::abs(sum - element(c, i * columns + j)));
        }
      INFO(rows << " x " << columns << ", inner " << inner << ", path " << static_cast<int>(path));
      // Rounding of a sum of `inner` products of standard normals.
      CHECK(worst < 4e-6 * std::sqrt(static_cast<double>(inner)) * 3 + 1e-6);
    }
  }
}

TEST_CASE("a transposed matrix holds row r, column c at row c, column r", "[simd]") {
  Random random(32);
  const std::int64_t rows = 37, columns = 53;
  const std::vector<float> in = random_matrix(rows * columns, random);
  std::vector<float> out(in.size());
  transpose(in.data(), rows, columns, out.data());
  for (std::int64_t r = 0; r < rows; ++r)
    for (std::int64_t c = 0; c < columns; ++c) REQUIRE(element(out, c * rows + r) == element(in, r * columns + c));
}
