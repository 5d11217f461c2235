#include "sim/generation/crossings.h"

#include <cstddef>

namespace medal {

namespace {

/// Twice the signed area of the triangle a b c: positive when it turns left.
float turn(const Vec2& a, const Vec2& b, const Vec2& c) {
  return (b.x() - a.x()) * (c.y() - a.y()) - (b.y() - a.y()) * (c.x() - a.x());
}

bool segments_cross(const Vec2& a, const Vec2& b, const Vec2& c, const Vec2& d) {
  return turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0;
}

}  // namespace

int count_crossings(const std::vector<Vec2>& tour) {
  const std::size_t count = tour.size();
  int crossings = 0;
  for (std::size_t i = 0; i < count; ++i)
    for (std::size_t j = i + 2; j < count; ++j) {
      if (i == 0 && j == count - 1) continue;  // neighbours share a goal
      if (segments_cross(tour[i], tour[i + 1], tour[j], tour[(j + 1) % count])) ++crossings;
    }
  return crossings;
}

}  // namespace medal
