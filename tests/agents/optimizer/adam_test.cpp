#include "agents/optimizer/adam.h"

#include <torch/optim/adam.h>

#include "tests/support/catch.h"
#include "tests/support/tensors.h"

using namespace medal;

namespace {

struct Learning {
  Learning() {
    seed_weights(71);
    for (const std::int64_t size : {1, 40, 333}) {
      const at::Tensor value = at::randn({size, 3}).requires_grad_();
      value.mutable_grad() = at::empty_like(value.detach());
      parameters.push_back({"p" + std::to_string(size), value});
    }
    adam.emplace_back(parameters, 1e-2);
  }
  void draw_gradients(int step) {
    seed_weights(static_cast<std::uint64_t>(step));
    for (const Parameter& parameter : parameters) parameter.value.mutable_grad().normal_().mul_(step % 3);
  }

  Parameters parameters;
  std::vector<Adam> adam;
};

}  // namespace

TEST_CASE("a step of Adam, and one that was planned, are LibTorch's") {
  at::NoGradGuard no_gradient;
  Learning own, planned, plain;
  std::vector<at::Tensor> values;
  for (const Parameter& parameter : plain.parameters) values.push_back(parameter.value);
  torch::optim::Adam reference(values, torch::optim::AdamOptions(1e-2).eps(1e-5));
  for (int step = 0; step < 20; ++step) {
    for (Learning* learning : {&own, &planned, &plain}) learning->draw_gradients(step);
    own.adam[0].step();
    std::vector<at::Tensor> gradients;
    for (const Parameter& parameter : planned.parameters) gradients.push_back(parameter.value.grad().flatten());
    planned.adam[0].planned_step(at::cat(gradients), planned.adam[0].plan_steps(1)[0], at::ones({}));
    reference.step();
  }
  const std::vector<Adam::Moments> moments = own.adam[0].moments(), others = planned.adam[0].moments();
  for (std::size_t i = 0; i < values.size(); ++i) {
    CHECK(at::allclose(own.parameters[i].value, values[i], 1e-5, 1e-6));
    CHECK(at::allclose(planned.parameters[i].value, values[i], 1e-5, 1e-6));
    CHECK(moments[i].steps == 20);
    CHECK(others[i].steps == 20);
    CHECK(at::allclose(moments[i].mean, others[i].mean, 1e-5, 1e-7));
    CHECK(at::allclose(moments[i].square, others[i].square, 1e-5, 1e-7));
  }
}

TEST_CASE("a planned step that is not to be taken moves no parameter") {
  at::NoGradGuard no_gradient;
  Learning learning;
  learning.draw_gradients(1);
  const std::vector<at::Tensor> before = copies(learning.parameters);
  const std::int64_t count = count_of(learning.parameters);
  learning.adam[0].planned_step(at::zeros({count}), learning.adam[0].plan_steps(1)[0], at::zeros({}));
  for (std::size_t i = 0; i < before.size(); ++i) CHECK(at::equal(learning.parameters[i].value, before[i]));
}
