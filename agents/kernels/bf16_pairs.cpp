#include "agents/kernels/bf16_pairs.h"

#include <algorithm>
#include <cstdlib>
#include <new>

#include "agents/kernels/bf16_lanes.h"

namespace medal {

std::uint32_t* PairBuffer::reserve(std::int64_t count) {
  if (count > capacity_) {
    constexpr std::size_t kCacheLine = 64;
    capacity_ = whole(count, kPairLanes);
    memory_.reset(static_cast<std::uint32_t*>(
        std::aligned_alloc(kCacheLine, static_cast<std::size_t>(capacity_) * sizeof(std::uint32_t))));
    if (memory_ == nullptr) throw std::bad_alloc();
  }
  return memory_.get();
}
void PairBuffer::Free::operator()(std::uint32_t* memory) const { std::free(memory); }

#if MEDAL_X86
MEDAL_TARGET_AVX512_BF16 void pack_along_rows(const float* in, std::int64_t stride, std::int64_t rows,
                                              std::int64_t columns, std::uint32_t* out, std::int64_t out_stride) {
  for (std::int64_t row = 0; row < rows; ++row, in += stride, out += out_stride) {
    std::int64_t k = 0;
    for (; k + 2 * kPairLanes <= columns; k += 2 * kPairLanes)
      _mm512_storeu_si512(out + k / 2, neighbours(_mm512_loadu_ps(in + k), _mm512_loadu_ps(in + k + kPairLanes)));
    if (k == columns) continue;
    const std::int64_t left = columns - k;
    const __m512 first = _mm512_maskz_loadu_ps(lanes_of(left), in + k);
    const __m512 second = _mm512_maskz_loadu_ps(lanes_of(left - kPairLanes), in + k + kPairLanes);
    _mm512_mask_storeu_epi32(out + k / 2, lanes_of(pairs_of(left)), neighbours(first, second));
  }
}

MEDAL_TARGET_AVX512_BF16 void pack_across_rows(const float* in, std::int64_t stride, std::int64_t rows,
                                               std::int64_t columns, std::int64_t panel, std::uint32_t* out) {
  const __m512i order = interleaving();
  const std::int64_t panel_size = pairs_of(rows) * panel;
  for (std::int64_t row = 0; row < rows; row += 2, in += 2 * stride, out += panel) {
    const bool both = row + 1 < rows;
    std::uint32_t* to = out;
    for (std::int64_t first = 0; first < columns; first += panel, to += panel_size)
      for (std::int64_t j = 0; j < panel && first + j < columns; j += kPairLanes) {
        const __mmask16 lanes = lanes_of(columns - first - j);
        const float* from = in + first + j;
        const __m512 low = _mm512_maskz_loadu_ps(lanes, from);
        const __m512 high = both ? _mm512_maskz_loadu_ps(lanes, from + stride) : _mm512_setzero_ps();
        _mm512_storeu_si512(to + j, interleave(low, high, order));
      }
  }
}

MEDAL_TARGET_AVX512_BF16 void pack_transposed(const float* in, std::int64_t stride, std::int64_t rows,
                                              std::int64_t columns, std::int64_t panel, std::uint32_t* out) {
  // 16 rows x 16 words at a time: rounded as they lie, then turned in the first-level cache.
  alignas(64) std::uint32_t block[kPairLanes][kPairLanes];
  const std::int64_t panel_size = pairs_of(columns) * panel;
  for (std::int64_t row = 0; row < rows; row += kPairLanes) {
    const std::int64_t height = std::min(kPairLanes, rows - row);
    if (height < kPairLanes) std::fill_n(&block[0][0], kPairLanes * kPairLanes, 0U);
    std::uint32_t* to = out + row / panel * panel_size + row % panel;
    for (std::int64_t column = 0; column < columns; column += 2 * kPairLanes) {
      const std::int64_t width = std::min(2 * kPairLanes, columns - column);
      pack_along_rows(in + row * stride + column, stride, height, width, &block[0][0], kPairLanes);
      for (std::int64_t k = 0; k < pairs_of(width); ++k, to += panel)
        for (std::int64_t i = 0; i < kPairLanes; ++i) to[i] = block[i][k];
    }
  }
}
#else
void pack_along_rows(const float*, std::int64_t, std::int64_t, std::int64_t, std::uint32_t*, std::int64_t) {
  std::abort();
}
void pack_across_rows(const float*, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::uint32_t*) {
  std::abort();
}
void pack_transposed(const float*, std::int64_t, std::int64_t, std::int64_t, std::int64_t, std::uint32_t*) {
  std::abort();
}
#endif

}  // namespace medal
