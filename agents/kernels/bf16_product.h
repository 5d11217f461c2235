#pragma once

#include "agents/kernels/matrix_product.h"

namespace medal {

/// Columns of B that lie together in a panel of pairs.
inline constexpr std::int64_t kProductPanel = 32;

/// A product whose factors are rounded to bfloat16 and whose sums are single precision, on a processor that
/// has_bf16_products(). `packed_b`: B as pack_across_rows makes it, in panels of kProductPanel; null: made here.
void multiply_bf16(const MatrixProduct& product, const std::uint32_t* packed_b = nullptr);

}  // namespace medal
