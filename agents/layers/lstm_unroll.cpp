#include "agents/layers/lstm_unroll.h"

#include <ATen/ops/addmm.h>
#include <ATen/ops/stack.h>
#include <torch/csrc/autograd/custom_function.h>

#include <algorithm>
#include <vector>

#include "agents/kernels/lstm_cell.h"
#include "agents/kernels/packed_factor.h"
#include "agents/layers/dense.h"
#include "sim/base/error.h"

namespace medal {
namespace {

using at::Tensor;
using torch::autograd::AutogradContext;
using torch::autograd::variable_list;

/// Copies rows of width `width` and clears those whose `start` is 1.
void copy_unless_started(const float* from, std::int64_t from_stride, const float* starts, std::int64_t batch,
                         std::int64_t width, float* to) {
  for (std::int64_t b = 0; b < batch; ++b, from += from_stride, to += width) {
    if (starts[b] != 0.0F)
      std::fill_n(to, width, 0.0F);
    else
      std::copy_n(from, width, to);
  }
}

void clear_started(const float* starts, std::int64_t batch, std::int64_t width, float* rows) {
  for (std::int64_t b = 0; b < batch; ++b)
    if (starts[b] != 0.0F) std::fill_n(rows + b * width, width, 0.0F);
}

/// The product of one step's rows with a factor that all steps share: a [batch, inner], c [batch, columns].
void step_product(const float* a, std::int64_t a_stride, std::int64_t batch, const PackedFactor& b, bool accumulate,
                  const float* bias, float* c, std::int64_t c_stride) {
  MatrixProduct product;
  product.rows = batch;
  product.a = a;
  product.a_stride = a_stride;
  product.c = c;
  product.c_stride = c_stride;
  product.accumulate = accumulate;
  product.bias = bias;
  b.multiply(product);
}

PackedFactor packed(const Tensor& b) {
  MEDAL_CHECK(b.is_contiguous());
  PackedFactor factor;
  factor.assign(b.data_ptr<float>(), b.size(1), b.size(0), b.size(1));
  return factor;
}
PackedFactor packed_transposed(const Tensor& b) {
  MEDAL_CHECK(b.is_contiguous());
  PackedFactor factor;
  factor.assign_transposed(b.data_ptr<float>(), b.size(0), b.size(1));
  return factor;
}

/// What the backward pass needs of the forward pass; T steps of B rows, contiguous.
struct Unrolled {
  Tensor gates;            ///< [T, B, 4H] activations
  Tensor previous_hidden;  ///< [T, B, H] after clearing
  Tensor previous_cell;    ///< [T, B, H] after clearing
  Tensor cell_tanh;        ///< [T, B, H]
  Tensor hidden;           ///< [T, B, H] the output
};

Unrolled run_forward(const Tensor& inputs, const Tensor& memory, const Tensor& starts, const LstmWeights& weights) {
  const std::int64_t steps = inputs.size(0), batch = inputs.size(1), width = weights.hidden.size(0);
  const std::int64_t block = batch * width, input_width = inputs.size(2);
  const PackedFactor input_weight = packed(weights.input), hidden_weight = packed(weights.hidden);
  Unrolled u;
  u.gates = at::empty({steps, batch, 4 * width}, inputs.options());
  for (Tensor* tensor : {&u.previous_hidden, &u.previous_cell, &u.cell_tanh, &u.hidden})
    *tensor = at::empty({steps, batch, width}, inputs.options());
  const Tensor cell = at::empty({batch, width}, inputs.options());
  const float* start = starts.data_ptr<float>();
  copy_unless_started(memory.data_ptr<float>(), 2 * width, start, batch, width, u.previous_hidden.data_ptr<float>());
  copy_unless_started(memory.data_ptr<float>() + width, 2 * width, start, batch, width,
                      u.previous_cell.data_ptr<float>());
  for (std::int64_t t = 0; t < steps; ++t) {
    float* gates = u.gates.data_ptr<float>() + 4 * t * block;
    // A step's gates at a time: they stay in the caches until they are needed.
    step_product(inputs.data_ptr<float>() + t * batch * input_width, input_width, batch, input_weight, false,
                 weights.bias.data_ptr<float>(), gates, 4 * width);
    step_product(u.previous_hidden.data_ptr<float>() + t * block, width, batch, hidden_weight, true, nullptr, gates,
                 4 * width);
    float* hidden = u.hidden.data_ptr<float>() + t * block;
    lstm_cell_forward({batch, width, gates, u.previous_cell.data_ptr<float>() + t * block, width, hidden, width,
                       cell.data_ptr<float>(), width, u.cell_tanh.data_ptr<float>() + t * block});
    if (t + 1 == steps) break;
    const float* next_start = start + (t + 1) * batch;
    copy_unless_started(hidden, width, next_start, batch, width, u.previous_hidden.data_ptr<float>() + (t + 1) * block);
    copy_unless_started(cell.data_ptr<float>(), width, next_start, batch, width,
                        u.previous_cell.data_ptr<float>() + (t + 1) * block);
  }
  return u;
}

/// Back-propagation through time: gradients with respect to the gates before activation, [T, B, 4H]; and with respect
/// to the inputs, [T, B, I], where `input_gradient` is defined.
Tensor run_backward(const Unrolled& u, const Tensor& output_gradient, const Tensor& starts, const LstmWeights& weights,
                    const Tensor& input_gradient) {
  const Tensor& hidden_weight = weights.hidden;
  const std::int64_t steps = u.gates.size(0), batch = u.gates.size(1), width = hidden_weight.size(0);
  const std::int64_t input_width = weights.input.size(0);
  const std::int64_t block = batch * width;
  const Tensor gate_gradient = at::empty_like(u.gates);
  Tensor hidden_gradient = at::zeros({batch, width}, u.gates.options());
  const Tensor cell_gradient = at::zeros({batch, width}, u.gates.options());
  const PackedFactor to_hidden = packed_transposed(hidden_weight);
  PackedFactor to_inputs;
  if (input_gradient.defined()) to_inputs = packed_transposed(weights.input);
  for (std::int64_t t = steps - 1; t >= 0; --t) {
    float* step_gradient = gate_gradient.data_ptr<float>() + 4 * t * block;
    lstm_cell_backward({batch, width, u.gates.data_ptr<float>() + 4 * t * block,
                        u.previous_cell.data_ptr<float>() + t * block, u.cell_tanh.data_ptr<float>() + t * block,
                        output_gradient.data_ptr<float>() + t * block, hidden_gradient.data_ptr<float>(),
                        cell_gradient.data_ptr<float>(), step_gradient});
    if (input_gradient.defined())
      step_product(step_gradient, 4 * width, batch, to_inputs, false, nullptr,
                   input_gradient.data_ptr<float>() + t * batch * input_width, input_width);
    if (t == 0) break;
    step_product(step_gradient, 4 * width, batch, to_hidden, false, nullptr, hidden_gradient.data_ptr<float>(), width);
    const float* start = starts.data_ptr<float>() + t * batch;
    clear_started(start, batch, width, hidden_gradient.data_ptr<float>());
    clear_started(start, batch, width, cell_gradient.data_ptr<float>());
  }
  return gate_gradient;
}

class LstmUnroll : public torch::autograd::Function<LstmUnroll> {
 public:
  static Tensor forward(AutogradContext* context, const Tensor& inputs, const Tensor& memory, const Tensor& starts,
                        const Tensor& input_weight, const Tensor& hidden_weight, const Tensor& bias) {
    const Tensor plain_starts = starts.contiguous();
    const Tensor dense_inputs = inputs.contiguous();
    const Unrolled u =
        run_forward(dense_inputs, memory.contiguous(), plain_starts, {input_weight, hidden_weight, bias});
    context->save_for_backward({dense_inputs, plain_starts, input_weight, hidden_weight, u.gates, u.previous_hidden,
                                u.previous_cell, u.cell_tanh});
    return u.hidden;
  }

