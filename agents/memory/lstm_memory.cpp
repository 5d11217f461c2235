#include "agents/layers/initial_weights.h"
#include "agents/layers/lstm_unroll.h"
#include "agents/memory/memory_cell.h"

namespace medal {

/// network.memory = "lstm" (Hochreiter & Schmidhuber 1997). State: hidden and cell, side by side.
class LstmMemory final : public MemoryCell {
 public:
  explicit LstmMemory(const MemoryPlan& plan) : width_(plan.width) {
    weights_.input = plan.parameters.add("input_weight", orthogonal_gates(plan.inputs));
    weights_.hidden = plan.parameters.add("hidden_weight", orthogonal_gates(width_));
    at::Tensor bias = at::zeros({4 * width_});
    bias.narrow(0, width_, width_).fill_(1.0F);  // forget gates: remember at first
    weights_.bias = plan.parameters.add("bias", bias);
  }

  std::int64_t state_size() const override { return 2 * width_; }
  std::int64_t output_size() const override { return width_; }

  MemoryOutput step(const MemoryInput& input, at::Tensor& state) const override {
    return {lstm_step(input.encoded, state, weights_), {}};
  }

  MemoryOutput unroll(const MemoryInput& input, const at::Tensor& state, const at::Tensor& starts) const override {
    const at::Tensor inputs = input.encoded.view({starts.size(0), starts.size(1), -1});
    return {lstm_unroll(inputs, state, starts, weights_).flatten(0, 1), {}};
  }

  std::span<const float> shown(std::span<const float> state) const override {
    return state.subspan(static_cast<std::size_t>(width_));
  }

 private:
  /// Each gate's block orthogonal.
  at::Tensor orthogonal_gates(std::int64_t inputs) const {
    std::vector<at::Tensor> gates;
    for (int gate = 0; gate < 4; ++gate) gates.push_back(orthogonal(inputs, width_));
    return at::cat(gates, 1);
  }

  std::int64_t width_;
  LstmWeights weights_;
};

std::unique_ptr<MemoryCell> make_lstm_memory(const MemoryPlan& plan) { return std::make_unique<LstmMemory>(plan); }

}  // namespace medal
