#pragma once

#include <ATen/ops/addmm.h>
#include <ATen/ops/bmm.h>
#include <ATen/ops/randn.h>

#include <algorithm>
#include <memory>

#include "agents/memory/memories.h"
#include "agents/memory/memory_cell.h"
#include "sim/base/error.h"

namespace medal {

/// A draft of an episodic memory beside an LSTM, to see that MemoryCell has room for it: the learner's own goal
/// entries, newest first, are written by rule from the observation and read by attention; what is read goes to the
/// trunk and asks the rays. Not a kind of network.memory yet.
class EventMemoryDraft final : public MemoryCell {
 public:
  static constexpr int kSlots = 4, kHeads = 2;
  /// Of a slot: colour, colour entered before, reward, 1 where it is written.
  enum Field { kColour = 0, kPrevious = 3, kReward = 6, kWritten = 7, kFields = 8 };

  explicit EventMemoryDraft(const MemoryPlan& plan)
      : lstm_(memory_kinds()[static_cast<std::size_t>(memory_kind("lstm"))].make(
            {plan.parameters.part("lstm"), plan.inputs, plan.width, plan.observation})) {
    inside_ = plan.observation.find("inside_goal")->offset;
    colour_ = plan.observation.find("inside_goal_red")->offset;
    reward_ = plan.observation.find("last_reward")->offset;
    const std::int64_t asking = plan.width + kFields;
    query_ = plan.parameters.add("query", 0.1 * at::randn({asking, kHeads * kFields}));
    bias_ = plan.parameters.add("bias", at::zeros({kHeads * kFields}));
  }

  std::int64_t state_size() const override { return lstm_->state_size() + kSlots * kFields; }
  std::int64_t output_size() const override { return lstm_->output_size(); }
  std::int64_t read_size() const override { return (kHeads + 1) * kFields; }

  RayRequest ray_request() const override {
    RayRequest request;
    request.colour_lengths = true;
    const std::int64_t first_read = output_size();
    // The first query begins as "where is the colour that the first head read".
    request.begin = [first_read](at::Tensor& query, const RayLayout& layout) {
      for (int c = 0; c < 3; ++c) query[first_read + kColour + c][layout.goal_colour + c] = 20;
      query[first_read + kWritten][layout.channels - 1] = -10;
    };
    return request;
  }

  MemoryOutput step(const MemoryInput& input, at::Tensor& state) const override {
    at::Tensor cells = state.narrow(1, 0, lstm_->state_size()).contiguous();
    const at::Tensor out = lstm_->step(input, cells).out.clone();
    state.narrow(1, 0, lstm_->state_size()).copy_(cells);
    const at::Tensor seen = input.observations.contiguous();
    for (std::int64_t row = 0; row < seen.size(0); ++row)
      write(seen.data_ptr<float>() + row * seen.size(1), slots_of(state, row));
    return {out, read(out, state.narrow(1, lstm_->state_size(), kSlots * kFields))};
  }

  MemoryOutput unroll(const MemoryInput& input, const at::Tensor& state, const at::Tensor& starts) const override {
    const at::Tensor out = lstm_->unroll(input, state.narrow(1, 0, lstm_->state_size()).contiguous(), starts).out;
    return {out, read(out, slots_after_each_step(input.observations.contiguous(), state, starts))};
  }

  std::span<const float> shown(std::span<const float> state) const override {
    return state.subspan(static_cast<std::size_t>(lstm_->state_size()));
  }

 private:
  float* slots_of(const at::Tensor& state, std::int64_t row) const {
    return state.data_ptr<float>() + row * state_size() + lstm_->state_size();
  }

  /// By rule and without gradient: a goal of another colour than the newest slot's.
  void write(const float* observation, float* slots) const {
    if (observation[inside_] < 0.5F) return;
    const float* colour = observation + colour_;
    if (slots[kWritten] > 0 && std::equal(colour, colour + 3, slots + kColour)) return;
    std::copy_backward(slots, slots + (kSlots - 1) * kFields, slots + kSlots * kFields);
    std::copy_n(slots + kColour, 3, slots + kPrevious);
    std::copy_n(colour, 3, slots + kColour);
    slots[kReward] = observation[reward_];
    slots[kWritten] = 1;
  }

  /// [T * B, kSlots * kFields]
  at::Tensor slots_after_each_step(const at::Tensor& observations, const at::Tensor& state,
                                   const at::Tensor& starts) const {
    at::Tensor present = state.clone();
    std::vector<at::Tensor> steps;
    for (std::int64_t t = 0; t < starts.size(0); ++t) {
      present.mul_((1.0F - starts[t]).unsqueeze(1));
      for (std::int64_t b = 0; b < starts.size(1); ++b)
        write(observations.data_ptr<float>() + (t * starts.size(1) + b) * observations.size(1), slots_of(present, b));
      steps.push_back(present.narrow(1, lstm_->state_size(), kSlots * kFields).clone());
    }
    return at::cat(steps, 0);
  }

  at::Tensor read(const at::Tensor& out, const at::Tensor& flat) const {
    const at::Tensor slots = flat.reshape({-1, kSlots, kFields}), newest = slots.select(1, 0);
    const at::Tensor queries = at::addmm(bias_, at::cat({out, newest}, 1), query_).view({-1, kHeads, kFields});
    const at::Tensor weights = at::bmm(queries, slots.transpose(1, 2)).softmax(2);
    return at::cat({at::bmm(weights, slots).flatten(1), newest}, 1);
  }

  std::unique_ptr<MemoryCell> lstm_;
  int inside_ = 0, colour_ = 0, reward_ = 0;
  at::Tensor query_, bias_;
};

}  // namespace medal
