#include "viewer/window/follow_camera.h"

#include <algorithm>
#include <cmath>

#include "tests/support/catch.h"
#include "tests/support/view_helpers.h"

using namespace medal;

TEST_CASE("behind the shoulder, turning is followed at once and walking smoothly; looking up stops at the neck") {
  const SessionView view = small_view(0);
  AvatarState avatar;
  avatar.feet = Vec3(0, 0, 0);
  FollowCamera camera(CameraKind::shoulder);
  const PixelSize size;
  const Camera before = camera.update(*view.task, &avatar, size, 0.05);
  avatar.yaw = 1.0F;
  const Camera turned = camera.update(*view.task, &avatar, size, 0.05);
  const Vec3 ahead = (turned.target - turned.eye).normalized();
  CHECK(std::atan2(ahead.y(), ahead.x()) == Approx(1.0F).margin(0.02F));
  CHECK((before.target - before.eye).normalized().x() > 0.8F);
  camera.set_kind(CameraKind::first_person);
  camera.tilt(10);
  const Camera up = camera.update(*view.task, &avatar, size, 0.05);
  const float angle = std::asin((up.target - up.eye).normalized().z());
  CHECK(angle > 0.9F);
  CHECK(angle < 1.1F);
}

TEST_CASE("the tab key leads through all cameras and back") {
  FollowCamera camera(CameraKind::shoulder);
  std::vector<CameraKind> seen;
  for (int k = 0; k < 4; ++k) {
    seen.push_back(camera.kind());
    camera.next_kind();
  }
  CHECK(camera.kind() == CameraKind::shoulder);
  std::sort(seen.begin(), seen.end());
  CHECK(std::unique(seen.begin(), seen.end()) == seen.end());
}
