#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "agents/layers/dense.h"
#include "sim/base/options.h"

namespace medal {

/// A number that a head's loss is weighed or scheduled by: an option of [learner], with its default.
struct HeadOption {
  Field field;
  double value = 0;
};

/// Some samples to teach a head, as plain memory.
struct HeadBatch {
  std::int64_t rows = 0;
  const float* guesses = nullptr;  ///< [rows, guess_size]
  const float* targets = nullptr;  ///< rows of target_size, `target_stride` floats from one to the next
  std::int64_t target_stride = 0;
  float* gradients = nullptr;       ///< [rows, guess_size] of the weighted loss; all are written
  double samples = 1;               ///< that means are taken over: rows, or more where this is a part of a batch
  double masked_samples = 1;        ///< those of them whose mask is 1; at least a tiny number
  std::span<const double> options;  ///< the head's, in the order in which it declares them
};

/// The same as tensors.
struct HeadTensors {
  at::Tensor guesses;  ///< [..., guess_size]
  at::Tensor targets;  ///< [..., target_size]
  double samples = 1;
  at::Tensor masked_samples;  ///< [], a tensor since it changes while recorded work does not
};

/// What the simulator knows and the network is taught to guess: two dense layers and a loss on a slice of the
/// privileged row. The policy never sees the guess's target.
struct AuxiliaryHead {
  enum class Sees { memory, trunk };

  std::string_view name;  ///< of its parameters: NAME.hidden.weight, NAME.guess.weight ...
  Sees sees = Sees::memory;
  int target_offset = 0, target_size = 0;  ///< in the privileged row; the last number is the mask: 1 where it is known
  int guess_size = 0;
  std::vector<std::string_view> terms;  ///< what its loss is made of; loss/TERM in the metrics
  std::vector<HeadOption> options;

  /// The weight of each term in the loss.
  std::vector<double> (*weights)(std::span<const double> options) = nullptr;
  /// Sets the options of a moment in the run, `progress` in [0, 1]; null where they stay.
  void (*schedule)(std::span<double> options, double progress) = nullptr;
  /// Sets each term to its mean over the batch's samples, and writes the gradients.
  void (*teach)(const HeadBatch& batch, std::span<double> terms) = nullptr;
  /// The terms by plain tensor operations, for any device; what `teach` is tested against.
  std::vector<at::Tensor> (*terms_by_tensors)(const HeadTensors& batch) = nullptr;
};

/// A head's layers.
struct HeadLayers {
  HeadLayers(const ParameterScope& scope, std::int64_t inputs, std::int64_t hidden_size, int guess_size)
      : hidden(scope.part("hidden"), inputs, hidden_size, kReluGain),
        guess(scope.part("guess"), hidden_size, guess_size, 1.0) {}
  /// seen [rows, inputs]; result [rows, guess_size].
  at::Tensor forward(const at::Tensor& seen) const { return guess.forward(hidden.forward(seen, true)); }

  Dense hidden, guess;
};

}  // namespace medal
