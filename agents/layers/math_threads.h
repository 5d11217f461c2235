#pragma once

#include <string>

namespace medal {

/// Has LibTorch and its BLAS compute on the calling thread alone: fastest for small recurrent networks, with one
/// process for each core. Memory of freed tensors is kept for the next ones. Call before the first computation.
void use_one_math_thread();

/// What multiplies LibTorch's matrices: "OpenBLAS 0.3.21 ...", "MKL", or "reference BLAS" (slow).
/// On the CPU, the network's own layers do not need it (matrix_product.h).
std::string blas_name();
bool blas_is_slow();

}  // namespace medal
