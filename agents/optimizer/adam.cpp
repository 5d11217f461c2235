#include "agents/optimizer/adam.h"

#include <torch/optim/adam.h>

#include <algorithm>
#include <cmath>
#include <sstream>
#include <string>
#include <type_traits>

#include "agents/kernels/adam_step.h"

namespace medal {
namespace {

constexpr double kEpsilon = 1e-5;  // as usual in PPO (Huang et al. 2022, detail 3)

std::vector<at::Tensor> values_of(const Parameters& parameters) {
  std::vector<at::Tensor> values;
  for (const Parameter& parameter : parameters) values.push_back(parameter.value);
  return values;
}

/// LibTorch changed the key type of its map of states between 1.x and 2.x.
template <class States>
auto key_of(const States& states, const at::Tensor& parameter) {
  using Key = std::decay_t<decltype(states.begin()->first)>;
  if constexpr (std::is_same_v<Key, std::string>) {
    std::ostringstream text;
    text << parameter.unsafeGetTensorImpl();
    return text.str();
  } else {
    return static_cast<Key>(parameter.unsafeGetTensorImpl());
  }
}

}  // namespace

struct Adam::Implementation {
  std::vector<at::Tensor> parameters;
  torch::optim::Adam adam;

  /// Zeros before the first step.
  torch::optim::AdamParamState& state_of(const at::Tensor& parameter) {
    auto& state = adam.state()[key_of(adam.state(), parameter)];
    if (!state) {
      auto zero = std::make_unique<torch::optim::AdamParamState>();
      zero->step(0);
      zero->exp_avg(at::zeros(parameter.sizes(), parameter.options()));
      zero->exp_avg_sq(at::zeros(parameter.sizes(), parameter.options()));
      state = std::move(zero);
    }
    return static_cast<torch::optim::AdamParamState&>(*state);
  }
};

Adam::Adam(const Parameters& parameters, double learning_rate)
    : implementation_(new Implementation{
          values_of(parameters),
          torch::optim::Adam(values_of(parameters), torch::optim::AdamOptions(learning_rate).eps(kEpsilon))}) {}
Adam::Adam(Adam&&) noexcept = default;
Adam& Adam::operator=(Adam&&) noexcept = default;
Adam::~Adam() = default;

void Adam::set_learning_rate(double learning_rate) {
  for (auto& group : implementation_->adam.param_groups())
    static_cast<torch::optim::AdamOptions&>(group.options()).lr(learning_rate);
}

void Adam::step() {
  const std::vector<at::Tensor>& parameters = implementation_->parameters;
  const bool on_cpu = std::all_of(parameters.begin(), parameters.end(), [](const at::Tensor& parameter) {
    return parameter.is_cpu() && parameter.is_contiguous() && parameter.grad().defined() &&
           parameter.grad().is_contiguous();
  });
  if (!on_cpu) return step_by_tensors();
  const auto& options =
      static_cast<const torch::optim::AdamOptions&>(implementation_->adam.param_groups().front().options());
  const auto [mean_decay, square_decay] = options.betas();
  for (const at::Tensor& parameter : parameters) {
    torch::optim::AdamParamState& state = implementation_->state_of(parameter);
    state.step(state.step() + 1);
    const auto steps = static_cast<double>(state.step());
    AdamStep step;
    step.mean_decay = static_cast<float>(mean_decay);
    step.square_decay = static_cast<float>(square_decay);
    step.mean_share = static_cast<float>(1.0 - mean_decay);
    step.square_share = static_cast<float>(1.0 - square_decay);
    step.epsilon = static_cast<float>(options.eps());
    step.step_size = static_cast<float>(options.lr() / (1.0 - std::pow(mean_decay, steps)));
    step.square_correction = static_cast<float>(std::sqrt(1.0 - std::pow(square_decay, steps)));
    adam_step(step, parameter.numel(), parameter.grad().data_ptr<float>(), state.exp_avg().data_ptr<float>(),
              state.exp_avg_sq().data_ptr<float>(), parameter.data_ptr<float>());
  }
}

void Adam::step_by_tensors() { implementation_->adam.step(); }

std::vector<Adam::Moments> Adam::moments() const {
  std::vector<Moments> all;
  auto& states = implementation_->adam.state();
  for (const at::Tensor& parameter : implementation_->parameters) {
    Moments moments;
    const auto found = states.find(key_of(states, parameter));
    if (found != states.end()) {
      auto& state = static_cast<torch::optim::AdamParamState&>(*found->second);
      moments = {state.step(), state.exp_avg(), state.exp_avg_sq()};
    }
    all.push_back(std::move(moments));
  }
  return all;
}

void Adam::set_moments(const std::vector<Moments>& moments) {
  auto& states = implementation_->adam.state();
  for (std::size_t i = 0; i < moments.size(); ++i) {
    if (!moments[i].mean.defined()) continue;
    const at::Tensor& parameter = implementation_->parameters[i];
    auto state = std::make_unique<torch::optim::AdamParamState>();
    state->step(moments[i].steps);
    state->exp_avg(moments[i].mean.to(parameter.device()));
    state->exp_avg_sq(moments[i].square.to(parameter.device()));
    states[key_of(states, parameter)] = std::move(state);
  }
}

}  // namespace medal
