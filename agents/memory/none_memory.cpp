#include "agents/layers/dense.h"
#include "agents/memory/memory_cell.h"

namespace medal {

/// network.memory = "none", the M ablation: a dense layer in the memory's place.
class NoMemory final : public MemoryCell {
 public:
  explicit NoMemory(const MemoryPlan& plan)
      : width_(plan.width), layer_(plan.parameters.part("layer"), plan.inputs, plan.width, kReluGain) {}

  std::int64_t state_size() const override { return 0; }
  std::int64_t output_size() const override { return width_; }
  MemoryOutput step(const MemoryInput& input, at::Tensor&) const override {
    return {layer_.forward(input.encoded, true), {}};
  }
  MemoryOutput unroll(const MemoryInput& input, const at::Tensor&, const at::Tensor&) const override {
    return {layer_.forward(input.encoded, true), {}};
  }

 private:
  std::int64_t width_;
  Dense layer_;
};

std::unique_ptr<MemoryCell> make_none_memory(const MemoryPlan& plan) { return std::make_unique<NoMemory>(plan); }

}  // namespace medal
