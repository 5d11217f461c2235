#pragma once

#include <ATen/ATen.h>
#include <torch/csrc/autograd/autograd.h>

#include <vector>

#include "agents/layers/initial_weights.h"
#include "agents/layers/parameters.h"

namespace medal {

/// What the parameters are now.
inline std::vector<at::Tensor> copies(const Parameters& parameters) {
  std::vector<at::Tensor> result;
  for (const Parameter& parameter : parameters) result.push_back(parameter.value.detach().clone());
  return result;
}

/// The parameter of that name, which must be there.
inline at::Tensor named(const Parameters& parameters, const std::string& name) {
  for (const Parameter& parameter : parameters)
    if (parameter.name == name) return parameter.value;
  throw std::runtime_error("no parameter " + name);
}

}  // namespace medal
