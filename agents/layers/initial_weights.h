#pragma once

#include <cstdint>

#include "agents/layers/tensor.h"

namespace medal {

/// A random matrix [rows, columns] whose rows or columns, whichever are fewer, are orthogonal and of length `gain`
/// (Saxe et al. 2014), by LibTorch's generator.
at::Tensor orthogonal(std::int64_t rows, std::int64_t columns, double gain = 1.0);

/// Seeds that generator.
void seed_weights(std::uint64_t seed);

}  // namespace medal
