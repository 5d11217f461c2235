#include "agents/optimizer/adam.h"

#include <torch/optim/adam.h>

#include <sstream>
#include <string>
#include <type_traits>

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

void Adam::step() { implementation_->adam.step(); }

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
