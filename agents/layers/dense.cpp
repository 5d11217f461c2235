#include "agents/layers/dense.h"

#include <ATen/ops/addmm.h>
#include <ATen/ops/mm.h>
#include <torch/csrc/autograd/custom_function.h>

#include <memory>

#include "agents/kernels/dense_gradient.h"
#include "agents/kernels/matrix_product.h"
#include "agents/kernels/packed_factor.h"
#include "agents/kernels/precision.h"
#include "agents/kernels/sparse_product.h"
#include "agents/kernels/sparse_product_bf16.h"
#include "agents/layers/initial_weights.h"
#include "sim/base/error.h"

namespace medal {
namespace {

using at::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// Rows of floats that may lie apart.
void check_rows(const Tensor& tensor) {
  MEDAL_CHECK(tensor.dim() == 2 && tensor.stride(1) == 1 && tensor.scalar_type() == at::kFloat, "rows of floats");
}
void check_matrix(const Tensor& tensor) {
  check_rows(tensor);
  MEDAL_CHECK(tensor.is_contiguous(), "a dense matrix");
}

Tensor as_rows(const Tensor& tensor) {
  return tensor.stride(1) == 1 || tensor.size(1) == 1 ? tensor : tensor.contiguous();
}

MatrixProduct product_into(const Tensor& out) {
  MatrixProduct product;
  product.rows = out.size(0);
  product.columns = product.c_stride = out.size(1);
  product.c = out.data_ptr<float>();
  return product;
}

/// out = parts side by side x weight + bias, then relu.
Tensor product_of_parts(const variable_list& parts, const Tensor& weight, const Tensor& bias, bool relu) {
  check_matrix(weight);
  const std::int64_t columns = weight.size(1);
  MEDAL_CHECK(!bias.defined() || bias.numel() == columns, "the bias fits");
  const Tensor out = at::empty({parts[0].size(0), columns}, weight.options());
  std::int64_t inputs = 0;
  for (const Tensor& part : parts) {
    check_rows(part);
    MEDAL_CHECK(inputs + part.size(1) <= weight.size(0), "the matrices fit");
    MatrixProduct product = product_into(out);
    product.a = part.data_ptr<float>();
    product.a_stride = part.stride(0);
    product.inner = part.size(1);
    product.b = weight.data_ptr<float>() + inputs * columns;
    product.b_stride = columns;
    product.accumulate = inputs > 0;
    product.bias = bias.defined() && inputs == 0 ? bias.data_ptr<float>() : nullptr;
    inputs += part.size(1);
    product.relu = relu && inputs == weight.size(0);
    multiply(product);
  }
  MEDAL_CHECK(inputs == weight.size(0), "the matrices fit");
  return out;
}

/// a^T b, whose C and B are to be set.
MatrixProduct product_of_transposed(const Tensor& a) {
  check_rows(a);
  MatrixProduct product;
  product.rows = a.size(1);
  product.inner = a.size(0);
  product.a = a.data_ptr<float>();
  product.a_stride = 1;
  product.a_inner_stride = a.stride(0);
  return product;
}

/// Writes a^T b to `out`, a dense [columns of a, columns of b].
void weight_gradient_into(const Tensor& a, const Tensor& b, float* out) {
  check_rows(b);
  MEDAL_CHECK(a.size(0) == b.size(0), "the matrices fit");
  MatrixProduct product = product_of_transposed(a);
  product.columns = product.c_stride = b.size(1);
  product.b = b.data_ptr<float>();
  product.b_stride = b.stride(0);
  product.c = out;
  multiply(product);
}

/// Gradient before the relu, from the gradient and the value after it, and that of the bias.
std::pair<Tensor, Tensor> through_relu(const Tensor& after, const Tensor& output) {
  const Tensor gradient = after.contiguous(), before = at::empty_like(gradient);
  const Tensor of_bias = at::empty({gradient.size(1)}, gradient.options());
  before_relu(gradient.data_ptr<float>(), output.data_ptr<float>(), gradient.size(0), gradient.size(1),
              before.data_ptr<float>(), of_bias.data_ptr<float>());
  return {before, of_bias};
}

class DenseLayer : public torch::autograd::Function<DenseLayer> {
 public:
  /// No bias: an empty one. Autograd takes neither undefined tensors nor vectors.
  static Tensor forward(AutogradContext* context, at::TensorList parts, const Tensor& weight,
                        const c10::optional<Tensor>& bias, bool relu) {
    variable_list kept;
    for (const Tensor& part : parts) kept.push_back(as_rows(part));
    Tensor out = product_of_parts(kept, weight, bias.value_or(Tensor()), relu);
    context->saved_data["biased"] = bias.has_value();
    kept.push_back(weight);
    kept.push_back(relu ? out : Tensor());
    context->save_for_backward(std::move(kept));
    return out;
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const variable_list saved = context->get_saved_variables();
    const std::size_t parts = saved.size() - 2;
    const Tensor &weight = saved[parts], &out = saved[parts + 1];
    Tensor gradient, of_bias;
    if (out.defined()) {
      MEDAL_CHECK(context->saved_data["biased"].toBool());
      std::tie(gradient, of_bias) = through_relu(gradients[0], out);
    } else {
      gradient = gradients[0].contiguous();
      if (context->saved_data["biased"].toBool()) of_bias = sum_over_rows(gradient);
    }
    const variable_list inputs(saved.begin(), saved.begin() + static_cast<std::ptrdiff_t>(parts));
    variable_list results;
    std::int64_t first = 0;
    for (std::size_t i = 0; i < parts; ++i) {
      results.push_back(context->needs_input_grad(i)
                            ? matrix_product_transposed(gradient, weight.narrow(0, first, inputs[i].size(1)))
                            : Tensor());
      first += inputs[i].size(1);
    }
    results.insert(results.end(), {weight_gradient(inputs, gradient), of_bias, Tensor()});
    return results;
  }
};

class ObservationLayer : public torch::autograd::Function<ObservationLayer> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& x, const Tensor& weight, const Tensor& bias) {
    const Tensor input = x.contiguous();
    check_matrix(input);
    check_matrix(weight);
    MEDAL_CHECK(input.size(1) == weight.size(0) && bias.numel() == weight.size(1), "the layer fits");
    Tensor out = at::empty({input.size(0), weight.size(1)}, input.options());
    if (present_precision() == Precision::bfloat16) {
      sparse_layer_bf16(input.data_ptr<float>(), input.size(0), input.size(1), weight.data_ptr<float>(),
                        bias.data_ptr<float>(), weight.size(1), out.data_ptr<float>());
      context->save_for_backward({out, weight, input});
      return out;
    }
    auto entries = std::make_shared<SparseRows>();
    collect_nonzero(input.data_ptr<float>(), input.size(0), input.size(1), *entries);
    sparse_layer(*entries, weight.data_ptr<float>(), bias.data_ptr<float>(), weight.size(1), out.data_ptr<float>());
    context->save_for_backward({out, weight});
    context->saved_data["entries"] = c10::IValue::make_capsule(c10::make_intrusive<Entries>(std::move(entries)));
    return out;
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const variable_list saved = context->get_saved_variables();
    const auto [gradient, of_bias] = through_relu(gradients[0], saved[0]);
    const Tensor of_weight = at::empty_like(saved[1]);
    if (saved.size() == 3) {
      const Tensor& input = saved[2];
      sparse_weight_gradient_bf16(input.data_ptr<float>(), input.size(0), input.size(1), gradient.data_ptr<float>(),
                                  of_weight.size(1), of_weight.data_ptr<float>());
      return {Tensor(), of_weight, of_bias};
    }
    const auto capsule = context->saved_data["entries"].toCapsule();
    const SparseRows& entries = *c10::static_intrusive_pointer_cast<Entries>(capsule)->rows;
    sparse_weight_gradient(entries, gradient.data_ptr<float>(), of_weight.size(0), of_weight.size(1),
                           of_weight.data_ptr<float>());
    return {Tensor(), of_weight, of_bias};
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
Tensor Dense::forward(const std::vector<Tensor>& parts, bool relu) const {
  return dense_layer(parts, weight, bias, relu);
}

Tensor dense_layer(const Tensor& x, const Tensor& weight, const Tensor& bias, bool relu) {
  return dense_layer(variable_list{x}, weight, bias, relu);
}

Tensor dense_layer(const std::vector<Tensor>& parts, const Tensor& weight, const Tensor& bias, bool relu) {
  if (!parts[0].is_cpu())
    return dense_layer_by_tensors(parts.size() == 1 ? parts[0] : at::cat(parts, 1), weight, bias, relu);
  if (at::GradMode::is_enabled())
    return DenseLayer::apply(at::TensorList(parts), weight, bias.defined() ? c10::optional<Tensor>(bias) : c10::nullopt,
                             relu);
  variable_list rows;
  for (const Tensor& part : parts) rows.push_back(as_rows(part));
  return product_of_parts(rows, weight, bias, relu);
}

Tensor observation_layer(const Tensor& x, const Tensor& weight, const Tensor& bias) {
  if (!x.is_cpu()) return dense_layer_by_tensors(x, weight, bias, true);
  return ObservationLayer::apply(x, weight, bias);
}

Tensor dense_layer_by_tensors(const Tensor& x, const Tensor& weight, const Tensor& bias, bool relu) {
  const Tensor out = bias.defined() ? at::addmm(bias, x, weight) : at::mm(x, weight);
  return relu ? out.relu() : out;
}

Tensor matrix_product(const Tensor& a, const Tensor& b, const Tensor& bias) {
  return product_of_parts({a}, b, bias, false);
}

Tensor matrix_product_transposed(const Tensor& a, const Tensor& b) {
  check_rows(a);
  check_matrix(b);
  MEDAL_CHECK(a.size(1) == b.size(1), "the matrices fit");
  thread_local PackedFactor factor;
  factor.assign_transposed(b.data_ptr<float>(), b.size(0), b.size(1));
  Tensor out = at::empty({a.size(0), b.size(0)}, a.options());
  MatrixProduct product = product_into(out);
  product.a = a.data_ptr<float>();
  product.a_stride = a.stride(0);
  factor.multiply(product);
  return out;
}

Tensor weight_gradient(const Tensor& a, const Tensor& b) {
  Tensor out = at::empty({a.size(1), b.size(1)}, a.options());
  weight_gradient_into(a, b, out.data_ptr<float>());
  return out;
}

Tensor weight_gradient(const std::vector<Tensor>& parts, const Tensor& b) {
  if (parts.size() == 1) return weight_gradient(parts[0], b);
  check_rows(b);
  thread_local PackedFactor factor;
  factor.assign(b.data_ptr<float>(), b.stride(0), b.size(0), b.size(1));
  std::int64_t inputs = 0;
  for (const Tensor& part : parts) inputs += part.size(1);
  Tensor out = at::empty({inputs, b.size(1)}, b.options());
  float* to = out.data_ptr<float>();
  for (const Tensor& part : parts) {
    MEDAL_CHECK(part.size(0) == b.size(0), "the matrices fit");
    MatrixProduct product = product_of_transposed(part);
    product.c = to;
    product.c_stride = b.size(1);
    factor.multiply(product);
    to += part.size(1) * b.size(1);
  }
  return out;
}

Tensor sum_over_rows(const Tensor& a) {
  check_matrix(a);
  Tensor sums = at::empty({a.size(1)}, a.options());
  sum_rows(a.data_ptr<float>(), a.size(0), a.size(1), sums.data_ptr<float>());
  return sums;
}

Tensor transposed(const Tensor& a) {
  check_matrix(a);
  Tensor out = at::empty({a.size(1), a.size(0)}, a.options());
  transpose(a.data_ptr<float>(), a.size(0), a.size(1), out.data_ptr<float>());
  return out;
}

}  // namespace medal
