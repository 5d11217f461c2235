#include "agents/optimizer/adam.h"

#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros_like.h>

#include <algorithm>
#include <cmath>

#include "agents/kernels/adam_step.h"
#include "sim/base/error.h"

namespace medal {
namespace {

constexpr double kMeanDecay = 0.9, kSquareDecay = 0.999;
constexpr double kEpsilon = 1e-5;  // as usual in PPO (Huang et al. 2022, detail 3)

double step_size(double learning_rate, std::int64_t steps) {
  return learning_rate / (1.0 - std::pow(kMeanDecay, static_cast<double>(steps)));
}
double square_correction(std::int64_t steps) {
  return std::sqrt(1.0 - std::pow(kSquareDecay, static_cast<double>(steps)));
}

}  // namespace

Adam::Adam(const Parameters& parameters, double learning_rate)
    : begins_{0}, steps_(parameters.size()), learning_rate_(learning_rate) {
  at::NoGradGuard no_gradient;
  for (const Parameter& parameter : parameters) {
    parameters_.push_back(parameter.value);
    begins_.push_back(begins_.back() + parameter.value.numel());
  }
  mean_ = at::zeros({begins_.back()}, parameters_[0].options().requires_grad(false));
  square_ = at::zeros_like(mean_);
  if (!mean_.is_cpu()) lay_out_parameters();
}

at::Tensor Adam::part_of(const at::Tensor& all, std::size_t parameter) const {
  return all.narrow(0, begins_[parameter], begins_[parameter + 1] - begins_[parameter])
      .view(parameters_[parameter].sizes());
}

void Adam::lay_out_parameters() {
  std::vector<at::Tensor> rows;
  for (const at::Tensor& parameter : parameters_) rows.push_back(parameter.detach().flatten());
  values_ = at::cat(rows);
  for (std::size_t i = 0; i < parameters_.size(); ++i) parameters_[i].set_data(part_of(values_, i));
}

void Adam::step() {
  for (std::size_t i = 0; i < parameters_.size(); ++i) {
    const at::Tensor& parameter = parameters_[i];
    if (!parameter.grad().defined()) continue;  // no loss has reached it
    MEDAL_CHECK(parameter.is_cpu() && parameter.is_contiguous());
    const at::Tensor gradient = parameter.grad().contiguous();  // the same tensor where it is
    const std::int64_t steps = ++steps_[i];
    AdamStep step;
    step.mean_decay = static_cast<float>(kMeanDecay);
    step.square_decay = static_cast<float>(kSquareDecay);
    step.mean_share = static_cast<float>(1.0 - kMeanDecay);
    step.square_share = static_cast<float>(1.0 - kSquareDecay);
    step.epsilon = static_cast<float>(kEpsilon);
    step.step_size = static_cast<float>(step_size(learning_rate_, steps));
    step.square_correction = static_cast<float>(square_correction(steps));
    adam_step(step, parameter.numel(), gradient.data_ptr<float>(), mean_.data_ptr<float>() + begins_[i],
              square_.data_ptr<float>() + begins_[i], parameter.data_ptr<float>());
  }
}

at::Tensor Adam::plan_steps(int count) {
  std::vector<double> plan;
  const std::int64_t made = *std::max_element(steps_.begin(), steps_.end());
  for (std::int64_t step = made + 1; step <= made + count; ++step)
    plan.insert(plan.end(), {step_size(learning_rate_, step), square_correction(step)});
  for (std::int64_t& steps : steps_) steps += count;
  return at::tensor(plan).to(at::kFloat).view({count, 2});
}

void Adam::planned_step(const at::Tensor& gradient, const at::Tensor& plan, const at::Tensor& take) {
  mean_.mul_(kMeanDecay).add_(gradient, 1.0 - kMeanDecay);
  square_.mul_(kSquareDecay).addcmul_(gradient, gradient, 1.0 - kSquareDecay);
  const at::Tensor way = mean_ / (square_.sqrt() / plan[1] + kEpsilon) * (plan[0] * take);
  if (values_.defined()) {
    values_.sub_(way);
  } else {
    for (std::size_t i = 0; i < parameters_.size(); ++i) parameters_[i].sub_(part_of(way, i));
  }
}

std::vector<Adam::Moments> Adam::moments() const {
  std::vector<Moments> all;
  for (std::size_t i = 0; i < parameters_.size(); ++i)
    all.push_back(steps_[i] == 0 ? Moments{} : Moments{steps_[i], part_of(mean_, i), part_of(square_, i)});
  return all;
}

void Adam::set_moments(const std::vector<Moments>& moments) {
  for (std::size_t i = 0; i < moments.size(); ++i) {
    if (!moments[i].mean.defined()) continue;
    steps_[i] = moments[i].steps;
    part_of(mean_, i).copy_(moments[i].mean);
    part_of(square_, i).copy_(moments[i].square);
  }
}

}  // namespace medal
