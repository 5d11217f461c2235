#include <ATen/ops/randn.h>

#include <algorithm>
#include <cmath>

#include "agents/layers/dense.h"
#include "agents/layers/slot_attention.h"
#include "agents/memory/event_slots.h"
#include "agents/memory/memories.h"
#include "agents/memory/memory_cell.h"
#include "sim/base/error.h"

namespace medal {
namespace {

using Slots = EventSlots;

constexpr std::int64_t kHeads = 4;

// How sharply a new network searches: squared distances of colours times these are what a softmax weighs.
constexpr float kSlotSharpness = 20.0F, kRaySharpness = 10.0F;
/// What a slot that fits beats the null slot by.
constexpr float kFound = 0.1F * kSlotSharpness, kFoundWithReward = 0.05F * kSlotSharpness;
/// Keeps unwritten slots out of the softmax.
constexpr float kPresence = 60.0F;

/// network.memory = "events": an episodic memory of the learner's own goal entries beside an LSTM. "events_only":
/// beside a dense layer. Heads look slots up by queries from that layer's output and the newest slot, in the slots' own
/// coordinates; what they read, and the newest slot, go to the trunk and ask the rays. The first head of a new network
/// asks "what followed when I last was where I am", the first query to the rays "where is that", the second "where is
/// the other one": associations of colours that no training has seen (content-based addressing: Graves et al. 2014).
/// The rest is learnt. State: that of the layer beside it; the slots; 1 where nothing may be read.
class EventsMemory final : public MemoryCell {
 public:
  EventsMemory(const MemoryPlan& plan, const char* beside)
      : beside_(memory_kinds()[static_cast<std::size_t>(memory_kind(beside))].make(
            {plan.parameters.part(beside), plan.inputs, plan.width, plan.observation})),
        slots_(plan.observation),
        presence_(at::zeros({kHeads, Slots::kFields})) {
    query_ = plan.parameters.add("query", initial_query(beside_->output_size()));
    bias_ = plan.parameters.add("bias", at::zeros({kHeads * Slots::kFields}));
    presence_.select(1, Slots::kPresent).fill_(kPresence);
    presence_ = presence_.flatten();
  }

  std::int64_t state_size() const override { return beside_->state_size() + Slots::kSize + 1; }
  std::int64_t output_size() const override { return beside_->output_size(); }
  std::int64_t read_size() const override { return (kHeads + 1) * Slots::kFields + 1; }
  std::int64_t written_size() const override { return kEvents; }

  RayRequest ray_request() const override {
    RayRequest request;
    request.colour_lengths = true;
    request.begin = [first_read = output_size(), one = output_size() + read_size() - 1](at::Tensor& query,
                                                                                        const RayLayout& layout) {
      query.narrow(1, 0, layout.channels).mul_(0.1F);
      for (int c = 0; c < 3; ++c) query[first_read + Slots::kColour + c][layout.goal_colour + c] = 2 * kRaySharpness;
      query[first_read + Slots::kWritten][layout.channels - 1] = -kRaySharpness;
      if (layout.avatar > 0 && query.size(1) >= 2 * layout.channels)
        query[one][layout.channels + layout.avatar] = kRaySharpness;
    };
    return request;
  }

  void clear(at::Tensor& state, const at::Tensor& starts) const override {
    if (!state.is_cpu()) {
      state.narrow(1, 0, state_size() - 1).mul_((1.0F - starts).unsqueeze(1));
      return;
    }
    for (std::int64_t row = 0; row < state.size(0); ++row)
      if (starts.data_ptr<float>()[row] != 0)
        std::fill_n(state.data_ptr<float>() + row * state.stride(0), state_size() - 1, 0.0F);
  }
  void allow_reading(at::Tensor& state, const at::Tensor& allowed) const override {
    state.select(1, state_size() - 1).copy_(1.0F - allowed);
  }

  MemoryOutput step(const MemoryInput& input, at::Tensor& state) const override {
    at::Tensor beside = state.narrow(1, 0, beside_->state_size());  // a view, as is `events`
    const at::Tensor out = beside_->step(input, beside).out;
    const at::Tensor events = state.narrow(1, beside_->state_size(), kEvents);
    write_down(input.observations, events);
    return {out, read(out, events)};
  }

  MemoryOutput unroll(const MemoryInput& input, const at::Tensor& state, const at::Tensor& starts) const override {
    const at::Tensor out = beside_->unroll(input, state.narrow(1, 0, beside_->state_size()).contiguous(), starts).out;
    if (input.written.defined()) return {out, read(out, input.written)};
    const at::Tensor before = state.narrow(1, beside_->state_size(), kEvents);
    return {out, read(out, after_each_step(input.observations, before, starts))};
  }