  static variable_list backward(AutogradContext* context, variable_list output_gradients) {
    const variable_list saved = context->get_saved_variables();
    const Tensor &inputs = saved[0], &input_weight = saved[2], &hidden_weight = saved[3];
    const Unrolled u{saved[4], saved[5], saved[6], saved[7], {}};
    const Tensor input_gradient = context->needs_input_grad(0) ? at::empty_like(inputs) : Tensor();
    const Tensor gradient = run_backward(u, output_gradients[0].contiguous(), saved[1],
                                         {input_weight, hidden_weight, Tensor()}, input_gradient)
                                .flatten(0, 1);  // [T * B, 4H]
    const Tensor of_weights = weight_gradient({inputs.flatten(0, 1), u.previous_hidden.flatten(0, 1)}, gradient);
    return {input_gradient,
            Tensor(),
            Tensor(),
            of_weights.narrow(0, 0, input_weight.size(0)),
            of_weights.narrow(0, input_weight.size(0), hidden_weight.size(0)),
            sum_over_rows(gradient)};
  }
};

/// Hidden and cell [B, H] after one step of plain tensor operations.
std::pair<Tensor, Tensor> step_by_tensors(const Tensor& inputs, const Tensor& hidden, const Tensor& cell,
                                          const LstmWeights& weights) {
  const Tensor gates = at::addmm(weights.bias, inputs, weights.input).addmm(hidden, weights.hidden);
  const std::vector<Tensor> parts = gates.chunk(4, 1);
  const Tensor next_cell = parts[1].sigmoid() * cell + parts[0].sigmoid() * parts[2].tanh();
  return {parts[3].sigmoid() * next_cell.tanh(), next_cell};
}

}  // namespace

Tensor lstm_unroll(const Tensor& inputs, const Tensor& memory, const Tensor& starts, const LstmWeights& weights) {
  if (!inputs.is_cpu()) return lstm_unroll_by_cells(inputs, memory, starts, weights);
  return LstmUnroll::apply(inputs, memory, starts, weights.input, weights.hidden, weights.bias);
}

Tensor lstm_unroll_stepwise(const Tensor& inputs, const Tensor& memory, const Tensor& starts,
                            const LstmWeights& weights) {
  const std::vector<Tensor> parts = memory.chunk(2, 1);
  Tensor hidden = parts[0], cell = parts[1];
  std::vector<Tensor> outputs;
  for (std::int64_t t = 0; t < inputs.size(0); ++t) {
    const Tensor keep = (1.0F - starts[t]).unsqueeze(1);
    std::tie(hidden, cell) = step_by_tensors(inputs[t], hidden * keep, cell * keep, weights);
    outputs.push_back(hidden);
  }
  return at::stack(outputs);
}

Tensor lstm_step(const Tensor& inputs, Tensor& memory, const LstmWeights& weights) {
  const std::int64_t batch = inputs.size(0), width = weights.hidden.size(0);
  const Tensor hidden = memory.narrow(1, 0, width);
  if (!inputs.is_cpu()) {
    const auto [next_hidden, next_cell] = step_by_tensors(inputs, hidden, memory.narrow(1, width, width), weights);
    memory.copy_(at::cat({next_hidden, next_cell}, 1));
    return hidden;
  }
  MEDAL_CHECK(memory.stride(1) == 1, "rows of floats");
  const Tensor gates = matrix_product(inputs, weights.input, weights.bias);
  float* state = memory.data_ptr<float>();
  const std::int64_t stride = memory.stride(0);
  step_product(state, stride, batch, packed(weights.hidden), true, nullptr, gates.data_ptr<float>(), 4 * width);
  lstm_cell_forward(
      {batch, width, gates.data_ptr<float>(), state + width, stride, state, stride, state + width, stride, nullptr});
  return hidden;
}

}  // namespace medal
