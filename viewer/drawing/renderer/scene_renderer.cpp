#include "viewer/drawing/renderer/scene_renderer.h"

#include <algorithm>
#include <functional>

#include "viewer/drawing/opengl/gpu_mesh.h"
#include "viewer/drawing/opengl/shader_program.h"
#include "viewer/drawing/opengl/shaders.h"
#include "viewer/drawing/renderer/frame_uniforms.h"
#include "viewer/drawing/renderer/goal_spheres.h"
#include "viewer/drawing/renderer/shadow_map.h"
#include "viewer/drawing/renderer/sky.h"
#include "viewer/drawing/renderer/task_meshes.h"
#include "viewer/drawing/shapes/avatar_mesh.h"
#include "viewer/drawing/shapes/flat_shapes.h"

namespace medal {
namespace {

constexpr float kMarkHeight = 0.55F;  // m, of the diamond above the expert's head
constexpr float kEyeRoom = 0.3F;      // m around a body in which an eye would see its inside

bool holds(const AvatarState& avatar, const Vec3& eye) {
  const float z = std::clamp(eye.z(), avatar.feet.z(), avatar.feet.z() + avatar.height());
  return (Vec3(avatar.feet.x(), avatar.feet.y(), z) - eye).norm() < kAvatar.radius + kEyeRoom;
}

}  // namespace

struct SceneRenderer::Implementation {
  DrawingQuality quality;
  Palette palette;
  ShaderProgram ground{shaders::kSolidVertex, shaders::kGroundFragment};
  ShaderProgram solid{shaders::kSolidVertex, shaders::kSolidFragment};
  ShaderProgram ghost{shaders::kSolidVertex, shaders::kGhostFragment};
  ShaderProgram depth{shaders::kSolidVertex, shaders::kDepthFragment};
  ShaderProgram flat{shaders::kFlatVertex, shaders::kFlatFragment};
  ShaderProgram points{shaders::kFlatVertex, shaders::kPointFragment};
  GpuMesh standing{make_avatar(kAvatar.height)}, crouching{make_avatar(kAvatar.crouch_height)}, diamond{make_diamond()};
  GoalSpheres goals;
  Sky sky;
  FlatStream stream;
  FrameUniforms frame;
  ShadowMap shadow{quality.shadow_map_side};
  TaskMeshes world;

  Implementation(const DrawingQuality& wanted, const Palette& colours) : quality(wanted), palette(colours) {}

