#include "agents/layers/dense.h"

#include <ATen/ops/addmm.h>
#include <ATen/ops/threshold_backward.h>
#include <torch/csrc/autograd/custom_function.h>

#include <memory>

#include "agents/kernels/matrix_product.h"
#include "agents/kernels/sparse_product.h"
#include "agents/layers/initial_weights.h"
#include "sim/base/error.h"

namespace medal {
namespace {

using at::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

void check_matrix(const Tensor& tensor) {
  MEDAL_CHECK(tensor.dim() == 2 && tensor.is_contiguous() && tensor.scalar_type() == at::kFloat,
              "a dense matrix of floats");
}

MatrixProduct product_of(const Tensor& a, const Tensor& b, const Tensor& out) {
  check_matrix(a);
  check_matrix(b);
  MatrixProduct product;
  product.rows = out.size(0);
  product.columns = out.size(1);
  product.a = a.data_ptr<float>();
  product.b = b.data_ptr<float>();
  product.b_stride = b.size(1);
  product.c = out.data_ptr<float>();
  product.c_stride = out.size(1);
  return product;
}

Tensor product_with_bias(const Tensor& a, const Tensor& b, const Tensor& bias, bool relu) {
  MEDAL_CHECK(a.size(1) == b.size(0) && (!bias.defined() || bias.numel() == b.size(1)), "the matrices fit");
  Tensor out = at::empty({a.size(0), b.size(1)}, a.options());
  MatrixProduct product = product_of(a, b, out);
  product.inner = a.size(1);
  product.a_stride = a.size(1);
  product.bias = bias.defined() ? bias.data_ptr<float>() : nullptr;
  product.relu = relu;
  multiply(product);
  return out;
}

/// Gradient before the relu, from the gradient and the value after it.
Tensor before_relu(const Tensor& gradient, const Tensor& output) {
  return at::threshold_backward(gradient, output, 0).contiguous();
}

class DenseLayer : public torch::autograd::Function<DenseLayer> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& x, const Tensor& weight, const Tensor& bias,
                        bool relu) {
    const Tensor input = x.contiguous();
    Tensor out = product_with_bias(input, weight, bias, relu);
    context->save_for_backward({input, weight, relu ? out : Tensor()});
    return out;
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const variable_list saved = context->get_saved_variables();
    const Tensor gradient = saved[2].defined() ? before_relu(gradients[0], saved[2]) : gradients[0].contiguous();
    const Tensor input_gradient =
        context->needs_input_grad(0) ? matrix_product(gradient, transposed(saved[1])) : Tensor();
    return {input_gradient, weight_gradient(saved[0], gradient), gradient.sum(0), Tensor()};
  }
};

class ObservationLayer : public torch::autograd::Function<ObservationLayer> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& x, const Tensor& weight, const Tensor& bias) {
    const Tensor input = x.contiguous();
    check_matrix(input);
    check_matrix(weight);
    MEDAL_CHECK(input.size(1) == weight.size(0) && bias.numel() == weight.size(1), "the layer fits");
    auto entries = std::make_shared<SparseRows>();
    collect_nonzero(input.data_ptr<float>(), input.size(0), input.size(1), *entries);
    Tensor out = at::empty({input.size(0), weight.size(1)}, input.options());
    sparse_layer(*entries, weight.data_ptr<float>(), bias.data_ptr<float>(), weight.size(1), out.data_ptr<float>());
    context->save_for_backward({out, weight});
    context->saved_data["entries"] = c10::IValue::make_capsule(c10::make_intrusive<Entries>(std::move(entries)));
    return out;
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const variable_list saved = context->get_saved_variables();
    const auto capsule = context->saved_data["entries"].toCapsule();
    const SparseRows& entries = *c10::static_intrusive_pointer_cast<Entries>(capsule)->rows;
    const Tensor gradient = before_relu(gradients[0], saved[0]);
    const Tensor of_weight = at::empty_like(saved[1]);
    sparse_weight_gradient(entries, gradient.data_ptr<float>(), of_weight.size(0), of_weight.size(1),
                           of_weight.data_ptr<float>());
    return {Tensor(), of_weight, gradient.sum(0)};
  }

 private:
  /// What autograd can keep.
  struct Entries final : torch::CustomClassHolder {
    explicit Entries(std::shared_ptr<SparseRows> kept) : rows(std::move(kept)) {}
    std::shared_ptr<SparseRows> rows;
  };
};

}  // namespace

Dense::Dense(const ParameterScope& scope, std::int64_t inputs, std::int64_t outputs, double gain)
    : weight(scope.add("weight", orthogonal(inputs, outputs, gain))), bias(scope.add("bias", at::zeros({outputs}))) {}

Tensor Dense::forward(const Tensor& x, bool relu) const { return dense_layer(x, weight, bias, relu); }

Tensor dense_layer(const Tensor& x, const Tensor& weight, const Tensor& bias, bool relu) {
  if (!x.is_cpu()) return dense_layer_by_tensors(x, weight, bias, relu);
  if (!at::GradMode::is_enabled()) return product_with_bias(x.contiguous(), weight, bias, relu);
  return DenseLayer::apply(x, weight, bias, relu);
}

Tensor observation_layer(const Tensor& x, const Tensor& weight, const Tensor& bias) {
  if (!x.is_cpu()) return dense_layer_by_tensors(x, weight, bias, true);
  return ObservationLayer::apply(x, weight, bias);
}

Tensor dense_layer_by_tensors(const Tensor& x, const Tensor& weight, const Tensor& bias, bool relu) {
  const Tensor out = at::addmm(bias, x, weight);
  return relu ? out.relu() : out;
}

Tensor matrix_product(const Tensor& a, const Tensor& b, const Tensor& bias) {
  return product_with_bias(a, b, bias, false);
}

Tensor weight_gradient(const Tensor& a, const Tensor& b) {
  MEDAL_CHECK(a.size(0) == b.size(0), "the matrices fit");
  Tensor out = at::empty({a.size(1), b.size(1)}, a.options());
  MatrixProduct product = product_of(a, b, out);
  product.inner = a.size(0);
  product.a_stride = 1;
  product.a_inner_stride = a.size(1);
  multiply(product);
  return out;
}

Tensor transposed(const Tensor& a) {
  check_matrix(a);
  Tensor out = at::empty({a.size(1), a.size(0)}, a.options());
  transpose(a.data_ptr<float>(), a.size(0), a.size(1), out.data_ptr<float>());
  return out;
}

}  // namespace medal
