#include "agents/layers/layers.h"

#include "tests/support/catch.h"

using namespace medal;

namespace {

double relative_difference(const torch::Tensor& a, const torch::Tensor& b) {
  return ((a - b).abs().max() / b.abs().max()).item<double>();
}

/// The layer's result and its gradients, of a random weighing of the results.
std::vector<torch::Tensor> with_gradients(const torch::Tensor& out, const std::vector<torch::Tensor>& inputs,
                                          const torch::Tensor& weights) {
  std::vector<torch::Tensor> all = torch::autograd::grad({(out * weights).sum()}, inputs);
  all.insert(all.begin(), out.detach());
  return all;
}

}  // namespace

TEST_CASE("a dense layer and its gradients are those of plain tensor operations") {
  torch::manual_seed(41);
  for (const auto& [rows, inputs, outputs] : {std::array{1, 1, 1}, {5, 7, 3}, {200, 64, 128}, {37, 335, 13}}) {
    for (bool relu : {false, true}) {
      const torch::Tensor x = torch::randn({rows, inputs}).requires_grad_();
      const torch::Tensor weight = torch::randn({inputs, outputs}).requires_grad_();
      const torch::Tensor bias = torch::randn({outputs}).requires_grad_();
      const torch::Tensor weighing = torch::randn({rows, outputs});
      const auto own = with_gradients(dense_layer(x, weight, bias, relu), {x, weight, bias}, weighing);
      const auto plain = with_gradients(dense_layer_by_tensors(x, weight, bias, relu), {x, weight, bias}, weighing);
      for (std::size_t i = 0; i < own.size(); ++i)
        CHECK((own[i] - plain[i]).abs().max().item<double>() <= 1e-5 * plain[i].abs().max().item<double>() + 1e-7);
      torch::NoGradGuard no_gradient;
      CHECK(torch::equal(dense_layer(x, weight, bias, relu), own[0]));
    }
  }
}

TEST_CASE("the observation layer is a dense layer with relu, however many inputs are zero") {
  torch::manual_seed(42);
  for (double share : {0.0, 0.02, 0.15, 1.0}) {
    for (const auto& [rows, inputs, outputs] : {std::array{1, 5, 3}, {300, 335, 128}, {600, 71, 200}}) {
      const torch::Tensor x = torch::randn({rows, inputs}) * (torch::rand({rows, inputs}) < share);
      const torch::Tensor weight = torch::randn({inputs, outputs}).requires_grad_();
      const torch::Tensor bias = torch::randn({outputs}).requires_grad_();
      const torch::Tensor weighing = torch::randn({rows, outputs});
      const auto own = with_gradients(observation_layer(x, weight, bias), {weight, bias}, weighing);
      const auto plain = with_gradients(dense_layer_by_tensors(x, weight, bias, true), {weight, bias}, weighing);
      INFO(share << " of " << inputs);
      for (std::size_t i = 0; i < own.size(); ++i)
        CHECK((own[i] - plain[i]).abs().max().item<double>() <= 1e-5 * plain[i].abs().max().item<double>() + 1e-7);
    }
  }
}

TEST_CASE("a relu passes NaN on, so that a broken network is noticed") {
  const torch::Tensor x = torch::full({3, 4}, std::nanf("")), bias = torch::zeros({20});
  torch::NoGradGuard no_gradient;
  CHECK(dense_layer(x, torch::ones({4, 20}), bias, true).isnan().all().item<bool>());
  CHECK(observation_layer(x, torch::ones({4, 20}), bias).isnan().all().item<bool>());
}

TEST_CASE("products of matrices and gradients of weights are those of plain tensor operations") {
  torch::manual_seed(43);
  const torch::Tensor a = torch::randn({50, 30}), b = torch::randn({30, 20}), c = torch::randn({50, 20});
  CHECK(relative_difference(matrix_product(a, b), a.mm(b)) < 1e-5);
  CHECK(relative_difference(weight_gradient(a, c), a.t().mm(c)) < 1e-5);
  CHECK(torch::equal(transposed(a), a.t()));
}
