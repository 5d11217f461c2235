#include "sim/physics/contacts.h"

#include <algorithm>
#include <cmath>

namespace medal {

namespace {

struct ClosestPoint {
  Vec3 point;
  bool on_face;
};

/// Points within about 10 micrometres of an edge (of a triangle of about 1 m) count as on the face: on the line between
/// two triangles there must be a face below.
constexpr float kEdgeWidth = 1e-5F;

/// Closest point of a triangle to `p`, by the regions of its vertices, edges and face (Ericson, Real-Time Collision
/// Detection, 5.1.5).
ClosestPoint closest_point_on_triangle(const Vec3& p, const Vec3& a, const Vec3& b, const Vec3& c) {
  const Vec3 ab = b - a, ac = c - a, ap = p - a;
  const float d1 = ab.dot(ap), d2 = ac.dot(ap);
  if (d1 <= 0 && d2 <= 0) return {a, false};
  const Vec3 bp = p - b;
  const float d3 = ab.dot(bp), d4 = ac.dot(bp);
  if (d3 >= 0 && d4 <= d3) return {b, false};
  const float vc = d1 * d4 - d3 * d2;
  if (vc <= -kEdgeWidth && d1 >= 0 && d3 <= 0) return {a + ab * (d1 / (d1 - d3)), false};
  const Vec3 cp = p - c;
  const float d5 = ab.dot(cp), d6 = ac.dot(cp);
  if (d6 >= 0 && d5 <= d6) return {c, false};
  const float vb = d5 * d2 - d1 * d6;
  if (vb <= -kEdgeWidth && d2 >= 0 && d6 <= 0) return {a + ac * (d2 / (d2 - d6)), false};
  const float va = d3 * d6 - d5 * d4;
  if (va <= -kEdgeWidth && d4 - d3 >= 0 && d5 - d6 >= 0)
    return {b + (c - b) * ((d4 - d3) / ((d4 - d3) + (d5 - d6))), false};
  const float scale = 1.0F / (va + vb + vc);
  return {a + ab * (vb * scale) + ac * (vc * scale), true};
}

/// Keeps the nearest face contacts, and the nearest contact of any kind.
class ContactCollector {
 public:
  ContactCollector(const Vec3& motion, float reach, std::span<Contact> out)
      : motion_(motion), reach_(reach), out_(out) {}

  void add(const Vec3& center, const Vec3& a, const Vec3& b, const Vec3& c) {
    const ClosestPoint closest = closest_point_on_triangle(center, a, b, c);
    Contact contact;
    const Vec3 offset = center - closest.point;
    const Vec3 up = (b - a).cross(c - a);
    // The ground is solid below: a centre under the surface is pushed up through the face.
    const bool below = offset.dot(up) < 0;
    if (below && !closest.on_face) return;
    const float length = offset.norm();
    contact.normal = below || length < 1e-6F ? up.normalized().eval() : (offset / length).eval();
    contact.distance = (below ? -length : length) - kAvatar.radius;
    contact.point = closest.point;
    if (contact.distance >= reach_) return;
    if (closest.on_face)
      insert(contact);
    else
      add_ahead(center, up.normalized(), a, b, c);
    if (!has_nearest_ || contact.distance < nearest_.distance) {
      has_nearest_ = true;
      nearest_ = contact;
      nearest_on_face_ = closest.on_face;
    }
  }

  int finish() {
    if (has_nearest_ && !nearest_on_face_) insert(nearest_);
    return count_;
  }

 private:
  /// The face as a plane, where the cap comes over it from above.
  void add_ahead(const Vec3& center, const Vec3& normal, const Vec3& a, const Vec3& b, const Vec3& c) {
    const float height = normal.dot(center - a);
    constexpr float kDepth = 0.03F;  // m; deeper, the cap is behind a ridge and not before a rise
    if (height < kAvatar.radius - kDepth || normal.dot(motion_) >= 0) return;
    if (!closest_point_on_triangle(center + motion_, a, b, c).on_face) return;
    insert({center - normal * height, normal, height - kAvatar.radius});
  }

  /// Replaces the farthest when full.
  void insert(const Contact& contact) {
    if (count_ < static_cast<int>(out_.size())) {
      out_[static_cast<std::size_t>(count_++)] = contact;
      return;
    }
    Contact& farthest = *std::max_element(out_.begin(), out_.end(),
                                          [](const Contact& a, const Contact& b) { return a.distance < b.distance; });
    if (contact.distance < farthest.distance) farthest = contact;
  }

