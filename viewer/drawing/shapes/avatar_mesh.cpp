#include "viewer/drawing/shapes/avatar_mesh.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "sim/task/avatar.h"

namespace medal {
namespace {

constexpr float kPi = std::numbers::pi_v<float>;

}  // namespace

Mesh make_avatar(float height) {
  constexpr float kRadius = kAvatar.radius;
  const float eyes = height < kAvatar.height ? kAvatar.crouch_eye_height : kAvatar.eye_height;
  const float waist = 0.42F * height;
  Mesh mesh;
  const Vertex dark = painted({0.17F, 0.19F, 0.24F}, 0), body = painted(Vec3::Ones(), 1),
               trousers = painted({0.27F, 0.29F, 0.35F}, 0.35F), glass = painted({0.06F, 0.08F, 0.12F}, 0),
               shine = painted({0.92F, 0.97F, 1.0F}, 0);
  constexpr int kColumns = 29;
  add_revolution(mesh, capsule_profile(kRadius, height, 0, waist, 9), -kPi, kPi, kColumns, trousers);
  add_revolution(mesh, capsule_profile(kRadius, height, waist, height, 15), -kPi, kPi, kColumns, body);
  // A belt, then the visor: a dark band over the front of the head with a bright line in it. They lie outside of the
  // body by some millimetres.
  add_revolution(mesh, capsule_profile(kRadius + 0.015F, height + 0.03F, waist - 0.03F, waist + 0.05F, 2), -kPi, kPi,
                 kColumns, dark);
  const float low = eyes - 0.02F, high = std::min(eyes + 0.30F, height - 0.06F);
  add_revolution(mesh, capsule_profile(kRadius + 0.035F, height + 0.05F, low - 0.04F, high + 0.03F, 8), -1.25F, 1.25F,
                 17, dark);
  add_revolution(mesh, capsule_profile(kRadius + 0.05F, height + 0.06F, low, high, 8), -1.1F, 1.1F, 17, glass);
  for (const float eye : {-0.42F, 0.42F})
    add_revolution(mesh, capsule_profile(kRadius + 0.062F, height + 0.07F, low + 0.07F, high - 0.07F, 6), eye - 0.17F,
                   eye + 0.17F, 5, shine);
  Mesh hand = make_sphere(8, body);
  for (Vertex& vertex : hand.vertices) {
    vertex.position *= 0.13F;
    vertex.height = vertex.position.z();
  }
  for (const float side : {-1.0F, 1.0F}) add_part(mesh, hand, Vec3(0.12F, side * 0.47F, waist + 0.06F));
  add_part(mesh, make_rounded_box(Vec3(0.13F, 0.22F, 0.17F * height), 0.08F, dark), Vec3(-0.41F, 0, 0.62F * height));
  return mesh;
}

Mesh make_diamond() {
  constexpr float kWide = 0.17F, kHigh = 0.25F;
  Mesh mesh;
  for (int k = 0; k < 4; ++k)
    for (const float up : {1.0F, -1.0F}) {
      const float angle = 0.5F * kPi * static_cast<float>(k);
      const Vec3 a(kWide * std::cos(angle), kWide * std::sin(angle), 0);
      const Vec3 b(-a.y(), a.x(), 0);
      const Vec3 tip(0, 0, up * kHigh);
      const std::array<Vec3, 3> corners = up > 0 ? std::array<Vec3, 3>{a, b, tip} : std::array<Vec3, 3>{b, a, tip};
      const Vec3 normal = (corners[1] - corners[0]).cross(corners[2] - corners[0]).normalized();
      for (const Vec3& corner : corners) {
        mesh.indices.push_back(mesh.size());
        Vertex vertex;
        vertex.position = corner;
        vertex.normal = normal;
        vertex.paint = 1;
        mesh.vertices.push_back(vertex);
      }
    }
  return mesh;
}

}  // namespace medal
