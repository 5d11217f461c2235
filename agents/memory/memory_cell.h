#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "agents/layers/parameters.h"
#include "agents/layers/ray_attention.h"
#include "agents/recollection/recollection.h"
#include "sim/episode/observation.h"

namespace medal {

/// What a memory is made from.
struct MemoryPlan {
  ParameterScope parameters;
  std::int64_t inputs = 0;        ///< width of the encoder's output
  std::int64_t width = 0;         ///< network.memory_size
  ObservationLayout observation;  ///< where a memory finds what it writes down by rule
};

/// The rows of some steps as a memory sees them.
struct MemoryInput {
  at::Tensor encoded;       ///< [rows, inputs], with gradients in an unroll
  at::Tensor observations;  ///< [rows, O], as they came
  at::Tensor written;       ///< in an unroll, [rows, written_size()] after each step where that is known
};

/// What a memory tells the rest of the network.
struct MemoryOutput {
  at::Tensor out;    ///< [rows, output_size()]: to the trunk, to the ray attention, to heads on the memory
  at::Tensor reads;  ///< [rows, read_size()]: what was looked up, to the trunk and the ray attention; undefined if 0
};

/// Memory between the steps of an episode. A learner's state is one row of floats: part of it may be learnt (an LSTM's
/// cells), part written by rule from the observation (a list of events); both are cleared where an episode starts.
class MemoryCell {
 public:
  virtual ~MemoryCell() = default;

  /// Floats that a learner carries from step to step; 0 for none.
  virtual std::int64_t state_size() const = 0;
  virtual std::int64_t output_size() const = 0;
  virtual std::int64_t read_size() const { return 0; }
  /// How many of a state's numbers, the last ones, are written by rule: what was written while the actions were chosen
  /// holds for all updates.
  virtual std::int64_t written_size() const { return 0; }
  /// What the ray attention should have for this memory's questions. It is asked by rows of output and reads.
  virtual RayRequest ray_request() const { return {}; }

  /// One step without gradients: rows are the N learners, state [N, state_size()] is updated in place.
  virtual MemoryOutput step(const MemoryInput& input, at::Tensor& state) const = 0;
  /// A whole unroll with gradients to the encoded rows and the parameters: rows are T steps of B learners, step by
  /// step; state [B, state_size()] before step 0; starts [T, B], 1 where the state is cleared before step t.
  virtual MemoryOutput unroll(const MemoryInput& input, const at::Tensor& state, const at::Tensor& starts) const = 0;

  /// Clears the states of those whose `starts` [rows] is 1.
  virtual void clear(at::Tensor& state, const at::Tensor& starts) const { state.mul_((1.0F - starts).unsqueeze(1)); }
  /// Forbids or allows learners to read what was written down by rule: allowed [rows], 1 or 0. It is kept in their
  /// states and not cleared with them. A memory of learnt state alone has nothing to forbid.
  virtual void allow_reading(at::Tensor& state, const at::Tensor& allowed) const {
    static_cast<void>(state), static_cast<void>(allowed);
  }

  /// What of a learner's state people are shown, in [-1, 1] or thereabouts.
  virtual std::span<const float> shown(std::span<const float> state) const { return state; }
  /// What a learner's state holds of events, and what was looked up in it: a row of reads, empty if that is not known.
  virtual Recollection recollection(std::span<const float> state, std::span<const float> reads) const {
    static_cast<void>(state), static_cast<void>(reads);
    return {};
  }
};

}  // namespace medal
