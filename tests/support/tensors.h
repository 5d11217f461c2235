#pragma once

#include <ATen/ATen.h>
#include <torch/csrc/autograd/autograd.h>

#include <initializer_list>
#include <stdexcept>
#include <string>
#include <vector>

#include "agents/layers/initial_weights.h"
#include "agents/layers/parameters.h"

namespace medal {

/// A matrix by its rows.
inline at::Tensor matrix(std::initializer_list<std::initializer_list<float>> rows) {
  std::vector<at::Tensor> tensors;
  for (const auto& row : rows) tensors.push_back(at::tensor(at::ArrayRef<float>(row)));
  return at::stack(tensors);
}

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

/// The greatest difference of two tensors' elements, as a share of the second one's greatest element.
inline double relative_difference(const at::Tensor& a, const at::Tensor& b) {
  return ((a - b).abs().max() / b.abs().max()).item<double>();
}

}  // namespace medal
