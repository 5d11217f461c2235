#pragma once

#include <vector>

#include "agents/kernels/bf16_pairs.h"
#include "agents/kernels/matrix_product.h"
#include "agents/kernels/precision.h"

namespace medal {

/// B of several products, laid out once as they read it in the present precision. Keeps its memory for the next B.
class PackedFactor {
 public:
  /// B as it lies, [inner, columns]; it must outlive the products.
  void assign(const float* b, std::int64_t stride, std::int64_t inner, std::int64_t columns);
  /// B = W^T, of a dense W [columns, inner].
  void assign_transposed(const float* w, std::int64_t columns, std::int64_t inner);

  /// The product with this B, whose sizes it sets; only rows, A, C and what is done with C must be there. In the
  /// precision of the scope in which B was assigned.
  void multiply(MatrixProduct product) const;

 private:
  std::int64_t inner_ = 0, columns_ = 0, stride_ = 0;
  const float* floats_ = nullptr;         ///< float32
  const std::uint32_t* pairs_ = nullptr;  ///< bfloat16
  std::vector<float> transposed_;
  PairBuffer buffer_;
};

}  // namespace medal