  std::span<const float> shown(std::span<const float> state) const override {
    return beside_->shown(state.first(static_cast<std::size_t>(beside_->state_size())));
  }

  Recollection recollection(std::span<const float> state, std::span<const float> reads) const override {
    Recollection recollection;
    recollection.events = Slots::events(state.subspan(static_cast<std::size_t>(beside_->state_size())));
    for (std::size_t head = 0; head < kHeads && !reads.empty(); ++head) {
      const float* read = reads.data() + head * Slots::kFields;
      const float found = read[Slots::kWritten];
      const Vec3 sum(read[Slots::kColour], read[Slots::kColour + 1], read[Slots::kColour + 2]);
      recollection.readings.push_back({found > 0 ? Vec3(sum / found) : sum, found});
    }
    return recollection;
  }

 private:
  static constexpr std::int64_t kEvents = Slots::kSize + 1;  ///< slots, and whether they may not be read

  static at::Tensor initial_query(std::int64_t width) {
    at::Tensor query = at::zeros({width + Slots::kFields, kHeads * Slots::kFields});
    query.narrow(0, 0, width)
        .copy_(at::randn({width, kHeads * Slots::kFields}) * (0.1F / std::sqrt(static_cast<float>(width))));
    // Minus the squared distance of the newest slot's colour and a slot's previous one.
    at::Tensor newest = query.narrow(0, width, Slots::kFields);
    for (int c = 0; c < 3; ++c) newest[Slots::kColour + c][Slots::kPrevious + c] = 2 * kSlotSharpness;
    newest[Slots::kWritten][Slots::kPreviousLength] = -kSlotSharpness;
    newest[Slots::kColourLength][Slots::kWritten] = -kSlotSharpness;
    newest[Slots::kWritten][Slots::kWritten] = kFound;
    newest[Slots::kWritten][Slots::kReward] = kFoundWithReward;
    return query;
  }

  /// One step of each row of `events`, in place.
  void write_down(const at::Tensor& observed, const at::Tensor& events) const {
    if (!events.is_cpu()) {
      const at::Tensor slots = events.narrow(1, 0, Slots::kSize);
      slots.copy_(slots_.updated_by_tensors(observed, slots));
      return;
    }
    const at::Tensor observations = observed.contiguous();
    for (std::int64_t row = 0; row < observations.size(0); ++row)
      slots_.update(observations.data_ptr<float>() + row * observations.size(1),
                    events.data_ptr<float>() + row * events.stride(0));
  }

  /// The written state after each step: observations [T * B, O], before [B, kEvents], result [T * B, kEvents].
  at::Tensor after_each_step(const at::Tensor& observed, const at::Tensor& before, const at::Tensor& begins) const {
    const at::Tensor observations = observed.to(at::kCPU).contiguous(), starts = begins.to(at::kCPU).contiguous();
    const std::int64_t batch = starts.size(1), rows = observations.size(0), width = observations.size(1);
    const at::Tensor initial = before.to(at::kCPU).contiguous(), all = at::empty({rows, kEvents});
    const float* previous = initial.data_ptr<float>();
    float* present = all.data_ptr<float>();
    for (std::int64_t row = 0; row < rows; ++row, previous += kEvents, present += kEvents) {
      if (row == batch) previous = all.data_ptr<float>();
      if (starts.data_ptr<float>()[row] > 0) {
        std::fill_n(present, Slots::kSize, 0.0F);
        present[Slots::kSize] = previous[Slots::kSize];
      } else {
        std::copy_n(previous, kEvents, present);
      }
      slots_.update(observations.data_ptr<float>() + row * width, present);
    }
    return all.to(observed.device());
  }

  at::Tensor read(const at::Tensor& out, const at::Tensor& events) const {
    const at::Tensor slots = events.narrow(1, 0, Slots::kSize);
    const at::Tensor newest = slots.view({-1, Slots::kFields, Slots::kLanes}).select(2, 0).contiguous();
    if (presence_.device() != bias_.device()) presence_ = presence_.to(bias_.device());
    const at::Tensor queries = dense_layer({out, newest}, query_, bias_ + presence_, false);
    return slot_reads(slot_attention(slots, queries, Slots::kFields), newest, 1.0F - events.select(1, Slots::kSize));
  }

  std::unique_ptr<MemoryCell> beside_;
  EventSlots slots_;
  mutable at::Tensor presence_;  ///< a constant part of the bias, where the bias is
  at::Tensor query_, bias_;
};

}  // namespace

std::unique_ptr<MemoryCell> make_events_memory(const MemoryPlan& plan) {
  return std::make_unique<EventsMemory>(plan, "lstm");
}
std::unique_ptr<MemoryCell> make_events_only_memory(const MemoryPlan& plan) {
  return std::make_unique<EventsMemory>(plan, "none");
}

}  // namespace medal
