#include "agents/optimizer/adam.h"

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

TEST_CASE("our own step of Adam is LibTorch's") {
  at::NoGradGuard no_gradient;
  Learning own, plain;
  for (int step = 0; step < 20; ++step) {
    own.draw_gradients(step);
    plain.draw_gradients(step);
    own.adam[0].step();
    plain.adam[0].step_by_tensors();
  }
  for (std::size_t i = 0; i < own.parameters.size(); ++i)
    CHECK(at::allclose(own.parameters[i].value, plain.parameters[i].value, 1e-5, 1e-6));
  const std::vector<Adam::Moments> moments = own.adam[0].moments(), expected = plain.adam[0].moments();
  for (std::size_t i = 0; i < moments.size(); ++i) {
    CHECK(moments[i].steps == expected[i].steps);
    CHECK(at::allclose(moments[i].mean, expected[i].mean, 1e-5, 1e-7));
    CHECK(at::allclose(moments[i].square, expected[i].square, 1e-5, 1e-7));
  }
}
