#include "agents/layers/lstm_unroll.h"

#include "agents/kernels/precision.h"
#include "tests/support/catch.h"
#include "tests/support/tensors.h"

using namespace medal;

namespace {

constexpr int kSteps = 9, kBatch = 5, kInputs = 7, kWidth = 19;  // a width that no vector length divides

struct Case {
  at::Tensor inputs = at::randn({kSteps, kBatch, kInputs}).requires_grad_();
  at::Tensor memory = at::randn({kBatch, 2 * kWidth});
  at::Tensor starts = (at::rand({kSteps, kBatch}) < 0.2).to(at::kFloat);
  LstmWeights weights{(at::randn({kInputs, 4 * kWidth}) * 0.5).requires_grad_(),
                      (at::randn({kWidth, 4 * kWidth}) * 0.5).requires_grad_(),
                      at::randn({4 * kWidth}).requires_grad_()};
  at::Tensor seen = at::randn({kSteps, kBatch, kWidth});  ///< random weights of the outputs in a loss

  std::vector<at::Tensor> gradients(const at::Tensor& outputs) const {
    return torch::autograd::grad({(outputs * seen).sum()}, {inputs, weights.input, weights.hidden, weights.bias});
  }
};

}  // namespace

TEST_CASE("the unrolled LSTM and its gradients are those of plain steps, with episodes that start in between",
          "[simd]") {
  seed_weights(11);
  const Case c;
  REQUIRE(c.starts.sum().item<float>() > 3);
  const at::Tensor plain = lstm_unroll_stepwise(c.inputs, c.memory, c.starts, c.weights);
  const auto plain_gradients = c.gradients(plain);
  for (const auto& unroll : {lstm_unroll, lstm_unroll_by_cells}) {
    const at::Tensor fast = unroll(c.inputs, c.memory, c.starts, c.weights);
    CHECK(relative_difference(fast, plain) < 1e-5);
    const auto gradients = c.gradients(fast);
    for (std::size_t i = 0; i < gradients.size(); ++i)
      CHECK(relative_difference(gradients[i], plain_gradients[i]) < 1e-5);
  }
}

TEST_CASE("the unrolled LSTM with products in bfloat16 and its gradients are near those of plain steps") {
  seed_weights(15);
  const Case c;
  const at::Tensor plain = lstm_unroll_stepwise(c.inputs, c.memory, c.starts, c.weights);
  const auto plain_gradients = c.gradients(plain);
  const PrecisionScope precision(Precision::bfloat16);
  const at::Tensor fast = lstm_unroll(c.inputs, c.memory, c.starts, c.weights);
  const auto fast_gradients = c.gradients(fast);
  CHECK(((fast - plain).norm() / plain.norm()).item<double>() < 0.02);
  for (std::size_t i = 0; i < fast_gradients.size(); ++i)
    CHECK(((fast_gradients[i] - plain_gradients[i]).norm() / plain_gradients[i].norm()).item<double>() < 0.02);
}

TEST_CASE("the plain steps are LibTorch's own LSTM cell") {
  seed_weights(12);
  at::NoGradGuard no_gradient;
  const Case c;
  at::Tensor hidden = c.memory.narrow(1, 0, kWidth), cell = c.memory.narrow(1, kWidth, kWidth);
  const at::Tensor outputs = lstm_unroll_stepwise(c.inputs, c.memory, at::zeros({kSteps, kBatch}), c.weights);
  for (int t = 0; t < kSteps; ++t) {
    std::tie(hidden, cell) = at::lstm_cell(c.inputs[t], {hidden, cell}, c.weights.input.t(), c.weights.hidden.t(),
                                           c.weights.bias, at::zeros({4 * kWidth}));
    CHECK(relative_difference(outputs[t], hidden) < 1e-5);
  }
}

TEST_CASE("acting step by step and unrolling afterwards see the same memory", "[simd]") {
  seed_weights(13);
  at::NoGradGuard no_gradient;
  const Case c;
  const at::Tensor outputs = lstm_unroll(c.inputs, c.memory, c.starts, c.weights);
  at::Tensor memory = c.memory.clone();
  for (int t = 0; t < kSteps; ++t) {
    memory.mul_((1.0F - c.starts[t]).unsqueeze(1));
    CHECK(relative_difference(lstm_step(c.inputs[t], memory, c.weights), outputs[t]) < 1e-5);
  }
}

TEST_CASE("nothing from before an episode's start reaches what comes after it", "[simd]") {
  seed_weights(14);
  Case c;
  c.starts.zero_();
  c.starts[4].fill_(1.0F);
  const at::Tensor outputs = lstm_unroll(c.inputs, c.memory, c.starts, c.weights);
  const at::Tensor gradient = torch::autograd::grad({outputs.narrow(0, 4, kSteps - 4).sum()}, {c.inputs})[0];
  CHECK(gradient.narrow(0, 0, 4).abs().max().item<float>() == 0.0F);
  CHECK(gradient[4].abs().max().item<float>() > 0.0F);
  const at::Tensor other = lstm_unroll(c.inputs, c.memory + 1.0F, c.starts, c.weights);
  CHECK(at::equal(outputs.narrow(0, 4, kSteps - 4), other.narrow(0, 4, kSteps - 4)));
  CHECK(!at::equal(outputs[0], other[0]));
}

TEST_CASE("gates saturate for huge inputs and pass NaN on", "[simd]") {
  at::NoGradGuard no_gradient;
  const LstmWeights weights{at::ones({1, 4}), at::zeros({1, 4}), at::zeros({4})};
  const auto output = [&](float input) {
    at::Tensor memory = at::zeros({1, 2});
    return lstm_step(at::full({1, 1}, input), memory, weights).item<float>();
  };
  CHECK(output(1e30F) == Approx(std::tanh(1.0)));
  CHECK(output(-1e30F) == Approx(0.0).margin(1e-30));
  CHECK(std::isnan(output(std::nanf(""))));
}
