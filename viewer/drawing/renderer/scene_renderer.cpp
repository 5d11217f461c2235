#include "viewer/drawing/renderer/scene_renderer.h"

#include <Eigen/Geometry>
#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "viewer/drawing/renderer/gpu_mesh.h"
#include "viewer/drawing/renderer/shader_program.h"
#include "viewer/drawing/renderer/shaders.h"
#include "viewer/drawing/renderer/shadow_map.h"
#include "viewer/drawing/shapes/avatar_mesh.h"
#include "viewer/drawing/shapes/flat_shapes.h"
#include "viewer/drawing/shapes/light_map.h"
#include "viewer/drawing/shapes/world_mesh.h"

namespace medal {
namespace {

constexpr float kHazePerMetre = 0.011F;
constexpr float kMarkHeight = 0.55F;  // m, of the diamond above the expert's head
constexpr float kFlashFade = 3.5F;    // 1/s

Vec3 towards_sun() { return Vec3(-0.62F, 0.36F, 0.86F).normalized(); }

/// The uniform block that all shaders share; laid out as std140 has it.
struct FrameBlock {
  Eigen::Matrix4f view_projection, to_shadow;
  std::array<float, 4> eye, sun;
};
static_assert(sizeof(FrameBlock) == 160);

ShaderProgram make_program(std::string_view vertex, std::string_view fragment) {
  return {std::string(vertex), std::string(fragment)};
}

Eigen::Matrix4f placed(const Vec3& position, float yaw, float size = 1.0F) {
  Eigen::Affine3f model = Eigen::Translation3f(position) * Eigen::AngleAxisf(yaw, Vec3::UnitZ()) * Eigen::Scaling(size);
  return model.matrix();
}

/// What is made once for a task.
struct TaskMeshes {
  std::shared_ptr<const Task> task;
  GpuMesh ground, obstacles;
  std::vector<FlatVertex> walls;
  GlTexture light_map;
  Vec2 height_range = Vec2(-1, 1);                         ///< m
  Eigen::Matrix4f from_sun = Eigen::Matrix4f::Identity();  ///< world to the sun's clip space
};

GlTexture upload(const LightMap& map) {
  GlTexture texture = make_texture();
  glBindTexture(GL_TEXTURE_2D, texture.name());
  glPixelStorei(GL_UNPACK_ALIGNMENT, 1);
  glTexImage2D(GL_TEXTURE_2D, 0, GL_RGBA8, map.side, map.side, 0, GL_RGBA, GL_UNSIGNED_BYTE, map.texels.data());
  for (const GLenum filter : {GL_TEXTURE_MIN_FILTER, GL_TEXTURE_MAG_FILTER})
    glTexParameteri(GL_TEXTURE_2D, filter, GL_LINEAR);
  for (const GLenum wrap : {GL_TEXTURE_WRAP_S, GL_TEXTURE_WRAP_T})
    glTexParameteri(GL_TEXTURE_2D, wrap, GL_CLAMP_TO_EDGE);
  return texture;
}

/// Of the ground, at least a metre wide so that flat ground stays in the middle of the colours.
Vec2 height_range(const Terrain& terrain) {
  float low = 1e9F, high = -1e9F;
  for (int j = 0; j <= terrain.cells; ++j)
    for (int i = 0; i <= terrain.cells; ++i) {
      low = std::min(low, terrain.corner(i, j));
      high = std::max(high, terrain.corner(i, j));
    }
  const float middle = 0.5F * (low + high), half = std::max(0.5F, 0.5F * (high - low));
  return {middle - half, middle + half};
}

bool holds(const AvatarState& avatar, const Vec3& eye) {
  const float z = std::clamp(eye.z(), avatar.feet.z(), avatar.feet.z() + avatar.height());
  return (Vec3(avatar.feet.x(), avatar.feet.y(), z) - eye).norm() < kAvatar.radius + 0.3F;
}

}  // namespace

struct SceneRenderer::Implementation {
  DrawingQuality quality;
  Palette palette;
  ShaderProgram ground = make_program(shaders::kSolidVertex, shaders::kGroundFragment);
  ShaderProgram solid = make_program(shaders::kSolidVertex, shaders::kSolidFragment);
  ShaderProgram ghost = make_program(shaders::kSolidVertex, shaders::kGhostFragment);
  ShaderProgram goal = make_program(shaders::kSolidVertex, shaders::kGoalFragment);
  ShaderProgram depth = make_program(shaders::kSolidVertex, shaders::kDepthFragment);
  ShaderProgram flat = make_program(shaders::kFlatVertex, shaders::kFlatFragment);
  ShaderProgram points = make_program(shaders::kFlatVertex, shaders::kPointFragment);
  ShaderProgram halo = make_program(shaders::kHaloVertex, shaders::kHaloFragment);
  ShaderProgram sky = make_program(shaders::kSkyVertex, shaders::kSkyFragment);
  GpuMesh sphere{make_sphere(24)}, standing{make_avatar(kAvatar.height)}, crouching{make_avatar(kAvatar.crouch_height)},
      diamond{make_diamond()};
  FlatStream stream;
  GlBuffer frame_block = make_buffer(), square = make_buffer();
  GlVertexArray empty = make_vertex_array(), square_array = make_vertex_array();
  ShadowMap shadow{quality.shadow_map_side};
  TaskMeshes world;

