#pragma once

#include <span>
#include <vector>

#include "agents/layers/tensor.h"
#include "agents/recollection/recollection.h"
#include "sim/episode/observation.h"

namespace medal {

/// What a learner has entered in this episode: a slot for each of its last goal entries, newest first. Written by rule,
/// from the observation alone: a slot is filled when it says "inside a goal" of another colour than the newest slot's.
/// As plain floats [kFields][kLanes], all 0 before the first step; the lane after the slots is the null slot, which
/// holds nothing and can be found where nothing else is.
class EventSlots {
 public:
  static constexpr int kSlots = 15, kLanes = 16, kNull = kSlots;
  /// Of a slot. A squared length makes of a dot product a search for the nearest colour: 2 a.b - |b|^2.
  enum Field {
    kColour = 0,          ///< red, green, blue of the goal entered
    kPrevious = 3,        ///< of the goal entered before it
    kReward = 6,          ///< that was told with the entry
    kWritten = 7,         ///< 1 in a filled slot
    kColourLength = 8,    ///< squared
    kPreviousLength = 9,  ///< squared; kNothingBefore in an episode's first entry
    kPlace = 10,          ///< forward and left of the learner, / 10 m, by dead reckoning
    kRecency = 12,        ///< 1 in the newest slot, then a half, a third ...
    kIsNull = 13,         ///< 1 in the null slot
    kPresent = 14,        ///< 1 in filled slots and the null slot: those that can be read
    kFields = 15
  };
  static constexpr int kSize = kFields * kLanes;
  static constexpr float kNothingBefore = 9;  ///< far from all colours, whose squared lengths are at most 3

  explicit EventSlots(const ObservationLayout& observation);

  /// One step: moves all places by what the body did, and writes an entry down where there is one.
  void update(const float* observation, float* slots) const;
  /// The same for many learners by tensor operations, for any device; tested against the above. observations [rows, O],
  /// slots [rows, kSize]; the slots after the step, [rows, kSize].
  at::Tensor updated_by_tensors(const at::Tensor& observations, const at::Tensor& slots) const;

  /// What the slots hold, for people.
  static std::vector<RememberedEvent> events(std::span<const float> slots);

 private:
  void move_places(const float* observation, float* slots) const;
  at::Tensor moved_by_tensors(const at::Tensor& observations, const at::Tensor& slots) const;

  int inside_, colour_, reward_, velocity_, turn_, interval_;
};

}  // namespace medal
