#include "agents/layers/parameters.h"

namespace medal {

ParameterScope ParameterScope::part(const std::string& name) const {
  ParameterScope inner = *this;
  inner.prefix_ += name + ".";
  return inner;
}

at::Tensor ParameterScope::add(const std::string& name, at::Tensor value) const {
  value.requires_grad_(true);
  parameters_->push_back({prefix_ + name, value});
  return value;
}

void move_to(Parameters& parameters, at::Device device) {
  at::NoGradGuard no_gradient;
  for (Parameter& parameter : parameters)
    if (parameter.value.device() != device) parameter.value.set_data(parameter.value.to(device));
}

std::int64_t count_of(const Parameters& parameters) {
  std::int64_t count = 0;
  for (const Parameter& parameter : parameters) count += parameter.value.numel();
  return count;
}

}  // namespace medal
