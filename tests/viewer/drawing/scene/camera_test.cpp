#include "viewer/drawing/scene/camera.h"

#include <numbers>

#include "sim/generation/generate_task.h"
#include "tests/support/catch.h"
#include "tests/support/scene_helpers.h"

using namespace medal;

namespace {

constexpr PixelSize kSize{1280, 720};

bool inside(const std::optional<ScreenPoint>& point, PixelSize size) {
  return point && point->pixel.x() >= 0 && point->pixel.x() <= static_cast<float>(size.width) &&
         point->pixel.y() >= 0 && point->pixel.y() <= static_cast<float>(size.height);
}

}  // namespace

TEST_CASE("the target is in the middle of the picture, as far away as it is") {
  Camera camera;
  camera.eye = Vec3(3, -4, 5);
  camera.target = Vec3(-1, 2, 0.5F);
  const auto middle = project(camera, kSize, camera.target);
  REQUIRE(middle);
  CHECK(middle->pixel.x() == Approx(640).margin(0.01));
  CHECK(middle->pixel.y() == Approx(360).margin(0.01));
  CHECK(middle->depth == Approx((camera.eye - camera.target).norm()));
}

TEST_CASE("what lies behind the camera is nowhere") {
  Camera camera;
  camera.eye = Vec3::Zero();
  camera.target = Vec3(1, 0, 0);
  CHECK(project(camera, kSize, Vec3(2, 0, 0)));
  CHECK_FALSE(project(camera, kSize, Vec3(-2, 0, 0)));
}

TEST_CASE("left is left, up is up, and twice as far looks half as large") {
  Camera camera;
  camera.eye = Vec3::Zero();
  camera.target = Vec3(1, 0, 0);  // +Y is to the left then
  const auto near = project(camera, kSize, Vec3(2, 1, 1)), far = project(camera, kSize, Vec3(4, 1, 1));
  REQUIRE((near && far));
  CHECK(near->pixel.x() < 640);
  CHECK(near->pixel.y() < 360);
  CHECK(640 - near->pixel.x() == Approx(2 * (640 - far->pixel.x())));
  CHECK(360 - near->pixel.y() == Approx(2 * (360 - far->pixel.y())));
}

TEST_CASE("overview and top show the whole arena, whatever the picture's shape and the arena's size") {
  for (const PixelSize size : {PixelSize{1280, 720}, PixelSize{400, 400}, PixelSize{360, 640}})
    for (const float side : {8.0F, 20.0F, 32.0F}) {
      TaskParameters parameters;
      parameters.arena_size = side;
      parameters.goals = 3;
      parameters.goal_spacing = 2;
      parameters.goal_radius = 0.5F;
      parameters.upright_density = parameters.low_bar_density = parameters.overhead_bar_density = 0;
      parameters.bumpiness = 2;
      const Task task = generate_task(parameters, 3);
      for (const Camera& camera :
           {overview_camera(task, size), overview_camera(task, size, 1.0F), top_camera(task, size)})
        for (const float x : {-1.0F, 1.0F})
          for (const float y : {-1.0F, 1.0F}) {
            const float reach = task.terrain.half_size();
            CHECK(inside(project(camera, size, Vec3(x * reach, y * reach, task.terrain.height(x * reach, y * reach))),
                         size));
          }
    }
}

TEST_CASE("from above, north is up, and a metre is as long everywhere") {
  const auto task = fixed_task();
  const Camera camera = top_camera(*task, kSize);
  const auto at = [&](float x, float y, float z) { return project(camera, kSize, Vec3(x, y, z))->pixel; };
  CHECK(at(1, 0, 0).x() > at(0, 0, 0).x());
  CHECK(at(0, 1, 0).y() < at(0, 0, 0).y());
  CHECK(at(1, 0, 0).x() - at(0, 0, 0).x() == Approx(at(0, 0, 2).y() - at(0, 1, 2).y()).epsilon(0.001));
}

TEST_CASE("the camera behind the shoulder keeps out of ground, obstacles and walls, and sees the avatar") {
  const auto task = fixed_task();
  const float reach = task->terrain.half_size() - kAvatar.radius;
  int nearer = 0;
  for (float x = -reach; x <= reach; x += 0.9F)
    for (float y = -reach; y <= reach; y += 0.9F)
      for (int turn = 0; turn < 8; ++turn) {
        const AvatarState avatar =
            standing_at(*task, x, y, static_cast<float>(turn) * std::numbers::pi_v<float> / 4.0F);
        const Vec3 head = avatar.feet + Vec3(0, 0, avatar.height());
        const bool stands = std::none_of(task->obstacles.begin(), task->obstacles.end(), [&](const Obstacle& o) {
          return (o.center - head).norm() < o.half_extents.norm() + 0.5F;
        });
        if (!stands) continue;
        const Vec3 eye = shoulder_camera(*task, avatar).eye;
        const float distance = (eye - head).norm();
        nearer += distance < 4.5F ? 1 : 0;
        REQUIRE(eye.head<2>().cwiseAbs().maxCoeff() < task->terrain.half_size());
        REQUIRE(eye.z() > task->terrain.height(eye.x(), eye.y()) + 0.3F);
        // Nothing solid between the head and the eye.
        if (distance > 0.01F)
          REQUIRE(cast_ray_reference(*task, head, (eye - head) / distance, distance, {}).solid_distance < 0);
      }
  CHECK(nearer > 0);
}

TEST_CASE("in first person one looks from the eyes along the heading") {
  const auto task = fixed_task();
  AvatarState avatar = standing_at(*task, 0, 0, 1.2F);
  for (const bool crouching : {false, true}) {
    avatar.crouching = crouching;
    const Camera camera = first_person_camera(avatar);
    CHECK(camera.eye == avatar.eye());
    const auto ahead = project(camera, kSize, avatar.eye() + 5 * Vec3(std::cos(1.2F), std::sin(1.2F), 0));
    REQUIRE(ahead);
    CHECK(ahead->pixel.x() == Approx(640).margin(0.1));
    CHECK(ahead->pixel.y() == Approx(360).margin(0.1));
  }
}

TEST_CASE("gliding arrives, sooner in one step than never, and however time is cut") {
  Camera from, to;
  to.eye = Vec3(10, 0, 5);
  CHECK((glide(from, to, 0).eye - from.eye).norm() < 1e-5F);
  CHECK((glide(from, to, 10).eye - to.eye).norm() < 1e-3F);
  const Camera halves = glide(glide(from, to, 0.1F), to, 0.1F), whole = glide(from, to, 0.2F);
  CHECK((halves.eye - whole.eye).norm() < 1e-3F);
}
