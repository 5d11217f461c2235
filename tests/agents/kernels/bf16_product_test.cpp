#include "agents/kernels/bf16_product.h"

#include <bit>
#include <cmath>
#include <vector>

#include "agents/kernels/bf16_pairs.h"
#include "agents/kernels/lstm_cell.h"
#include "agents/kernels/packed_factor.h"
#include "sim/base/random.h"
#include "tests/support/catch.h"

using namespace medal;

namespace {

std::vector<float> random_matrix(std::int64_t size, Random& random) {
  std::vector<float> values(static_cast<std::size_t>(size));
  for (float& value : values) value = random.normal();
  return values;
}

float half_of(std::uint32_t pair, bool second) {
  return std::bit_cast<float>(second ? pair & 0xFFFF0000U : pair << 16);
}

/// Rounded to nearest, even.
float rounded(float value) {
  const auto bits = std::bit_cast<std::uint32_t>(value);
  return std::bit_cast<float>((bits + 0x7FFFU + ((bits >> 16) & 1U)) & 0xFFFF0000U);
}

}  // namespace

TEST_CASE("pairs of bfloat16 hold the rounded numbers where products look for them") {
  if (!has_bf16_products()) return;
  Random random(61);
  for (const auto& [rows, columns] : {std::pair<std::int64_t, std::int64_t>{1, 1}, {5, 31}, {16, 32}, {37, 70}}) {
    const std::vector<float> in = random_matrix(rows * columns, random);
    const auto expected = [&, r = rows, c = columns](std::int64_t row, std::int64_t column) {
      return row < r && column < c ? rounded(in[static_cast<std::size_t>(row * c + column)]) : 0.0F;
    };
    const std::int64_t along = pairs_of(columns), across = pairs_of(rows);
    for (const std::int64_t panel : {16, 32}) {
      std::vector<std::uint32_t> a(static_cast<std::size_t>(rows * along));
      std::vector<std::uint32_t> b(static_cast<std::size_t>(panel_words(rows, columns, panel)));
      std::vector<std::uint32_t> c(static_cast<std::size_t>(panel_words(columns, rows, panel)));
      pack_along_rows(in.data(), columns, rows, columns, a.data(), along);
      pack_across_rows(in.data(), columns, rows, columns, panel, b.data());
      pack_transposed(in.data(), columns, rows, columns, panel, c.data());
      const auto in_panels = [panel](const std::vector<std::uint32_t>& words, std::int64_t pairs, std::int64_t k,
                                     std::int64_t column) {
        return words[static_cast<std::size_t>((column / panel * pairs + k) * panel + column % panel)];
      };
      for (bool second : {false, true}) {
        const std::int64_t offset = second ? 1 : 0;
        for (std::int64_t row = 0; row < rows; ++row)
          for (std::int64_t k = 0; k < along; ++k)
            REQUIRE(half_of(a[static_cast<std::size_t>(row * along + k)], second) == expected(row, 2 * k + offset));
        for (std::int64_t row = 0; row < whole(rows, kPairLanes); ++row)
          for (std::int64_t k = 0; k < along; ++k)
            REQUIRE(half_of(in_panels(c, along, k, row), second) == expected(row, 2 * k + offset));
        for (std::int64_t column = 0; column < whole(columns, kPairLanes); ++column)
          for (std::int64_t k = 0; k < across; ++k)
            REQUIRE(half_of(in_panels(b, across, k, column), second) == expected(2 * k + offset, column));
      }
    }
  }
}

