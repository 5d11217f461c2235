#include "viewer/drawing/renderer/shadow_map.h"

#include "sim/base/error.h"
#include "viewer/drawing/scene/camera.h"

namespace medal {
namespace {

constexpr float kSpan = 1.55F;   // of the arena's side: its diagonal and what stands at its corners
constexpr float kDistance = 60;  // m from the middle to where the sun's view begins

GlTexture make_depth_texture(int side) {
  GlTexture texture = make_texture();
  glBindTexture(GL_TEXTURE_2D, texture.name());
  glTexImage2D(GL_TEXTURE_2D, 0, GL_DEPTH_COMPONENT24, side, side, 0, GL_DEPTH_COMPONENT, GL_UNSIGNED_INT, nullptr);
  for (const GLenum filter : {GL_TEXTURE_MIN_FILTER, GL_TEXTURE_MAG_FILTER})
    glTexParameteri(GL_TEXTURE_2D, filter, GL_LINEAR);
  for (const GLenum wrap : {GL_TEXTURE_WRAP_S, GL_TEXTURE_WRAP_T})
    glTexParameteri(GL_TEXTURE_2D, wrap, GL_CLAMP_TO_EDGE);
  glTexParameteri(GL_TEXTURE_2D, GL_TEXTURE_COMPARE_MODE, GL_COMPARE_REF_TO_TEXTURE);
  return texture;
}

GlFramebuffer make_depth_target(const GlTexture& texture) {
  GlFramebuffer target = make_framebuffer();
  glBindFramebuffer(GL_FRAMEBUFFER, target.name());
  glFramebufferTexture2D(GL_FRAMEBUFFER, GL_DEPTH_ATTACHMENT, GL_TEXTURE_2D, texture.name(), 0);
  glDrawBuffer(GL_NONE);
  glReadBuffer(GL_NONE);
  MEDAL_CHECK(glCheckFramebufferStatus(GL_FRAMEBUFFER) == GL_FRAMEBUFFER_COMPLETE);
  return target;
}

}  // namespace

ShadowMap::ShadowMap(int side)
    : side_(side),
      still_(make_depth_texture(side)),
      moving_(make_depth_texture(side)),
      still_target_(make_depth_target(still_)),
      moving_target_(make_depth_target(moving_)) {}

Eigen::Matrix4f ShadowMap::view_projection(const Task& task, const Vec3& towards_sun) {
  Camera sun;
  sun.eye = kDistance * towards_sun;
  sun.parallel_height = kSpan * task.terrain.size();
  sun.near = 1;
  sun.far = 2 * kDistance;
  return projection_matrix(sun, {1, 1}) * view_matrix(sun);
}

Eigen::Matrix4f ShadowMap::to_map(const Eigen::Matrix4f& view_projection) {
  Eigen::Matrix4f to_unit = Eigen::Matrix4f::Identity();
  to_unit.topLeftCorner<3, 3>() *= 0.5F;
  to_unit.topRightCorner<3, 1>().setConstant(0.5F);
  return to_unit * view_projection;
}

void ShadowMap::draw_still(const std::function<void()>& draw) {
  glBindFramebuffer(GL_FRAMEBUFFER, still_target_.name());
  glViewport(0, 0, side_, side_);
  glClear(GL_DEPTH_BUFFER_BIT);
  draw();
}

void ShadowMap::draw_moving(const std::function<void()>& draw) {
  glBindFramebuffer(GL_READ_FRAMEBUFFER, still_target_.name());
  glBindFramebuffer(GL_DRAW_FRAMEBUFFER, moving_target_.name());
  glBlitFramebuffer(0, 0, side_, side_, 0, 0, side_, side_, GL_DEPTH_BUFFER_BIT, GL_NEAREST);
  glBindFramebuffer(GL_FRAMEBUFFER, moving_target_.name());
  glViewport(0, 0, side_, side_);
  draw();
}

}  // namespace medal
