#include <ATen/ops/addmm.h>
#include <ATen/ops/mm.h>
#include <ATen/ops/sigmoid.h>
#include <ATen/ops/tanh.h>

#include "agents/layers/initial_weights.h"
#include "agents/memory/memory_cell.h"

namespace medal {

/// network.memory = "gru" (Cho et al. 2014, with the reset gate after the product): by plain tensor operations, step by
/// step. State: the hidden numbers.
class GruMemory final : public MemoryCell {
 public:
  explicit GruMemory(const MemoryPlan& plan) : width_(plan.width) {
    input_ = plan.parameters.add("input_weight", orthogonal_gates(plan.inputs));
    hidden_ = plan.parameters.add("hidden_weight", orthogonal_gates(width_));
    bias_ = plan.parameters.add("bias", at::zeros({kGates * width_}));
  }

  std::int64_t state_size() const override { return width_; }
  std::int64_t output_size() const override { return width_; }

  MemoryOutput step(const MemoryInput& input, at::Tensor& state) const override {
    const at::Tensor next = next_state(at::addmm(bias_, input.encoded, input_), state);
    state.copy_(next);
    return {next, {}};
  }

  MemoryOutput unroll(const MemoryInput& input, const at::Tensor& state, const at::Tensor& starts) const override {
    const at::Tensor inputs = at::addmm(bias_, input.encoded, input_).view({starts.size(0), starts.size(1), -1});
    std::vector<at::Tensor> out;
    at::Tensor present = state;
    for (std::int64_t t = 0; t < starts.size(0); ++t) {
      present = next_state(inputs[t], present * (1.0F - starts[t]).unsqueeze(1));
      out.push_back(present);
    }
    return {at::cat(out, 0), {}};
  }

 private:
  static constexpr std::int64_t kGates = 3;  // reset, update, candidate

  at::Tensor orthogonal_gates(std::int64_t inputs) const {
    std::vector<at::Tensor> gates;
    for (int gate = 0; gate < kGates; ++gate) gates.push_back(orthogonal(inputs, width_));
    return at::cat(gates, 1);
  }

  at::Tensor next_state(const at::Tensor& inputs, const at::Tensor& hidden) const {
    const at::Tensor of_hidden = at::mm(hidden, hidden_);
    const auto gate = [this](const at::Tensor& gates, int index) { return gates.narrow(1, index * width_, width_); };
    const at::Tensor reset = at::sigmoid(gate(inputs, 0) + gate(of_hidden, 0));
    const at::Tensor update = at::sigmoid(gate(inputs, 1) + gate(of_hidden, 1));
    const at::Tensor candidate = at::tanh(gate(inputs, 2) + reset * gate(of_hidden, 2));
    return candidate + update * (hidden - candidate);
  }

  std::int64_t width_;
  at::Tensor input_, hidden_, bias_;
};

std::unique_ptr<MemoryCell> make_gru_memory(const MemoryPlan& plan) { return std::make_unique<GruMemory>(plan); }

}  // namespace medal
