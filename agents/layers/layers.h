#pragma once

#include <torch/torch.h>

namespace medal {

/// Parameters of a dense layer: an orthogonal weight [inputs, outputs] of the given gain, a bias of zeros [outputs].
struct DenseImpl : torch::nn::Module {
  DenseImpl(std::int64_t inputs, std::int64_t outputs, double gain);
  /// As dense_layer.
  torch::Tensor forward(const torch::Tensor& x, bool relu = false);
  torch::Tensor weight, bias;
};
TORCH_MODULE(Dense);

// Dense layers of a small network. Weights are [inputs, outputs], as the products read them. On the CPU each is one
// autograd node on our own kernels; elsewhere plain tensor operations.

/// x weight + bias, then relu if asked for: x [rows, inputs], result [rows, outputs].
torch::Tensor dense_layer(const torch::Tensor& x, const torch::Tensor& weight, const torch::Tensor& bias, bool relu);

/// relu(x weight + bias) for observations, which are mostly zero. No gradient reaches x.
torch::Tensor observation_layer(const torch::Tensor& x, const torch::Tensor& weight, const torch::Tensor& bias);

/// The same by plain tensor operations, for any device; what the above are tested against.
torch::Tensor dense_layer_by_tensors(const torch::Tensor& x, const torch::Tensor& weight, const torch::Tensor& bias,
                                     bool relu);

// Products of dense CPU matrices without autograd, for layers built on them.

/// a b (+ bias): a [rows, inner], b [inner, columns].
torch::Tensor matrix_product(const torch::Tensor& a, const torch::Tensor& b, const torch::Tensor& bias = {});
/// a^T b, the gradient of a weight: a [rows, inputs], b [rows, outputs].
torch::Tensor weight_gradient(const torch::Tensor& a, const torch::Tensor& b);
/// a^T as a dense matrix of its own.
torch::Tensor transposed(const torch::Tensor& a);

}  // namespace medal