  Implementation(const DrawingQuality& wanted, const Palette& colours) : quality(wanted), palette(colours) {
    glBindVertexArray(square_array.name());
    glBindBuffer(GL_ARRAY_BUFFER, square.name());
    const std::array<float, 8> corners = {-1, -1, 1, -1, -1, 1, 1, 1};
    glBufferData(GL_ARRAY_BUFFER, sizeof(corners), corners.data(), GL_STATIC_DRAW);
    glEnableVertexAttribArray(0);
    glVertexAttribPointer(0, 2, GL_FLOAT, GL_FALSE, 0, nullptr);
    glBindVertexArray(0);
  }

  void draw(const Scene& scene, const Camera& camera, PixelSize size, float scale);
  void prepare(const std::shared_ptr<const Task>& task);
  void set_frame(const Eigen::Matrix4f& view_projection, const Vec3& eye, float haze_from);
  void draw_shadows(const std::vector<SceneAvatar>& avatars);
  void draw_ground();
  void draw_solids(const std::vector<SceneAvatar>& avatars);
  void draw_sky(const Camera& camera, PixelSize size);
  void draw_on_ground(const Scene& scene);
  void draw_walls();
  void draw_translucent(const Scene& scene, const std::vector<SceneAvatar>& avatars, const Camera& camera);
  void draw_goal(const Scene& scene, std::size_t index, const Camera& camera);
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
  set_frame(projection_matrix(camera, size) * view_matrix(camera), camera.eye, std::max(0.0F, beyond));
  draw_ground();
  draw_solids(avatars);
  draw_sky(camera, size);

