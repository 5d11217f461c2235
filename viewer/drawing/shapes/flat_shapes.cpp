#include "viewer/drawing/shapes/flat_shapes.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sim/lidar/ray_direction.h"
#include "sim/rewards/reward_rule.h"

namespace medal {
namespace {

constexpr float kPi = std::numbers::pi_v<float>;
constexpr float kLift = 0.035F;        // m above the ground
constexpr float kTrailWidth = 0.13F;   // m
constexpr float kTrailStep = 0.25F;    // m
constexpr float kTeleport = 2.5F;      // m: farther apart, two points are not joined
constexpr float kFlashSeconds = 0.9F;  // s, of the ring that runs outwards after an entry
constexpr int kSides = 40;

struct Brush {
  Vec3 colour = Vec3::Ones();  ///< linear
  float opacity = 1;
};

/// Collects triangles that lie on the ground.
class GroundPainter {
 public:
  explicit GroundPainter(const Terrain& terrain) : terrain_(terrain) {}

  void quad(const Vec2& a, const Vec2& b, const Vec2& c, const Vec2& d, const Brush& from, const Brush& to) {
    const FlatVertex corners[] = {at(a, from), at(b, from), at(c, to), at(d, to)};
    for (const int k : {0, 1, 2, 0, 2, 3}) vertices.push_back(corners[k]);
  }
  /// A ring, or a disc where `inner` is 0; brushes at its inner and outer rim.
  void ring(const Vec2& center, float inner, float outer, const Brush& in, const Brush& out, float from = -kPi,
            float to = kPi) {
    for (int k = 0; k < kSides; ++k) {
      const auto direction = [&](int side) {
        const float angle = from + (to - from) * static_cast<float>(side) / static_cast<float>(kSides);
        return Vec2(std::cos(angle), std::sin(angle));
      };
      const Vec2 a = direction(k), b = direction(k + 1);
      quad(center + inner * b, center + inner * a, center + outer * a, center + outer * b, in, out);
    }
  }
  /// A band along a straight piece, cut so that it follows the ground.
  void band(const Vec2& from, const Vec2& to, float width, const Brush& begin, const Brush& end) {
    const Vec2 along = to - from;
    const float length = along.norm();
    if (length < 1e-4F) return;
    const Vec2 across = 0.5F * width * Vec2(-along.y(), along.x()) / length;
    const int pieces = std::max(1, static_cast<int>(std::ceil(length / kTrailStep)));
    for (int k = 0; k < pieces; ++k) {
      const float s = static_cast<float>(k) / static_cast<float>(pieces);
      const float t = static_cast<float>(k + 1) / static_cast<float>(pieces);
      const Brush a{begin.colour, begin.opacity + s * (end.opacity - begin.opacity)};
      const Brush b{begin.colour, begin.opacity + t * (end.opacity - begin.opacity)};
      const Vec2 p = from + s * along, q = from + t * along;
      quad(p + across, p - across, q - across, q + across, a, b);
    }
  }

  std::vector<FlatVertex> vertices;

 private:
  FlatVertex at(const Vec2& point, const Brush& brush) const {
    return {Vec3(point.x(), point.y(), terrain_.height(point.x(), point.y()) + kLift), brush.colour, brush.opacity};
  }

