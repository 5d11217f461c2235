#pragma once

#include <array>
#include <cstdint>

#include "sim/task/footprint.h"
#include "sim/task/terrain.h"

namespace medal {

/// Where an avatar can stand, coarsely: 64 x 64 square cells over the arena, one bit each, one machine word per row.
/// Answers "can one walk from here to there?" in microseconds, on the safe side: two free neighbours can be walked
/// between.
class WalkGrid {
 public:
  static constexpr int kSide = 64;
  using Cells = std::array<std::uint64_t, kSide>;  ///< row j along +Y, bit i along +X

  /// All free, but for a border of `wall_clearance` m.
  WalkGrid(float arena_size, float wall_clearance);

  /// Blocks the cells whose centre is nearer than `clearance` m to the rectangle.
  void block(const Footprint& footprint, float clearance);
  /// Blocks the cells whose centre is within `radius` m.
  void block_disc(const Vec2& center, float radius);
  /// Blocks the ground that is steeper than `max_slope` rad.
  void block_steep(const Terrain& terrain, float max_slope);

  /// All free cells that can be walked to from `start` by steps to the four neighbours; none where `start` is blocked.
  Cells reachable(const Vec2& start) const;
  bool is_free(const Vec2& point) const { return contains(free_, point); }
  /// Whether the cell of `point` is among `cells`.
  bool contains(const Cells& cells, const Vec2& point) const;

 private:
  int index(float coordinate) const;
  float coordinate(int index) const { return (static_cast<float>(index) + 0.5F) * cell_size_ - half_size_; }
  template <class Inside>
  void block_near(const Vec2& center, float reach, Inside&& inside);

  float half_size_;
  float cell_size_;
  Cells free_{};
};

}  // namespace medal
