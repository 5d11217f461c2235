#include <ATen/ops/arange.h>
#include <ATen/ops/stack.h>
#include <ATen/ops/where.h>
#include <ATen/ops/zeros_like.h>

#include "agents/memory/event_slots.h"
#include "agents/memory/event_units.h"

namespace medal {
namespace {

using at::Tensor;
using Slots = EventSlots;

/// Fields and lanes of [rows, kFields, kLanes].
Tensor lanes(const Tensor& slots, int field, int count = 1) { return slots.narrow(1, field, count); }

/// Each slot one lane on, the newest twice; the null slot stays.
Tensor one_on(const Tensor& slots) {
  return at::cat({slots.narrow(2, 0, 1), slots.narrow(2, 0, Slots::kSlots - 1), slots.narrow(2, Slots::kNull, 1)}, 2);
}

/// What is written down of an entry of this colour: [rows, kFields].
Tensor entry(const Tensor& colour, const Tensor& reward, const Tensor& newest) {
  const auto field = [&newest](int first, int count = 1) { return newest.narrow(1, first, count); };
  const Tensor squares = colour.square();
  const Tensor length = squares.narrow(1, 0, 1) + squares.narrow(1, 1, 1) + squares.narrow(1, 2, 1);
  const Tensor any = field(Slots::kWritten), none = at::zeros_like(any), one = none + 1.0F;
  const Tensor length_before = at::where(any > 0, field(Slots::kColourLength), none + Slots::kNothingBefore);
  return at::cat({colour, field(Slots::kColour, 3), reward, one, length, length_before, none, none, one,
                  field(Slots::kIsNull), one},
                 1);
}

}  // namespace

Tensor EventSlots::moved_by_tensors(const Tensor& observations, const Tensor& slots) const {
  const auto observed = [&observations](int offset) { return observations.narrow(1, offset, 1).unsqueeze(2); };
  const Tensor seconds = observed(interval_) * kControlIntervalUnit;
  const Tensor turn = observed(turn_) * kAvatar.turn_rate * seconds, cosine = turn.cos(), sine = turn.sin();
  const Tensor way = seconds * (kAvatar.speed / kPlaceUnit), written = lanes(slots, kWritten);
  const Tensor x = lanes(slots, kPlace), y = lanes(slots, kPlace + 1);
  return at::cat(
      {lanes(slots, 0, kPlace), cosine * x + sine * y - observed(velocity_) * way * written,
       cosine * y - sine * x - observed(velocity_ + 1) * way * written, lanes(slots, kRecency, kFields - kRecency)},
      1);
}

Tensor EventSlots::updated_by_tensors(const Tensor& observations, const Tensor& old) const {
  Tensor slots = moved_by_tensors(observations, old.reshape({-1, kFields, kLanes}));
  slots.narrow(1, kIsNull, 1).select(2, kNull).fill_(1.0F);
  slots.narrow(1, kPresent, 1).select(2, kNull).fill_(1.0F);
  const Tensor colour = observations.narrow(1, colour_, 3), newest = slots.select(2, 0);
  const Tensor is_newest = (colour == newest.narrow(1, kColour, 3)).all(1) & (newest.select(1, kWritten) > 0);
  const Tensor enters = (observations.select(1, inside_) >= 0.5F) & ~is_newest;

  Tensor after = one_on(slots);
  after.select(2, 0).copy_(entry(colour, observations.narrow(1, reward_, 1), newest));
  const Tensor age = at::arange(1, kLanes + 1, slots.options());
  Tensor recency = after.select(1, kRecency).narrow(1, 0, kSlots);
  recency.copy_((after.select(1, kWritten).narrow(1, 0, kSlots) > 0) / age.narrow(0, 0, kSlots));
  return at::where(enters.view({-1, 1, 1}), after, slots).flatten(1);
}

}  // namespace medal
