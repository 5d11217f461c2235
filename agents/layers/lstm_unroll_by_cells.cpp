#include <ATen/ops/_thnn_fused_lstm_cell.h>
#include <ATen/ops/_thnn_fused_lstm_cell_backward_impl.h>
#include <ATen/ops/addcmul.h>
#include <ATen/ops/addmm.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/mul.h>
#include <ATen/ops/stack.h>
#include <torch/csrc/autograd/custom_function.h>

#include <vector>

#include "agents/layers/lstm_unroll.h"

namespace medal {
namespace {

using at::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

struct Cell {
  Tensor hidden, cell;  ///< [B, H] after the step
  Tensor gates;         ///< [B, 4H] activations, as the backward pass takes them
};

Tensor gate(const Tensor& gates, int index) { return gates.narrow(1, index * gates.size(1) / 4, gates.size(1) / 4); }

/// From what inputs and hidden numbers make of the gates, before activation.
Cell cell_forward(const Tensor& of_inputs, const Tensor& of_hidden, const Tensor& previous_cell) {
  if (!of_inputs.is_cpu()) {
    auto [hidden, cell, gates] = at::_thnn_fused_lstm_cell(of_inputs, of_hidden, previous_cell);
    return {hidden, cell, gates};
  }
  const Tensor sum = of_inputs + of_hidden;
  const Tensor gates =
      at::cat({gate(sum, 0).sigmoid(), gate(sum, 1).sigmoid(), gate(sum, 2).tanh(), gate(sum, 3).sigmoid()}, 1);
  const Tensor cell = gate(gates, 1) * previous_cell + gate(gates, 0) * gate(gates, 2);
  return {gate(gates, 3) * cell.tanh(), cell, gates};
}

/// Gradients with respect to the gates before activation, and to the previous cell.
std::pair<Tensor, Tensor> cell_backward(const Tensor& of_hidden, const Tensor& of_cell, const Tensor& previous_cell,
                                        const Tensor& cell, const Tensor& gates) {
  if (!of_hidden.is_cpu()) {
    auto [of_gates, of_previous, none] =
        at::_thnn_fused_lstm_cell_backward_impl(of_hidden, of_cell, previous_cell, cell, gates, false);
    return {of_gates, of_previous};
  }
  const Tensor i = gate(gates, 0), f = gate(gates, 1), g = gate(gates, 2), o = gate(gates, 3), squashed = cell.tanh();
  const Tensor whole = of_cell + of_hidden * o * (1.0F - squashed.square());
  return {at::cat({whole * g * i * (1.0F - i), whole * previous_cell * f * (1.0F - f), whole * i * (1.0F - g.square()),
                   of_hidden * squashed * o * (1.0F - o)},
                  1),
          whole * f};
}

class LstmUnrollByCells : public torch::autograd::Function<LstmUnrollByCells> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& inputs, const Tensor& memory, const Tensor& starts,
                        const Tensor& input_weight, const Tensor& hidden_weight, const Tensor& bias) {
    const std::int64_t steps = inputs.size(0), batch = inputs.size(1), width = hidden_weight.size(0);
    const Tensor rows = inputs.flatten(0, 1), keep = (1.0F - starts).unsqueeze(2);
    const Tensor of_inputs = at::addmm(bias, rows, input_weight).view({steps, batch, -1});
    const Tensor previous_hidden = at::empty({steps, batch, width}, inputs.options());
    const Tensor previous_cell = at::empty_like(previous_hidden);
    Cell present{memory.narrow(1, 0, width), memory.narrow(1, width, width), {}};
    variable_list hidden, saved = {rows, keep, input_weight, hidden_weight, previous_hidden, previous_cell};
    for (std::int64_t t = 0; t < steps; ++t) {
      Tensor kept_hidden = previous_hidden[t], kept_cell = previous_cell[t];
      at::mul_out(kept_hidden, present.hidden, keep[t]);
      at::mul_out(kept_cell, present.cell, keep[t]);
      present = cell_forward(of_inputs[t], at::mm(kept_hidden, hidden_weight), kept_cell);
      hidden.push_back(present.hidden);
      saved.push_back(present.cell);
      saved.push_back(present.gates);
    }
    context->save_for_backward(std::move(saved));
    return at::stack(hidden);
  }

  static variable_list backward(AutogradContext* context, variable_list gradients) {
    const variable_list saved = context->get_saved_variables();
    const Tensor &rows = saved[0], &keep = saved[1], &input_weight = saved[2], &hidden_weight = saved[3],
                 &previous_hidden = saved[4], &previous_cell = saved[5];
    const std::int64_t steps = keep.size(0);
    const Tensor to_hidden = hidden_weight.t(), output_gradient = gradients[0].contiguous();
    Tensor of_hidden = output_gradient[steps - 1], of_cell = at::zeros(of_hidden.sizes(), of_hidden.options());
    variable_list of_gates(static_cast<std::size_t>(steps));
    for (std::int64_t t = steps - 1; t >= 0; --t) {
      const auto step = static_cast<std::size_t>(t);
      std::tie(of_gates[step], of_cell) =
          cell_backward(of_hidden, of_cell, previous_cell[t], saved[6 + 2 * step], saved[7 + 2 * step]);
      if (t == 0) break;
      of_hidden = at::addcmul(output_gradient[t - 1], at::mm(of_gates[step], to_hidden), keep[t]);
      of_cell = of_cell * keep[t];
    }
    const Tensor of_all = at::cat(of_gates, 0);  // [T * B, 4H]
    const Tensor of_inputs =
        context->needs_input_grad(0) ? at::mm(of_all, input_weight.t()).view({steps, keep.size(1), -1}) : Tensor();
    return {
        of_inputs,    Tensor(), Tensor(), at::mm(rows.t(), of_all), at::mm(previous_hidden.flatten(0, 1).t(), of_all),
        of_all.sum(0)};
  }
};

}  // namespace

Tensor lstm_unroll_by_cells(const Tensor& inputs, const Tensor& memory, const Tensor& starts,
                            const LstmWeights& weights) {
  return LstmUnrollByCells::apply(inputs, memory, starts, weights.input, weights.hidden, weights.bias);
}

}  // namespace medal
