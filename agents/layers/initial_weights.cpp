#include "agents/layers/initial_weights.h"

#include <torch/nn/init.h>
#include <torch/utils.h>

namespace medal {

at::Tensor orthogonal(std::int64_t rows, std::int64_t columns, double gain) {
  return torch::nn::init::orthogonal_(at::empty({rows, columns}), gain);
}

void seed_weights(std::uint64_t seed) { torch::manual_seed(seed); }

}  // namespace medal
