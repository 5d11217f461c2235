#pragma once

#include <cstdint>
#include <numbers>
#include <vector>

#include "agents/layers/parameters.h"

namespace medal {

/// A dense layer: an orthogonal weight [inputs, outputs] of the given gain, a bias of zeros [outputs].
struct Dense {
  Dense() = default;
  Dense(const ParameterScope& scope, std::int64_t inputs, std::int64_t outputs, double gain);
  /// As dense_layer.
  at::Tensor forward(const at::Tensor& x, bool relu = false) const;
  /// Of parts that lie side by side as its inputs.
  at::Tensor forward(const std::vector<at::Tensor>& parts, bool relu = false) const;

  at::Tensor weight, bias;
};
/// Of a layer that a relu follows.
inline constexpr double kReluGain = std::numbers::sqrt2;

// Dense layers of a small network. Weights are [inputs, outputs], as the products read them. On the CPU each is one
// autograd node on our own kernels; elsewhere plain tensor operations.

/// x weight + bias, then relu if asked for: x [rows, inputs], result [rows, outputs]. An undefined bias is none.
at::Tensor dense_layer(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, bool relu);
/// The same of x in parts that lie side by side, [rows, inputs of the part] each: they are not copied together.
at::Tensor dense_layer(const std::vector<at::Tensor>& parts, const at::Tensor& weight, const at::Tensor& bias,
                       bool relu);

/// relu(x weight + bias) for observations, which are mostly zero. No gradient reaches x.
at::Tensor observation_layer(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias);

/// The same by plain tensor operations, for any device; what the above are tested against.
at::Tensor dense_layer_by_tensors(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias, bool relu);

// Products of dense CPU matrices without autograd, for layers built on them.

/// a b (+ bias): a [rows, inner], b [inner, columns].
at::Tensor matrix_product(const at::Tensor& a, const at::Tensor& b, const at::Tensor& bias = {});
/// a b^T: a [rows, inner], b [columns, inner].
at::Tensor matrix_product_transposed(const at::Tensor& a, const at::Tensor& b);
/// a^T b, the gradient of a weight: a [rows, inputs], b [rows, outputs].
at::Tensor weight_gradient(const at::Tensor& a, const at::Tensor& b);
/// The same of parts that lie side by side; b is laid out once for all of them.
at::Tensor weight_gradient(const std::vector<at::Tensor>& parts, const at::Tensor& b);
/// The gradient of a bias: [columns] from [rows, columns].
at::Tensor sum_over_rows(const at::Tensor& a);
/// a^T as a dense matrix of its own.
at::Tensor transposed(const at::Tensor& a);

}  // namespace medal