  glEnable(GL_BLEND);
  glBlendFuncSeparate(GL_SRC_ALPHA, GL_ONE_MINUS_SRC_ALPHA, GL_ZERO, GL_ONE);
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
  world = {task,
           GpuMesh(make_ground(task->terrain)),
           GpuMesh(make_obstacles(*task, palette)),
           wall_shapes(*task),
           upload(make_light_map(*task, quality.light_map_side)),
           height_range(task->terrain),
           ShadowMap::view_projection(*task, towards_sun())};
  set_frame(world.from_sun, Vec3::Zero(), 0);
  shadow.draw_still([&] {
    depth.use();
    depth.set("model", placed(Vec3::Zero(), 0));
    world.ground.draw();
    world.obstacles.draw();
  });
}

void SceneRenderer::Implementation::set_frame(const Eigen::Matrix4f& view_projection, const Vec3& eye,
                                              float haze_from) {
  const Vec3 sun = towards_sun();
  const FrameBlock block{view_projection,
                         ShadowMap::to_map(world.from_sun),
                         {eye.x(), eye.y(), eye.z(), haze_from},
                         {sun.x(), sun.y(), sun.z(), kHazePerMetre}};
  glBindBuffer(GL_UNIFORM_BUFFER, frame_block.name());
  glBufferData(GL_UNIFORM_BUFFER, sizeof(block), &block, GL_STREAM_DRAW);
  glBindBufferBase(GL_UNIFORM_BUFFER, 0, frame_block.name());
}

void SceneRenderer::Implementation::draw_shadows(const std::vector<SceneAvatar>& avatars) {
  set_frame(world.from_sun, Vec3::Zero(), 0);
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
    solid.set("paint", to_linear(avatar_colour(palette, avatar.role, avatar.index)));
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

void SceneRenderer::Implementation::draw_sky(const Camera& camera, PixelSize size) {
  // Directions of the picture's corners: for a parallel projection all are the same.
  const Eigen::Matrix4f view = view_matrix(camera), projection = projection_matrix(camera, size);
  Eigen::Matrix4f to_view = Eigen::Matrix4f::Zero();
  if (camera.parallel_height <= 0) {
    to_view(0, 0) = 1.0F / projection(0, 0);
    to_view(1, 1) = 1.0F / projection(1, 1);
  }
  to_view(2, 3) = -1.0F;
  Eigen::Matrix4f turn = Eigen::Matrix4f::Identity();
  turn.topLeftCorner<3, 3>() = view.topLeftCorner<3, 3>().transpose();
  sky.use();
  sky.set("to_world", Eigen::Matrix4f(turn * to_view));
  glBindVertexArray(empty.name());
  glDrawArrays(GL_TRIANGLES, 0, 3);
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
  for (std::size_t g = 0; g < scene.task->goals.size(); ++g)
    add(scene.task->goals[g].center, [&, g] { draw_goal(scene, g, camera); });
  for (const SceneAvatar& avatar : avatars)
    if (avatar.look == AvatarLook::ghost)
      add(avatar.state.feet,
          [&] { draw_ghost(avatar.state, avatar_colour(palette, avatar.role, avatar.index), 1.0F); });
  for (const BeliefOverlay& belief : scene.beliefs) {
    AvatarState state;
    state.feet = belief.feet;
    add(belief.feet, [&, state] { draw_ghost(state, palette.belief, 0.25F + 0.75F * belief.certainty); });
  }
  std::stable_sort(items.begin(), items.end(), [](const Item& a, const Item& b) { return a.distance > b.distance; });
  for (const Item& item : items) item.draw();
}

void SceneRenderer::Implementation::draw_goal(const Scene& scene, std::size_t index, const Camera& camera) {
  const Goal& sphere_of = scene.task->goals[index];
  const GoalMark mark = index < scene.goals.size() ? scene.goals[index] : GoalMark{};
  const float flash = mark.reward == 0 ? 0.0F : std::exp(-kFlashFade * std::max(0.0F, mark.seconds_since_entry));
  const float strength = 1.0F + (mark.reward > 0 ? 1.1F : -0.6F) * flash;
  const Vec3 colour = to_linear(sphere_of.colour);
  goal.use();
  goal.set("paint", colour);
  goal.set("strength", strength);
  goal.set("model", placed(sphere_of.center, 0, sphere_of.radius));
  sphere.draw();

  const Eigen::Matrix4f view = view_matrix(camera);
  const float reach = sphere_of.radius * (1.75F + 0.6F * flash);
  glBlendFuncSeparate(GL_ONE, GL_ONE, GL_ZERO, GL_ONE);
  halo.use();
  halo.set("center", sphere_of.center);
  halo.set("right", Vec3(reach * view.block<1, 3>(0, 0).transpose()));
  halo.set("up", Vec3(reach * view.block<1, 3>(1, 0).transpose()));
  halo.set("paint", Vec3(0.34F * strength * colour));
  glBindVertexArray(square_array.name());
  glDrawArrays(GL_TRIANGLE_STRIP, 0, 4);
  glBlendFuncSeparate(GL_SRC_ALPHA, GL_ONE_MINUS_SRC_ALPHA, GL_ZERO, GL_ONE);
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

const Palette& SceneRenderer::palette() const { return implementation_->palette; }

}  // namespace medal
