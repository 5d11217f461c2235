#include <ATen/ops/sigmoid.h>

#include "agents/layers/dense.h"
#include "agents/memory/memory_cell.h"

namespace medal {

/// network.memory = "min_gru" (Feng et al. 2024): gate and candidate depend on the input alone, h' = h + z (c - h), so
/// that all products of an unroll are done at once and only this line goes step by step. State: the hidden numbers.
class MinGruMemory final : public MemoryCell {
 public:
  explicit MinGruMemory(const MemoryPlan& plan)
      : width_(plan.width),
        gate_(plan.parameters.part("gate"), plan.inputs, plan.width, 1.0),
        candidate_(plan.parameters.part("candidate"), plan.inputs, plan.width, 1.0) {
    at::NoGradGuard no_gradient;
    gate_.bias.fill_(kGateBias);
  }

  std::int64_t state_size() const override { return width_; }
  std::int64_t output_size() const override { return width_; }

  MemoryOutput step(const MemoryInput& input, at::Tensor& state) const override {
    state.copy_(state + gate(input) * (candidate_.forward(input.encoded) - state));
    return {state.clone(), {}};
  }

  MemoryOutput unroll(const MemoryInput& input, const at::Tensor& state, const at::Tensor& starts) const override {
    const auto by_step = [&](const at::Tensor& rows) { return rows.view({starts.size(0), starts.size(1), width_}); };
    const at::Tensor gates = by_step(gate(input)), candidates = by_step(candidate_.forward(input.encoded));
    std::vector<at::Tensor> out;
    at::Tensor present = state;
    for (std::int64_t t = 0; t < starts.size(0); ++t) {
      present = present * (1.0F - starts[t]).unsqueeze(1);
      present = present + gates[t] * (candidates[t] - present);
      out.push_back(present);
    }
    return {at::cat(out, 0), {}};
  }

 private:
  static constexpr float kGateBias = -2;  // remember at first: some eight steps

  at::Tensor gate(const MemoryInput& input) const { return at::sigmoid(gate_.forward(input.encoded)); }

  std::int64_t width_;
  Dense gate_, candidate_;
};

std::unique_ptr<MemoryCell> make_min_gru_memory(const MemoryPlan& plan) { return std::make_unique<MinGruMemory>(plan); }

}  // namespace medal