  void draw(const Scene& scene, const Camera& camera, PixelSize size, float scale);
  void prepare(const std::shared_ptr<const Task>& task);
  void draw_shadows(const std::vector<SceneAvatar>& avatars);
  void draw_ground();
  void draw_solids(const std::vector<SceneAvatar>& avatars);
  void draw_on_ground(const Scene& scene);
  void draw_walls();
  void draw_translucent(const Scene& scene, const std::vector<SceneAvatar>& avatars, const Camera& camera);
  void draw_ghost(const AvatarState& state, const Vec3& colour, float strength);
  void draw_lidar(const Scene& scene, float scale);
  void draw_body(const ShaderProgram& program, const AvatarState& state);
};

void SceneRenderer::Implementation::draw(const Scene& scene, const Camera& camera, PixelSize size, float scale) {
  GLint framebuffer = 0;
  glGetIntegerv(GL_FRAMEBUFFER_BINDING, &framebuffer);
  std::vector<SceneAvatar> avatars;
  for (const SceneAvatar& avatar : scene.avatars)
    if (avatar.look != AvatarLook::hidden && !holds(avatar.state, camera.eye)) avatars.push_back(avatar);

  glDisable(GL_SCISSOR_TEST);
  glEnable(GL_DEPTH_TEST);
  glEnable(GL_CULL_FACE);
  glEnable(GL_PROGRAM_POINT_SIZE);
  glDisable(GL_BLEND);
  glDepthMask(GL_TRUE);
  glDepthFunc(GL_LEQUAL);
  prepare(scene.task);
  draw_shadows(avatars);

  glBindFramebuffer(GL_FRAMEBUFFER, static_cast<GLuint>(framebuffer));
  glViewport(0, 0, size.width, size.height);
  glClear(GL_DEPTH_BUFFER_BIT);  // the sky covers what nothing else does
  const float beyond = camera.eye.norm() - scene.task->terrain.size();
  frame.set(projection_matrix(camera, size) * view_matrix(camera), world.from_sun, camera.eye, std::max(0.0F, beyond));
  draw_ground();
  draw_solids(avatars);
  sky.draw(camera, size);

  glEnable(GL_BLEND);
  blend_by_opacity();
  glDepthMask(GL_FALSE);
  draw_on_ground(scene);
  draw_walls();
  draw_translucent(scene, avatars, camera);
  draw_lidar(scene, scale);
  glDepthMask(GL_TRUE);
  glDisable(GL_BLEND);
  glDisable(GL_CULL_FACE);
  glBindVertexArray(0);
  glUseProgram(0);
}

void SceneRenderer::Implementation::prepare(const std::shared_ptr<const Task>& task) {
  if (world.task == task) return;
  world = make_task_meshes(task, palette, quality.light_map_side);
  frame.set(world.from_sun, world.from_sun, Vec3::Zero(), 0);
  shadow.draw_still([&] {
    depth.use();
    depth.set("model", placed(Vec3::Zero(), 0));
    world.ground.draw();
    world.obstacles.draw();
  });
}

void SceneRenderer::Implementation::draw_shadows(const std::vector<SceneAvatar>& avatars) {
  frame.set(world.from_sun, world.from_sun, Vec3::Zero(), 0);
  shadow.draw_moving([&] {
    depth.use();
    for (const SceneAvatar& avatar : avatars)
      if (avatar.look == AvatarLook::solid) draw_body(depth, avatar.state);
  });
  glActiveTexture(GL_TEXTURE0);
  glBindTexture(GL_TEXTURE_2D, shadow.texture());
}

void SceneRenderer::Implementation::draw_ground() {
  glActiveTexture(GL_TEXTURE1);
  glBindTexture(GL_TEXTURE_2D, world.light_map.name());
  ground.use();
  ground.set("model", placed(Vec3::Zero(), 0));
  ground.set("shadow_map", 0);
  ground.set("light_map", 1);
  ground.set("arena_size", world.task->terrain.size());
  ground.set("height_range", world.height_range);
  world.ground.draw();
}

void SceneRenderer::Implementation::draw_solids(const std::vector<SceneAvatar>& avatars) {
  solid.use();
  solid.set("shadow_map", 0);
  solid.set("model", placed(Vec3::Zero(), 0));
  world.obstacles.draw();
  for (const SceneAvatar& avatar : avatars) {
    if (avatar.look != AvatarLook::solid) continue;
    solid.set("paint", to_linear(palette.avatar(avatar.role, avatar.index)));
    draw_body(solid, avatar.state);
    if (avatar.role != AvatarRole::expert) continue;
    solid.set("paint", Vec3(1.6F * to_linear(okabe_ito::yellow)));  // shines
    solid.set("model", placed(avatar.state.feet + Vec3(0, 0, avatar.state.height() + kMarkHeight), avatar.state.yaw));
    diamond.draw();
  }
}

void SceneRenderer::Implementation::draw_body(const ShaderProgram& program, const AvatarState& state) {
  program.set("model", placed(state.feet, state.yaw));
  (state.crouching ? crouching : standing).draw();
}

void SceneRenderer::Implementation::draw_on_ground(const Scene& scene) {
  glDisable(GL_CULL_FACE);
  glEnable(GL_POLYGON_OFFSET_FILL);
  glPolygonOffset(-2.0F, -8.0F);
  flat.use();
  stream.draw(ground_shapes(scene, palette), GL_TRIANGLES);
  glDisable(GL_POLYGON_OFFSET_FILL);
  glEnable(GL_CULL_FACE);
}

void SceneRenderer::Implementation::draw_walls() {
  flat.use();
  stream.draw(world.walls, GL_TRIANGLES);
}

/// Goals and ghosts, from far to near.
void SceneRenderer::Implementation::draw_translucent(const Scene& scene, const std::vector<SceneAvatar>& avatars,
                                                     const Camera& camera) {
  struct Item {
    float distance;
    std::function<void()> draw;
  };
  std::vector<Item> items;
  const Vec3 forward = (camera.target - camera.eye).normalized();
  const auto add = [&](const Vec3& at, std::function<void()> draw) {
    items.push_back({(at - camera.eye).dot(forward), std::move(draw)});
  };
  for (std::size_t g = 0; g < scene.task->goals.size(); ++g) {
    const Goal& goal = scene.task->goals[g];
    const GoalMark mark = g < scene.goals.size() ? scene.goals[g] : GoalMark{};
    add(goal.center, [&, mark] { goals.draw(goal, mark, camera); });
  }
  for (const SceneAvatar& avatar : avatars)
    if (avatar.look == AvatarLook::ghost)
      add(avatar.state.feet, [&] { draw_ghost(avatar.state, palette.avatar(avatar.role, avatar.index), 1.0F); });
  for (const BeliefOverlay& belief : scene.beliefs) {
    AvatarState state;
    state.feet = belief.feet;
    add(belief.feet, [&, state] { draw_ghost(state, palette.belief, 0.25F + 0.75F * belief.certainty); });
  }
  std::stable_sort(items.begin(), items.end(), [](const Item& a, const Item& b) { return a.distance > b.distance; });
  for (const Item& item : items) item.draw();
}

void SceneRenderer::Implementation::draw_ghost(const AvatarState& state, const Vec3& colour, float strength) {
  ghost.use();
  ghost.set("paint", to_linear(colour));
  ghost.set("strength", strength);
  draw_body(ghost, state);
}

void SceneRenderer::Implementation::draw_lidar(const Scene& scene, float scale) {
  if (!scene.lidar) return;
  flat.use();
  stream.draw(lidar_lines(scene, palette), GL_LINES);
  points.use();
  stream.draw(lidar_points(scene, palette, scale), GL_POINTS);
}

SceneRenderer::SceneRenderer(const DrawingQuality& quality, const Palette& palette)
    : implementation_(std::make_unique<Implementation>(quality, palette)) {}

SceneRenderer::~SceneRenderer() = default;

void SceneRenderer::draw(const Scene& scene, const Camera& camera, PixelSize size, float scale) {
  implementation_->draw(scene, camera, size, scale);
}

}  // namespace medal
