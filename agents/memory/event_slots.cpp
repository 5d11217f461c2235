#include "agents/memory/event_slots.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "agents/memory/event_units.h"
#include "sim/base/error.h"

namespace medal {
namespace {

int offset_of(const ObservationLayout& observation, std::string_view name) {
  const ObservationSlice* slice = observation.find(name);
  MEDAL_CHECK(slice != nullptr, "an episodic memory needs the observation " + std::string(name));
  return slice->offset;
}

constexpr int turn_component() {
  int index = 0;
  while (kActionComponents[static_cast<std::size_t>(index)].value != &Action::turn) ++index;
  return index;
}

float* lanes(float* slots, int field) { return slots + field * EventSlots::kLanes; }

/// A new slot before all others; the oldest is forgotten.
void make_room(float* slots) {
  for (int field = 0; field < EventSlots::kFields; ++field) {
    float* lane = lanes(slots, field);
    if (field != EventSlots::kRecency)
      std::copy_backward(lane, lane + EventSlots::kSlots - 1, lane + EventSlots::kSlots);
  }
  for (int slot = 0; slot < EventSlots::kSlots; ++slot)
    lanes(slots, EventSlots::kRecency)[slot] =
        lanes(slots, EventSlots::kWritten)[slot] > 0 ? 1.0F / static_cast<float>(slot + 1) : 0.0F;
}

}  // namespace

EventSlots::EventSlots(const ObservationLayout& observation)
    : inside_(offset_of(observation, "inside_goal")),
      colour_(offset_of(observation, "inside_goal_red")),
      reward_(offset_of(observation, "last_reward")),
      velocity_(offset_of(observation, "velocity")),
      turn_(offset_of(observation, "last_action") + turn_component()),
      interval_(offset_of(observation, "control_interval")) {}

void EventSlots::move_places(const float* observation, float* slots) const {
  const float seconds = observation[interval_] * kControlIntervalUnit;
  const float turn = observation[turn_] * kAvatar.turn_rate * seconds;
  const float cosine = std::cos(turn), sine = std::sin(turn);
  const float way = kAvatar.speed * seconds / kPlaceUnit;
  const float forward = observation[velocity_] * way, left = observation[velocity_ + 1] * way;
  const float* written = lanes(slots, kWritten);
  float *x = lanes(slots, kPlace), *y = lanes(slots, kPlace + 1);
  for (int slot = 0; slot < kLanes; ++slot) {
    const float old_x = x[slot], old_y = y[slot];
    x[slot] = cosine * old_x + sine * old_y - forward * written[slot];
    y[slot] = cosine * old_y - sine * old_x - left * written[slot];
  }
}

std::vector<RememberedEvent> EventSlots::events(std::span<const float> slots) {
  const auto at = [&](int field, int slot) { return slots[static_cast<std::size_t>(field * kLanes + slot)]; };
  std::vector<RememberedEvent> events;
  for (int slot = 0; slot < kSlots && at(kWritten, slot) > 0; ++slot)
    events.push_back({{at(kColour, slot), at(kColour + 1, slot), at(kColour + 2, slot)},
                      at(kReward, slot),
                      kPlaceUnit * Vec2(at(kPlace, slot), at(kPlace + 1, slot))});
  return events;
}

void EventSlots::update(const float* observation, float* slots) const {
  lanes(slots, kIsNull)[kNull] = lanes(slots, kPresent)[kNull] = 1.0F;
  const bool any = lanes(slots, kWritten)[0] > 0;
  if (any) move_places(observation, slots);
  if (observation[inside_] < 0.5F) return;
  const float* colour = observation + colour_;
  const auto is_newest = [&] {
    for (int c = 0; c < 3; ++c)
      if (colour[c] != lanes(slots, kColour + c)[0]) return false;
    return true;
  };
  if (any && is_newest()) return;

  make_room(slots);
  float length = 0;
  for (int c = 0; c < 3; ++c) {
    lanes(slots, kPrevious + c)[0] = lanes(slots, kColour + c)[1];
    lanes(slots, kColour + c)[0] = colour[c];
    length += colour[c] * colour[c];
  }
  lanes(slots, kPreviousLength)[0] = any ? lanes(slots, kColourLength)[1] : kNothingBefore;
  lanes(slots, kColourLength)[0] = length;
  lanes(slots, kReward)[0] = observation[reward_];
  lanes(slots, kPlace)[0] = lanes(slots, kPlace + 1)[0] = 0.0F;
  for (const int field : {kWritten, kPresent, kRecency}) lanes(slots, field)[0] = 1.0F;
}

}  // namespace medal
