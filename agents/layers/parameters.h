#pragma once

#include <string>
#include <vector>

#include "agents/layers/tensor.h"

namespace medal {

/// A learnt tensor. Copies share its numbers.
struct Parameter {
  std::string name;  ///< "trunk.weight"
  at::Tensor value;
};

/// The learnt tensors of a network, in the order in which gradients are summed and files are written.
using Parameters = std::vector<Parameter>;

/// Where a part of a network puts its parameters: a list, and what their names begin with.
class ParameterScope {
 public:
  explicit ParameterScope(Parameters& parameters) : parameters_(&parameters) {}

  /// The scope of a part: its parameters' names begin with this scope's and `name`.
  ParameterScope part(const std::string& name) const;
  /// Adds a parameter that begins with these numbers and returns it.
  at::Tensor add(const std::string& name, at::Tensor value) const;

 private:
  Parameters* parameters_;
  std::string prefix_;
};

/// Moves the numbers to a device; all copies of the tensors follow.
void move_to(Parameters& parameters, at::Device device);
/// How many numbers these are.
std::int64_t count_of(const Parameters& parameters);

}  // namespace medal
