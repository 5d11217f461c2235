#include <chrono>
#include <cstdio>
#include <ctime>

#include "tests/support/catch.h"
#include "tests/support/scene_helpers.h"
#include "viewer/drawing/renderer/offscreen_context.h"
#include "viewer/drawing/renderer/render_target.h"
#include "viewer/drawing/renderer/scene_renderer.h"

using namespace medal;

// Left out by default, since it measures the machine too: test_viewer "[timing]".
TEST_CASE("a frame of 1280x720 takes less than a fifteenth of a second", "[.timing]") {
  constexpr PixelSize kSize{1280, 720};
  constexpr int kFrames = 30;
  const OffscreenContext context;
  const RenderTarget target(kSize, DrawingQuality{}.samples);
  SceneRenderer renderer;
  Scene scene = fixed_scene();
  scene.lidar = cast_lidar(scene, find_player(scene, 1)->state, LidarOptions{});
  const auto draw = [&](const Camera& camera) {
    target.bind();
    renderer.draw(scene, camera, kSize);
    target.resolve();
    glFinish();
  };
  const AvatarState& learner = find_player(scene, 1)->state;
  std::printf("drawn by %s\n", reinterpret_cast<const char*>(glGetString(GL_RENDERER)));
  for (const auto& [name, camera] :
       {std::pair{"overview", overview_camera(*scene.task, kSize)}, std::pair{"top", top_camera(*scene.task, kSize)},
        std::pair{"shoulder", shoulder_camera(*scene.task, learner)},
        std::pair{"first person", first_person_camera(learner)}}) {
    draw(camera);
    const std::clock_t processor = std::clock();
    const auto begin = std::chrono::steady_clock::now();
    for (int frame = 0; frame < kFrames; ++frame) draw(camera);
    const std::chrono::duration<double, std::milli> time = std::chrono::steady_clock::now() - begin;
    std::printf("%-13s %.1f ms a frame, %.1f ms of processor time over all cores\n", name, time.count() / kFrames,
                1000.0 * static_cast<double>(std::clock() - processor) / CLOCKS_PER_SEC / kFrames);
    CHECK(time.count() / kFrames < 1000.0 / 15.0);
  }
}
