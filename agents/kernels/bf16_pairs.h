#pragma once

#include <cstdint>
#include <memory>

namespace medal {

/// A growing piece of memory for packed numbers, on cache lines; what it held is lost when it grows.
class PairBuffer {
 public:
  /// At least `count` pairs.
  std::uint32_t* reserve(std::int64_t count);

 private:
  struct Free {
    void operator()(std::uint32_t* memory) const;
  };
  std::unique_ptr<std::uint32_t, Free> memory_;
  std::int64_t capacity_ = 0;
};

// Pairs of bfloat16, as AVX-512 BF16 multiplies them: two numbers that follow each other along the inner dimension of a
// product lie in one 32-bit word, the first one low; a missing second is 0. Numbers are rounded to nearest, even. All
// of this needs a processor that has_bf16_products().

/// Inner dimension along the columns: out[row][k] = (in[row][2k], in[row][2k + 1]), ceil(columns / 2) words a row.
void pack_along_rows(const float* in, std::int64_t stride, std::int64_t rows, std::int64_t columns, std::uint32_t* out,
                     std::int64_t out_stride);

// Inner dimension along the rows: ceil(rows / 2) pairs (in[2k][column], in[2k + 1][column]) of each column, in panels
// of some columns that follow each other, [panels][pairs][panel]: a product reads a panel from its beginning to its
// end. `panel` is a multiple of kPairLanes; the last panel is filled up with zeros to such a multiple, the rest of it
// is not written.
void pack_across_rows(const float* in, std::int64_t stride, std::int64_t rows, std::int64_t columns, std::int64_t panel,
                      std::uint32_t* out);
/// Of the transposed matrix, whose rows are in's columns.
void pack_transposed(const float* in, std::int64_t stride, std::int64_t rows, std::int64_t columns, std::int64_t panel,
                     std::uint32_t* out);

inline constexpr std::int64_t kPairLanes = 16;
constexpr std::int64_t pairs_of(std::int64_t inner) { return (inner + 1) / 2; }
constexpr std::int64_t whole(std::int64_t count, std::int64_t unit) { return (count + unit - 1) / unit * unit; }
/// Words that such panels take.
constexpr std::int64_t panel_words(std::int64_t inner, std::int64_t columns, std::int64_t panel) {
  return pairs_of(inner) * whole(columns, panel);
}

}  // namespace medal