TEST_CASE("a product in bfloat16 is that of the rounded factors, and near the one in single precision") {
  if (!has_bf16_products()) return;
  Random random(62);
  for (int trial = 0; trial < 120; ++trial) {
    const std::int64_t rows = random.integer(1, 90), columns = random.integer(1, 140), inner = random.integer(1, 1200);
    const bool transposed = random.bernoulli(0.5F), accumulate = random.bernoulli(0.5F);
    const bool relu = !accumulate && random.bernoulli(0.5F), biased = !accumulate && random.bernoulli(0.5F);
    const std::vector<float> a = random_matrix(rows * inner, random), b = random_matrix(inner * columns, random);
    const std::vector<float> bias = random_matrix(columns, random), before = random_matrix(rows * columns, random);
    std::vector<float> c = before, packed = before, exact = before, of_rounded = before;
    MatrixProduct product;
    product.rows = rows;
    product.columns = product.b_stride = product.c_stride = columns;
    product.inner = inner;
    product.a = a.data();
    product.a_stride = transposed ? 1 : inner;
    product.a_inner_stride = transposed ? rows : 1;
    product.b = b.data();
    product.accumulate = accumulate;
    product.bias = biased ? bias.data() : nullptr;
    product.relu = relu;
    product.c = exact.data();
    multiply(product, best_simd_path());
    std::vector<float> rounded_a = a, rounded_b = b;
    for (float& value : rounded_a) value = rounded(value);
    for (float& value : rounded_b) value = rounded(value);
    MatrixProduct rounded_product = product;
    rounded_product.a = rounded_a.data();
    rounded_product.b = rounded_b.data();
    rounded_product.c = of_rounded.data();
    multiply(rounded_product, best_simd_path());

    const PrecisionScope scope(Precision::bfloat16);
    product.c = c.data();
    multiply(product);
    PackedFactor factor;
    factor.assign(b.data(), columns, inner, columns);
    product.c = packed.data();
    factor.multiply(product);
    CHECK(packed == c);
    double worst = 0, error = 0, norm = 0;
    for (std::size_t i = 0; i < c.size(); ++i) {
      worst = std::max(worst, std::abs(double{c[i]} - of_rounded[i]));
      error += std::pow(double{c[i]} - exact[i], 2);
      norm += static_cast<double>(inner);  // the variance of a sum of products of standard normals
    }
    INFO(rows << " x " << columns << ", inner " << inner);
    CHECK(worst < 4e-6 * std::sqrt(static_cast<double>(inner)) * 3 + 1e-6);
    CHECK(std::sqrt(error / norm) < 0.01);
  }
}

TEST_CASE("a packed transposed factor multiplies as the transposed matrix does, in both precisions") {
  Random random(63);
  const std::int64_t rows = 45, columns = 37, inner = 75;
  const std::vector<float> a = random_matrix(rows * inner, random), w = random_matrix(columns * inner, random);
  std::vector<float> b(w.size());
  transpose(w.data(), columns, inner, b.data());
  for (Precision precision : {Precision::float32, Precision::bfloat16}) {
    const PrecisionScope scope(precision);
    std::vector<float> plain(static_cast<std::size_t>(rows * columns)), packed = plain;
    MatrixProduct product;
    product.rows = rows;
    product.columns = product.b_stride = product.c_stride = columns;
    product.inner = product.a_stride = inner;
    product.a = a.data();
    product.b = b.data();
    product.c = plain.data();
    multiply(product);
    PackedFactor factor;
    factor.assign_transposed(w.data(), columns, inner);
    product.c = packed.data();
    factor.multiply(product);
    CHECK(packed == plain);
  }
}

TEST_CASE("the LSTM's step beside products in bfloat16 is the plain one within 4e-6") {
  if (!has_bf16_products()) return;
  Random random(64);
  constexpr std::int64_t kBatch = 3, kWidth = 37;
  const std::vector<float> gates = random_matrix(kBatch * 4 * kWidth, random);
  const std::vector<float> previous = random_matrix(kBatch * kWidth, random);
  struct Result {
    std::vector<float> gates, hidden, cell, cell_tanh;
  };
  const auto stepped = [&](Precision precision, float scale) {
    const PrecisionScope scope(precision);
    Result r{gates, std::vector<float>(previous.size()), previous, std::vector<float>(previous.size())};
    for (float& gate : r.gates) gate *= scale;
    lstm_cell_forward({kBatch, kWidth, r.gates.data(), r.cell.data(), kWidth, r.hidden.data(), kWidth, r.cell.data(),
                       kWidth, r.cell_tanh.data()});
    return r;
  };
  for (float scale : {1.0F, 5.0F, 100.0F}) {
    const Result plain = stepped(Precision::float32, scale), fast = stepped(Precision::bfloat16, scale);
    const auto same = [](const std::vector<float>& a, const std::vector<float>& b) {
      for (std::size_t i = 0; i < a.size(); ++i)
        if (!(std::abs(a[i] - b[i]) < 4e-6F)) return false;
      return true;
    };
    CHECK(same(fast.gates, plain.gates));
    CHECK(same(fast.hidden, plain.hidden));
    CHECK(same(fast.cell, plain.cell));
    CHECK(same(fast.cell_tanh, plain.cell_tanh));
  }
  const Result broken = stepped(Precision::bfloat16, std::nanf(""));
  CHECK(std::isnan(broken.hidden[0]));
}
