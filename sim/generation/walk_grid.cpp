#include "sim/generation/walk_grid.h"

#include <algorithm>
#include <cmath>

namespace medal {

namespace {

/// Spreads `seeds` to both sides along the runs of set bits in `free` (Kogge-Stone parallel prefix).
std::uint64_t spread_along_row(std::uint64_t seeds, std::uint64_t free) {
  std::uint64_t left = seeds, left_free = free, right = seeds, right_free = free;
  for (int shift = 1; shift < 64; shift *= 2) {
    left |= left_free & (left << shift);
    left_free &= left_free << shift;
    right |= right_free & (right >> shift);
    right_free &= right_free >> shift;
  }
  return left | right;
}

}  // namespace

WalkGrid::WalkGrid(float arena_size, float wall_clearance)
    : half_size_(0.5F * arena_size), cell_size_(arena_size / static_cast<float>(kSide)) {
  std::uint64_t row = 0;
  for (int i = 0; i < kSide; ++i)
    if (std::abs(coordinate(i)) <= half_size_ - wall_clearance) row |= std::uint64_t{1} << i;
  for (int j = 0; j < kSide; ++j)
    if ((row >> j) & 1) free_[static_cast<std::size_t>(j)] = row;
}

int WalkGrid::index(float coordinate) const {
  return std::clamp(static_cast<int>(std::floor((coordinate + half_size_) / cell_size_)), 0, kSide - 1);
}

template <class Inside>
void WalkGrid::block_near(const Vec2& center, float reach, Inside&& inside) {
  const int first_i = index(center.x() - reach), last_i = index(center.x() + reach);
  const int first_j = index(center.y() - reach), last_j = index(center.y() + reach);
  for (int j = first_j; j <= last_j; ++j)
    for (int i = first_i; i <= last_i; ++i)
      if (inside(Vec2(coordinate(i), coordinate(j)))) free_[static_cast<std::size_t>(j)] &= ~(std::uint64_t{1} << i);
}

void WalkGrid::block(const Footprint& footprint, float clearance) {
  block_near(footprint.center, footprint.bounding_radius() + clearance,
             [&](const Vec2& point) { return footprint.distance(point) < clearance; });
}

void WalkGrid::block_disc(const Vec2& center, float radius) {
  block_near(center, radius, [&](const Vec2& point) { return (point - center).squaredNorm() <= radius * radius; });
}

void WalkGrid::block_steep(const Terrain& terrain, float max_slope) {
  const float limit = std::tan(max_slope) * terrain.cell_size;  // rise over one terrain cell
  const auto steep = [&](float along_x, float along_y) {
    return along_x * along_x + along_y * along_y > limit * limit;
  };
  const float half_cell = 0.5F * terrain.cell_size;
  for (int j = 0; j < terrain.cells; ++j)
    for (int i = 0; i < terrain.cells; ++i) {
      const float origin = terrain.corner(i, j), right = terrain.corner(i + 1, j);
      const float up = terrain.corner(i, j + 1), far = terrain.corner(i + 1, j + 1);
      if (!steep(right - origin, up - origin) && !steep(far - up, far - right)) continue;
      const Vec2 center(static_cast<float>(i) * terrain.cell_size + half_cell - terrain.half_size(),
                        static_cast<float>(j) * terrain.cell_size + half_cell - terrain.half_size());
      // All grid cells that touch the terrain cell: a step from one free cell to the next never crosses steep ground.
      block_near(center, half_cell, [](const Vec2&) { return true; });
    }
}

WalkGrid::Cells WalkGrid::reachable(const Vec2& start) const {
  Cells cells{};
  if (!is_free(start)) return cells;
  cells[static_cast<std::size_t>(index(start.y()))] = std::uint64_t{1} << index(start.x());
  bool changed = true;
  const auto grow = [&](std::size_t j, std::uint64_t neighbours) {
    const std::uint64_t seeds = (cells[j] | neighbours) & free_[j];
    if (seeds == 0) return;
    const std::uint64_t grown = spread_along_row(seeds, free_[j]);
    changed |= grown != cells[j];
    cells[j] = grown;
  };
  while (changed) {  // sweeps up and down until nothing is new
    changed = false;
    for (std::size_t j = 0; j < kSide; ++j) grow(j, j > 0 ? cells[j - 1] : 0);
    for (std::size_t j = kSide; j-- > 0;) grow(j, j + 1 < kSide ? cells[j + 1] : 0);
  }
  return cells;
}

bool WalkGrid::contains(const Cells& cells, const Vec2& point) const {
  return (cells[static_cast<std::size_t>(index(point.y()))] >> index(point.x())) & 1;
}

}  // namespace medal