  const Terrain& terrain_;
};

void paint_trail(GroundPainter& painter, const Trail& trail, const Palette& palette) {
  const Vec3 colour = to_linear(palette.avatar(trail.role, trail.index));
  const float count = static_cast<float>(trail.points.size());
  for (std::size_t k = 1; k < trail.points.size(); ++k) {
    const Vec3 &from = trail.points[k - 1], &to = trail.points[k];
    if ((to - from).norm() > kTeleport) continue;
    const auto opacity = [&](std::size_t index) { return 0.8F * std::sqrt(static_cast<float>(index) / count); };
    painter.band(from.head<2>(), to.head<2>(), kTrailWidth, {colour, opacity(k - 1)}, {colour, opacity(k)});
  }
}

void paint_avatar(GroundPainter& painter, const SceneAvatar& avatar, const Palette& palette) {
  const Vec2 feet = avatar.state.feet.head<2>();
  const bool solid = avatar.look == AvatarLook::solid;
  if (solid) painter.ring(feet, 0, 0.85F, {Vec3::Zero(), 0.55F}, {Vec3::Zero(), 0});
  const Brush brush{to_linear(palette.avatar(avatar.role, avatar.index)), solid ? 0.95F : 0.45F};
  painter.ring(feet, 0.56F, 0.66F, brush, brush);
  // An arrow head: it tells from above where the avatar looks.
  const Vec2 ahead(std::cos(avatar.state.yaw), std::sin(avatar.state.yaw)), side(-ahead.y(), ahead.x());
  const Vec2 tip = feet + 1.12F * ahead, base = feet + 0.72F * ahead;
  painter.quad(base - 0.26F * side, tip, tip, base + 0.26F * side, brush, brush);
}

void paint_goal(GroundPainter& painter, const Goal& goal, const GoalMark& mark, const Palette& palette) {
  const Vec2 center = goal.center.head<2>();
  if (mark.last) {
    const Brush white{Vec3::Constant(0.95F), 0.9F};
    painter.ring(center, 1.10F * goal.radius, 1.10F * goal.radius + 0.09F, white, white);
  }
  if (mark.reward == 0 || mark.seconds_since_entry >= kFlashSeconds) return;
  const float share = std::max(0.0F, mark.seconds_since_entry / kFlashSeconds);
  const Vec3 colour = to_linear(mark.reward > 0 ? palette.reward : palette.penalty);
  const float outer = goal.radius * (1.25F + 1.3F * std::sqrt(share));
  painter.ring(center, 0.72F * outer, outer, {colour, 0}, {colour, 1.0F - share});
  painter.ring(center, outer, outer + 0.12F, {colour, 1.0F - share}, {colour, 1.0F - share});
}

/// Dashes between neighbours of the order, which may pay both ways.
void paint_order(GroundPainter& painter, const Task& task) {
  constexpr float kDash = 0.45F;  // m
  const Brush white{Vec3::Constant(0.9F), 0.75F};
  const std::size_t count = task.order.size();
  const std::size_t legs = reward_rule(task.parameters.reward_rule).cyclic ? count : count - 1;
  for (std::size_t k = 0; k < legs; ++k) {
    const Goal& from = task.goals[static_cast<std::size_t>(task.order[k])];
    const Goal& to = task.goals[static_cast<std::size_t>(task.order[(k + 1) % count])];
    const Vec2 along = (to.center - from.center).head<2>();
    const float length = along.norm();
    const Vec2 direction = along / length, begin = from.center.head<2>();
    for (float s = from.radius + 0.25F; s + kDash < length - to.radius; s += 2 * kDash)
      painter.band(begin + s * direction, begin + (s + kDash) * direction, 0.10F, white, white);
  }
}

void paint_belief(GroundPainter& painter, const BeliefOverlay& belief, const Palette& palette) {
  const float radius = 0.6F + 2.0F * (1.0F - std::clamp(belief.certainty, 0.0F, 1.0F));
  const Brush brush{to_linear(palette.belief), 0.35F + 0.6F * belief.certainty};
  painter.ring(belief.feet.head<2>(), radius, radius + 0.12F, brush, brush);
  painter.ring(belief.feet.head<2>(), 0, radius, {brush.colour, 0.05F}, {brush.colour, 0.25F});
}

template <class Use>
void for_each_hit(const Scene& scene, Use&& use) {
  if (!scene.lidar) return;
  const LidarOverlay& lidar = *scene.lidar;
  for (std::size_t ray = 0; ray < lidar.hits.size(); ++ray)
    use(lidar.hits[ray], ray_direction(lidar.options, static_cast<int>(ray), lidar.yaw), lidar.eye);
}

}  // namespace

std::vector<FlatVertex> ground_shapes(const Scene& scene, const Palette& palette) {
  GroundPainter painter(scene.task->terrain);
  if (scene.show_order) paint_order(painter, *scene.task);
  for (const Trail& trail : scene.trails) paint_trail(painter, trail, palette);
  for (std::size_t g = 0; g < scene.goals.size(); ++g)
    paint_goal(painter, scene.task->goals[g], scene.goals[g], palette);
  for (const SceneAvatar& avatar : scene.avatars)
    if (avatar.look != AvatarLook::hidden) paint_avatar(painter, avatar, palette);
  for (const BeliefOverlay& belief : scene.beliefs) paint_belief(painter, belief, palette);
  return std::move(painter.vertices);
}

std::vector<FlatVertex> wall_shapes(const Task& task) {
  constexpr float kHeight = 1.8F;  // m; they are endless, but must not hide the sky
  const float half = task.terrain.half_size();
  const Vec3 tint = Vec3(0.62F, 0.74F, 0.86F);
  std::vector<FlatVertex> vertices;
  const auto wall = [&](auto&& corner) {
    for (int k = 0; k < task.terrain.cells; ++k) {
      const Vec3 a = corner(k), b = corner(k + 1);
      const auto strip = [&](float low, float high, float low_opacity, float high_opacity) {
        const Vec3 up = Vec3::UnitZ();
        const FlatVertex corners[] = {{a + low * up, tint, low_opacity},
                                      {b + low * up, tint, low_opacity},
                                      {b + high * up, tint, high_opacity},
                                      {a + high * up, tint, high_opacity}};
        for (const int c : {0, 1, 2, 0, 2, 3}) vertices.push_back(corners[c]);
      };
      strip(0, kHeight, 0.40F, 0.06F);
      strip(0.5F * kHeight, 0.5F * kHeight + 0.03F, 0.25F, 0.25F);
      strip(kHeight, kHeight + 0.05F, 0.45F, 0.45F);
    }
  };
  const auto point = [&](float x, float y) { return Vec3(x, y, task.terrain.height(x, y)); };
  const auto along = [&](int k) { return static_cast<float>(k) * task.terrain.cell_size - half; };
  wall([&](int k) { return point(along(k), half); });
  wall([&](int k) { return point(-along(k), -half); });
  wall([&](int k) { return point(half, -along(k)); });
  wall([&](int k) { return point(-half, along(k)); });
  return vertices;
}

std::vector<FlatVertex> lidar_lines(const Scene& scene, const Palette& palette) {
  std::vector<FlatVertex> lines;
  for_each_hit(scene, [&](const RayHit& hit, const Vec3& direction, const Vec3& eye) {
    const float length = hit.solid_distance < 0 ? scene.lidar->options.range : hit.solid_distance;
    Vec3 colour = Vec3::Constant(0.85F);
    float opacity = 0.22F;
    if (hit.goal >= 0) colour = to_linear(scene.task->goals[static_cast<std::size_t>(hit.goal)].colour), opacity = 0.6F;
    if (hit.avatar_distance >= 0) colour = to_linear(palette.expert), opacity = 0.95F;
    lines.push_back({eye + std::min(0.5F, length) * direction, colour, opacity});
    lines.push_back({eye + length * direction, colour, hit.solid_distance < 0 ? 0.0F : opacity});
  });
  return lines;
}

std::vector<FlatVertex> lidar_points(const Scene& scene, const Palette& palette, float scale) {
  std::vector<FlatVertex> points;
  for_each_hit(scene, [&](const RayHit& hit, const Vec3& direction, const Vec3& eye) {
    const auto add = [&](float distance, const Vec3& colour, float size) {
      if (distance >= 0) points.push_back({eye + distance * direction, to_linear(colour), 1, scale * size});
    };
    add(hit.solid_distance, Vec3::Constant(0.93F), 7);
    if (hit.goal >= 0) add(hit.goal_distance, scene.task->goals[static_cast<std::size_t>(hit.goal)].colour, 10);
    add(hit.avatar_distance, palette.expert, 12);
  });
  return points;
}

}  // namespace medal
