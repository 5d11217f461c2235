#pragma once

#include <cstdint>

namespace medal {

/// The elementwise part of an LSTM (Hochreiter & Schmidhuber 1997, with forget gates) for a batch on the CPU, in plain
/// loops over floats. H: width; gates lie as [i | f | g | o], 4H floats a row; `batch` rows.

/// One forward step of `batch` rows. Strides are in floats.
struct LstmCellForward {
  std::int64_t batch = 0, width = 0;
  float* gates = nullptr;                ///< [batch, 4H] before activation; overwritten by the activations
  const float* previous_cell = nullptr;  ///< [batch, H]; may be the same memory as `cell`
  std::int64_t previous_cell_stride = 0;
  float* hidden = nullptr;  ///< [batch, H]
  std::int64_t hidden_stride = 0;
  float* cell = nullptr;  ///< [batch, H]
  std::int64_t cell_stride = 0;
  float* cell_tanh = nullptr;  ///< [batch, H] dense; may be null
};
void lstm_cell_forward(const LstmCellForward& step);

/// One step backward in time. All arrays are dense.
struct LstmCellBackward {
  std::int64_t batch = 0, width = 0;
  const float* gates = nullptr;            ///< [batch, 4H] activations
  const float* previous_cell = nullptr;    ///< [batch, H]
  const float* cell_tanh = nullptr;        ///< [batch, H]
  const float* output_gradient = nullptr;  ///< [batch, H] from the loss at this step
  const float* hidden_gradient = nullptr;  ///< [batch, H] from the next step
  float* cell_gradient = nullptr;          ///< [batch, H] in: from the next step; out: for the previous step
  float* gate_gradient = nullptr;          ///< [batch, 4H] out: with respect to the values before activation
};
void lstm_cell_backward(const LstmCellBackward& step);

}  // namespace medal
