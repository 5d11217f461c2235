#include "agents/layers/dense.h"

#include "tests/support/catch.h"
#include "tests/support/tensors.h"

using namespace medal;

namespace {

double relative_difference(const at::Tensor& a, const at::Tensor& b) {
  return ((a - b).abs().max() / b.abs().max()).item<double>();
}

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
  CHECK(at::equal(transposed(a), a.t()));
}