  Vec3 motion_;
  float reach_;
  std::span<Contact> out_;
  int count_ = 0;
  bool has_nearest_ = false, nearest_on_face_ = false;
  Contact nearest_;
};

}  // namespace

Capsule standing_capsule(const Vec3& feet, float height) {
  return {feet + Vec3(0, 0, kAvatar.radius), height - 2.0F * kAvatar.radius};
}

int terrain_contacts(const Terrain& terrain, const Capsule& capsule, const Vec3& motion, float reach,
                     std::span<Contact> out) {
  const Vec3& center = capsule.low;
  const float extent = kAvatar.radius + reach;
  const auto cell = [&](float coordinate) {
    return std::clamp(static_cast<int>(std::floor((coordinate + terrain.half_size()) / terrain.cell_size)), 0,
                      terrain.cells - 1);
  };
  const int first_i = cell(center.x() - extent), last_i = cell(center.x() + extent);
  const int first_j = cell(center.y() - extent), last_j = cell(center.y() + extent);
  ContactCollector collector(motion, reach, out.first(kMaximumTerrainContacts));
  for (int j = first_j; j <= last_j; ++j)
    for (int i = first_i; i <= last_i; ++i) {
      const float x = static_cast<float>(i) * terrain.cell_size - terrain.half_size();
      const float y = static_cast<float>(j) * terrain.cell_size - terrain.half_size();
      const float size = terrain.cell_size;
      const Vec3 origin(x, y, terrain.corner(i, j)), right(x + size, y, terrain.corner(i + 1, j));
      const Vec3 up(x, y + size, terrain.corner(i, j + 1)), far(x + size, y + size, terrain.corner(i + 1, j + 1));
      const Vec3 gap(std::max({x - center.x(), center.x() - (x + size), 0.0F}),
                     std::max({y - center.y(), center.y() - (y + size), 0.0F}),
                     std::max(center.z() - std::max({origin.z(), right.z(), up.z(), far.z()}), 0.0F));
      if (gap.squaredNorm() > extent * extent) continue;
      collector.add(center, origin, right, up);
      collector.add(center, right, far, up);
    }
  return collector.finish();
}

bool box_contact(const Vec3& center, const Vec3& half, float cosine, float sine, const Capsule& capsule, float reach,
                 Contact& out) {
  const float dx = capsule.low.x() - center.x(), dy = capsule.low.y() - center.y();
  const float x = cosine * dx + sine * dy, y = cosine * dy - sine * dx;  // in the box's frame
  const float low = capsule.low.z() - center.z(), high = low + capsule.axis_length;
  const float nearest_x = std::clamp(x, -half.x(), half.x()), nearest_y = std::clamp(y, -half.y(), half.y());
  // Vertically: the axis above the box, below it, or beside it (then any common height will do).
  float nearest_z = std::clamp(0.5F * (std::max(low, -half.z()) + std::min(high, half.z())), -half.z(), half.z());
  float vertical = 0.0F;
  if (low > half.z()) vertical = low - half.z();
  if (high < -half.z()) vertical = high + half.z();
  Vec3 normal(x - nearest_x, y - nearest_y, vertical);
  float length = normal.norm();
  if (length > 1e-6F) {
    normal /= length;
  } else {  // the axis is inside: leave by the nearest side
    const float side_x = half.x() - std::abs(x), side_y = half.y() - std::abs(y);
    const float top = half.z() - low, bottom = high + half.z();
    const float least = std::min({side_x, side_y, top, bottom});
    length = -least;
    normal.setZero();
    if (least == top) {
      normal.z() = 1;
      nearest_z = half.z();
    } else if (least == bottom) {
      normal.z() = -1;
      nearest_z = -half.z();
    } else if (least == side_x) {
      normal.x() = x < 0 ? -1.0F : 1.0F;
    } else {
      normal.y() = y < 0 ? -1.0F : 1.0F;
    }
  }
  out.distance = length - kAvatar.radius;
  if (out.distance >= reach) return false;
  out.normal = Vec3(cosine * normal.x() - sine * normal.y(), sine * normal.x() + cosine * normal.y(), normal.z());
  out.point = center + Vec3(cosine * nearest_x - sine * nearest_y, sine * nearest_x + cosine * nearest_y, nearest_z);
  return true;
}

std::array<Obstacle, 4> wall_boxes(float half_size) {
  constexpr float kHalfThickness = 2.0F, kHalfHeight = 60.0F;
  const float middle = half_size + kHalfThickness, length = half_size + 2.0F * kHalfThickness;
  const Vec3 across_x(kHalfThickness, length, kHalfHeight), across_y(length, kHalfThickness, kHalfHeight);
  return {Obstacle{SolidKind::wall, Vec3(middle, 0, 0), across_x, 0},
          Obstacle{SolidKind::wall, Vec3(-middle, 0, 0), across_x, 0},
          Obstacle{SolidKind::wall, Vec3(0, middle, 0), across_y, 0},
          Obstacle{SolidKind::wall, Vec3(0, -middle, 0), across_y, 0}};
}

}  // namespace medal
