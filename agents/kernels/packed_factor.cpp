#include "agents/kernels/packed_factor.h"

#include "agents/kernels/bf16_product.h"

namespace medal {

void PackedFactor::assign(const float* b, std::int64_t stride, std::int64_t inner, std::int64_t columns) {
  inner_ = inner;
  columns_ = columns;
  stride_ = stride;
  floats_ = b;
  pairs_ = nullptr;
  if (present_precision() != Precision::bfloat16) return;
  std::uint32_t* to = buffer_.reserve(panel_words(inner, columns, kProductPanel));
  pack_across_rows(b, stride, inner, columns, kProductPanel, to);
  pairs_ = to;
}

void PackedFactor::assign_transposed(const float* w, std::int64_t columns, std::int64_t inner) {
  inner_ = inner;
  columns_ = stride_ = columns;
  floats_ = nullptr;
  pairs_ = nullptr;
  if (present_precision() == Precision::bfloat16) {
    std::uint32_t* to = buffer_.reserve(panel_words(inner, columns, kProductPanel));
    pack_transposed(w, inner, columns, inner, kProductPanel, to);
    pairs_ = to;
    return;
  }
  transposed_.resize(static_cast<std::size_t>(inner * columns));
  transpose(w, columns, inner, transposed_.data());
  floats_ = transposed_.data();
}

void PackedFactor::multiply(MatrixProduct product) const {
  product.inner = inner_;
  product.columns = columns_;
  product.b = floats_;
  product.b_stride = stride_;
  if (pairs_ != nullptr) return multiply_bf16(product, pairs_);
  medal::multiply(product, best_simd_path());
}

}  // namespace medal
