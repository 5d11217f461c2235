#include "viewer/drawing/renderer/scene_renderer.h"

#include <ctime>
#include <utility>

#include "tests/support/catch.h"
#include "tests/support/scene_helpers.h"
#include "viewer/drawing/opengl/offscreen_context.h"
#include "viewer/drawing/opengl/render_target.h"

using namespace medal;

namespace {

/// What has gone to the graphics card to stay there.
struct Uploads {
  std::ptrdiff_t buffer_bytes = 0;  ///< of meshes
  int textures = 0;
};
Uploads uploads;

decltype(epoxy_glBufferData) real_buffer_data = nullptr;
decltype(epoxy_glTexImage2D) real_tex_image = nullptr;

void count_buffer_data(GLenum target, GLsizeiptr size, const void* data, GLenum usage) {
  if (usage == GL_STATIC_DRAW) uploads.buffer_bytes += size;
  real_buffer_data(target, size, data, usage);
}
void count_tex_image(GLenum target, GLint level, GLint internal, GLsizei width, GLsizei height, GLint border,
                     GLenum format, GLenum type, const void* data) {
  ++uploads.textures;
  real_tex_image(target, level, internal, width, height, border, format, type, data);
}

/// Stands between the program and OpenGL while it lives.
struct CountedUploads {
  CountedUploads() {
    uploads = {};
    real_buffer_data = std::exchange(epoxy_glBufferData, count_buffer_data);
    real_tex_image = std::exchange(epoxy_glTexImage2D, count_tex_image);
  }
  ~CountedUploads() {
    epoxy_glBufferData = real_buffer_data;
    epoxy_glTexImage2D = real_tex_image;
  }
};

constexpr PixelSize kSize{1280, 720};

Scene scene_with_rays() {
  Scene scene = fixed_scene();
  scene.lidar = cast_lidar(scene, find_player(scene, 1)->state, LidarOptions{});
  return scene;
}

}  // namespace

TEST_CASE("what belongs to a task goes to the graphics card once, however many frames are drawn of it") {
  const OffscreenContext context;
  const RenderTarget target(kSize, DrawingQuality{}.samples);
  SceneRenderer renderer;
  const CountedUploads counting;
  Scene scene = scene_with_rays();
  target.bind();
  renderer.draw(scene, overview_camera(*scene.task, kSize), kSize);
  const Uploads first = uploads;
  CHECK(first.buffer_bytes > 10'000);  // ground and obstacles
  CHECK(first.textures > 0);           // light
  for (AvatarState* moved : {&scene.avatars[0].state, &scene.avatars[1].state}) {
    moved->feet.x() += 0.5F;
    renderer.draw(scene, top_camera(*scene.task, kSize), kSize);
  }
  CHECK(uploads.buffer_bytes == first.buffer_bytes);
  CHECK(uploads.textures == first.textures);
  scene.task = fixed_task();  // another one, though alike
  renderer.draw(scene, overview_camera(*scene.task, kSize), kSize);
  CHECK(uploads.buffer_bytes == 2 * first.buffer_bytes);
}

TEST_CASE("a frame of 1280x720 takes less than half a second of processor time over all cores") {
  // Drawn in software it takes about a tenth; on a graphics card next to nothing.
  constexpr int kFrames = 5;
  const OffscreenContext context;
  const RenderTarget target(kSize, DrawingQuality{}.samples);
  SceneRenderer renderer;
  const Scene scene = scene_with_rays();
  const auto draw = [&](const Camera& camera) {
    target.bind();
    renderer.draw(scene, camera, kSize);
    target.resolve();
    glFinish();
  };
  const AvatarState& learner = find_player(scene, 1)->state;
  for (const auto& [name, camera] :
       {std::pair{"overview", overview_camera(*scene.task, kSize)}, std::pair{"top", top_camera(*scene.task, kSize)},
        std::pair{"shoulder", shoulder_camera(*scene.task, learner)},
        std::pair{"first person", first_person_camera(learner)}}) {
    INFO(name);
    draw(camera);
    const std::clock_t begin = std::clock();  // of all threads of this process, whatever else runs on the machine
    for (int frame = 0; frame < kFrames; ++frame) draw(camera);
    CHECK(static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC / kFrames < 0.5);
  }
}
