#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "agents/layers/parameters.h"

namespace medal {

/// Adam (Kingma & Ba 2015) by LibTorch, whose optimisers' headers are dear, behind a face without them.
class Adam {
 public:
  /// What it knows of one parameter; tensors are undefined before the first step.
  struct Moments {
    std::int64_t steps = 0;
    at::Tensor mean, square;  ///< of the gradient, as the parameter
  };

  Adam(const Parameters& parameters, double learning_rate);
  Adam(Adam&&) noexcept;
  Adam& operator=(Adam&&) noexcept;
  ~Adam();

  void set_learning_rate(double learning_rate);
  /// One step along the parameters' gradients; on the CPU by a kernel of our own.
  void step();
  /// The same by LibTorch, for any device; what the kernel is tested against.
  void step_by_tensors();
  /// In the order of the parameters.
  std::vector<Moments> moments() const;
  /// Goes on from these; undefined ones are left as they are.
  void set_moments(const std::vector<Moments>& moments);

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace medal
