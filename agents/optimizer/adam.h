#pragma once

#include <cstdint>
#include <vector>

#include "agents/layers/parameters.h"

namespace medal {

/// Adam (Kingma & Ba 2015).
class Adam {
 public:
  /// What it knows of one parameter; tensors are undefined before the first step.
  struct Moments {
    std::int64_t steps = 0;
    at::Tensor mean, square;  ///< of the gradient, as the parameter
  };

  /// On a GPU the parameters' numbers are laid side by side, so that a step is a few operations for all of them.
  Adam(const Parameters& parameters, double learning_rate);

  void set_learning_rate(double learning_rate) { learning_rate_ = learning_rate; }
  /// One step along the parameters' gradients, on the CPU. A parameter without a gradient stays as it is.
  void step();

  /// What the next `count` steps take that changes from one to the next: [count, 2] on the CPU. They count as made.
  at::Tensor plan_steps(int count);
  /// One of those steps by plain tensor operations, for any device: `gradient` of all parameters side by side, `plan` a
  /// row of the plan. Where `take` [] is false, nothing changes but the means of the gradient.
  void planned_step(const at::Tensor& gradient, const at::Tensor& plan, const at::Tensor& take);

  /// In the order of the parameters.
  std::vector<Moments> moments() const;
  /// Goes on from these; undefined ones are left as they are.
  void set_moments(const std::vector<Moments>& moments);

 private:
  at::Tensor part_of(const at::Tensor& all, std::size_t parameter) const;
  void lay_out_parameters();

  std::vector<at::Tensor> parameters_;
  std::vector<std::int64_t> begins_;  ///< where each parameter's numbers begin when all lie side by side; and the end
  std::vector<std::int64_t> steps_;   ///< of each parameter: one may be newer than the file that it was read with
  at::Tensor mean_, square_;          ///< of all parameters
  at::Tensor values_;                 ///< all parameters' own numbers, where they lie side by side
  double learning_rate_;
};

}  // namespace medal
