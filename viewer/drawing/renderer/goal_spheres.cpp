#include "viewer/drawing/renderer/goal_spheres.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "viewer/drawing/opengl/shaders.h"

namespace medal {
namespace {

constexpr int kRings = 24;                               // of a sphere
constexpr float kFlashFade = 3.5F;                       // 1/s
constexpr float kFlashGain = 1.1F, kFlashLoss = -0.6F;   // of the glow, for +1 and -1
constexpr float kHaloReach = 1.75F, kFlashReach = 0.6F;  // radii
constexpr float kHaloGlow = 0.34F;

}  // namespace

GoalSpheres::GoalSpheres()
    : glass_(shaders::kSolidVertex, shaders::kGoalFragment),
      halo_(shaders::kHaloVertex, shaders::kHaloFragment),
      sphere_(make_sphere(kRings)),
      square_(make_vertex_array()),
      corners_(make_buffer()) {
  glBindVertexArray(square_.name());
  glBindBuffer(GL_ARRAY_BUFFER, corners_.name());
  const std::array<float, 8> corners = {-1, -1, 1, -1, -1, 1, 1, 1};
  glBufferData(GL_ARRAY_BUFFER, sizeof(corners), corners.data(), GL_STATIC_DRAW);
  glEnableVertexAttribArray(0);
  glVertexAttribPointer(0, 2, GL_FLOAT, GL_FALSE, 0, nullptr);
  glBindVertexArray(0);
}

void GoalSpheres::draw(const Goal& goal, const GoalMark& mark, const Camera& camera) const {
  const float flash = mark.reward == 0 ? 0.0F : std::exp(-kFlashFade * std::max(0.0F, mark.seconds_since_entry));
  const float strength = 1.0F + (mark.reward > 0 ? kFlashGain : kFlashLoss) * flash;
  glass_.use();
  glass_.set("paint", to_linear(goal.colour));
  glass_.set("strength", strength);
  glass_.set("model", placed(goal.center, 0, goal.radius));
  sphere_.draw();
  draw_halo(goal, goal.radius * (kHaloReach + kFlashReach * flash), strength, camera);
}

void GoalSpheres::draw_halo(const Goal& goal, float reach, float strength, const Camera& camera) const {
  const Eigen::Matrix4f view = view_matrix(camera);
  glBlendFuncSeparate(GL_ONE, GL_ONE, GL_ZERO, GL_ONE);
  halo_.use();
  halo_.set("center", goal.center);
  halo_.set("right", Vec3(reach * view.block<1, 3>(0, 0).transpose()));
  halo_.set("up", Vec3(reach * view.block<1, 3>(1, 0).transpose()));
  halo_.set("paint", Vec3(kHaloGlow * strength * to_linear(goal.colour)));
  glBindVertexArray(square_.name());
  glDrawArrays(GL_TRIANGLE_STRIP, 0, 4);
  blend_by_opacity();
}

}  // namespace medal
