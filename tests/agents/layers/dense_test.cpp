#include "agents/layers/dense.h"

#include "agents/kernels/precision.h"
#include "sim/base/simd_path.h"
#include "tests/support/catch.h"
#include "tests/support/tensors.h"

using namespace medal;

namespace {

/// The layer's result and its gradients, of a random weighing of the results.
std::vector<at::Tensor> with_gradients(const at::Tensor& out, const std::vector<at::Tensor>& inputs,
                                       const at::Tensor& weights) {
  std::vector<at::Tensor> all = torch::autograd::grad({(out * weights).sum()}, inputs);
  all.insert(all.begin(), out.detach());
  return all;
}

}  // namespace

TEST_CASE("a dense layer and its gradients are those of plain tensor operations", "[simd]") {
  seed_weights(41);
  for (const auto& [rows, inputs, outputs] : {std::array{1, 1, 1}, {5, 7, 3}, {200, 64, 128}, {37, 335, 13}}) {
    for (bool relu : {false, true}) {
      const at::Tensor x = at::randn({rows, inputs}).requires_grad_();
      const at::Tensor weight = at::randn({inputs, outputs}).requires_grad_();
      const at::Tensor bias = at::randn({outputs}).requires_grad_();
      const at::Tensor weighing = at::randn({rows, outputs});
      const auto own = with_gradients(dense_layer(x, weight, bias, relu), {x, weight, bias}, weighing);
      const auto plain = with_gradients(dense_layer_by_tensors(x, weight, bias, relu), {x, weight, bias}, weighing);
      for (std::size_t i = 0; i < own.size(); ++i)
        CHECK((own[i] - plain[i]).abs().max().item<double>() <= 1e-5 * plain[i].abs().max().item<double>() + 1e-7);
      at::NoGradGuard no_gradient;
      CHECK(at::equal(dense_layer(x, weight, bias, relu), own[0]));
    }
  }
}

TEST_CASE("a dense layer of parts that lie side by side is that of the whole, to the last bit", "[simd]") {
  seed_weights(44);
  const at::Tensor left = at::randn({70, 33}).requires_grad_(), right = at::randn({70, 300}).requires_grad_();
  const at::Tensor weight = at::randn({333, 50}).requires_grad_(), bias = at::randn({50}).requires_grad_();
  const at::Tensor weighing = at::randn({70, 50});
  for (bool relu : {false, true}) {
    const std::vector<at::Tensor> inputs = {left, right, weight, bias};
    const auto parts = with_gradients(dense_layer({left, right}, weight, bias, relu), inputs, weighing);
    const auto whole = with_gradients(dense_layer(at::cat({left, right}, 1), weight, bias, relu), inputs, weighing);
    for (std::size_t i = 0; i < parts.size(); ++i) CHECK(at::equal(parts[i], whole[i]));
  }
  at::NoGradGuard no_gradient;
  const at::Tensor wide = at::randn({20, 90});  // rows that lie apart, and no bias
  CHECK(relative_difference(dense_layer({wide.narrow(1, 7, 33)}, weight.narrow(0, 0, 33), at::Tensor(), false),
                            wide.narrow(1, 7, 33).mm(weight.narrow(0, 0, 33))) < 1e-5);
}

TEST_CASE("a dense layer whose factors are rounded to bfloat16 is near the plain one") {
  seed_weights(45);
  const at::Tensor x = at::randn({200, 64}).requires_grad_(), weight = at::randn({64, 48}).requires_grad_();
  const at::Tensor bias = at::randn({48}).requires_grad_(), weighing = at::randn({200, 48});
  const auto plain = with_gradients(dense_layer_by_tensors(x, weight, bias, false), {x, weight, bias}, weighing);
  const PrecisionScope precision(Precision::bfloat16);
  const auto rounded = with_gradients(dense_layer(x, weight, bias, false), {x, weight, bias}, weighing);
  for (std::size_t i = 0; i < plain.size(); ++i)
    CHECK(((rounded[i] - plain[i]).norm() / plain[i].norm()).item<double>() < 0.01);
  if (has_bf16_products()) CHECK(!at::equal(rounded[0], plain[0]));
}

TEST_CASE("the observation layer is a dense layer with relu, however many inputs are zero", "[simd]") {
  seed_weights(42);
  for (double share : {0.0, 0.02, 0.15, 1.0}) {
    for (const auto& [rows, inputs, outputs] : {std::array{1, 5, 3}, {300, 335, 128}, {600, 71, 200}}) {
      const at::Tensor x = at::randn({rows, inputs}) * (at::rand({rows, inputs}) < share);
      const at::Tensor weight = at::randn({inputs, outputs}).requires_grad_();
      const at::Tensor bias = at::randn({outputs}).requires_grad_();
      const at::Tensor weighing = at::randn({rows, outputs});
      const auto own = with_gradients(observation_layer(x, weight, bias), {weight, bias}, weighing);
      const auto plain = with_gradients(dense_layer_by_tensors(x, weight, bias, true), {weight, bias}, weighing);
      INFO(share << " of " << inputs);
      for (std::size_t i = 0; i < own.size(); ++i)
        CHECK((own[i] - plain[i]).abs().max().item<double>() <= 1e-5 * plain[i].abs().max().item<double>() + 1e-7);
    }
  }
}

TEST_CASE("a relu passes NaN on, so that a broken network is noticed", "[simd]") {
  const at::Tensor x = at::full({3, 4}, std::nanf("")), bias = at::zeros({20});
  at::NoGradGuard no_gradient;
  CHECK(dense_layer(x, at::ones({4, 20}), bias, true).isnan().all().item<bool>());
  CHECK(observation_layer(x, at::ones({4, 20}), bias).isnan().all().item<bool>());
}

TEST_CASE("products of matrices and gradients of weights are those of plain tensor operations", "[simd]") {
  seed_weights(43);
  const at::Tensor a = at::randn({50, 30}), b = at::randn({30, 20}), c = at::randn({50, 20});
  CHECK(relative_difference(matrix_product(a, b), a.mm(b)) < 1e-5);
  CHECK(relative_difference(weight_gradient(a, c), a.t().mm(c)) < 1e-5);
  CHECK(relative_difference(matrix_product_transposed(c, b), c.mm(b.t())) < 1e-5);
  CHECK(relative_difference(sum_over_rows(a), a.sum(0)) < 1e-5);
  CHECK(at::equal(transposed(a), a.t()));
}
