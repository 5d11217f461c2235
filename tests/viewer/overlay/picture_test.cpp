#include <cstdlib>
#include <filesystem>

#include "tests/support/catch.h"
#include "tests/support/file_helpers.h"
#include "tests/support/places.h"
#include "tests/support/scene_helpers.h"
#include "viewer/overlay/studio.h"

using namespace medal;
namespace fs = std::filesystem;

namespace {

constexpr PixelSize kSmall{192, 108};

// Drivers differ in the last bit and in how they smooth edges; what is drawn wrongly differs by far more.
constexpr double kMeanTolerance = 1.5;  // of 255
constexpr double kOffTolerance = 0.01;  // share of the pixels

/// Against tests/viewer/drawing/pictures/NAME.png; MEDAL_UPDATE_PICTURES=1 writes that instead.
void check_picture(const std::string& name, const Image& image) {
  const fs::path stored = source_folder() / "tests/viewer/overlay/pictures" / (name + ".png");
  if (std::getenv("MEDAL_UPDATE_PICTURES") != nullptr) return write_png(stored, image);
  const ImageDifference difference = compare(read_png(stored), image);
  const bool same = difference.mean < kMeanTolerance && difference.off < kOffTolerance;
  const fs::path seen = fs::temp_directory_path() / ("medal_" + name + ".png");
  if (!same) write_png(seen, image);
  INFO("mean difference " << difference.mean << " of 255, " << 100 * difference.off << " % of the pixels off; compare "
                          << stored << " with " << seen);
  CHECK(same);
}

Camera behind_learner(const Scene& scene) { return shoulder_camera(*scene.task, find_player(scene, 1)->state); }

}  // namespace

TEST_CASE("fixed scenes look as they are stored, from every camera") {
  Studio studio(kSmall);
  const Scene scene = fixed_scene();
  check_picture("overview", studio.take(scene, overview_camera(*scene.task, kSmall)));
  check_picture("top", studio.take(scene, top_camera(*scene.task, kSmall)));
  check_picture("shoulder", studio.take(scene, behind_learner(scene)));
  check_picture("first_person", studio.take(scene, first_person_camera(find_player(scene, 1)->state)));
}

TEST_CASE("what the agent knows looks as it is stored") {
  Studio studio(kSmall);
  Scene scene = fixed_scene();
  scene.lidar = cast_lidar(scene, find_player(scene, 1)->state, LidarOptions{});
  scene.beliefs = {{find_player(scene, 1)->state.feet + Vec3(2.2F, -0.2F, 0), 0.6F}};
  find_player(scene, 0)->look = AvatarLook::ghost;
  scene.show_order = true;
  check_picture("knowledge", studio.take(scene, behind_learner(scene)));
}

TEST_CASE("everything that a scene holds is seen") {
  Studio studio(kSmall);
  const Scene plain = fixed_scene();
  const Camera camera = behind_learner(plain);
  const Image before = studio.take(plain, camera);
  const auto share_that_changes = [&](auto&& change) {
    Scene scene = plain;
    change(scene);
    return compare(before, studio.take(scene, camera)).off;
  };
  constexpr double kSeen = 0.002;
  CHECK(share_that_changes([](Scene&) {}) == 0);
  CHECK(share_that_changes([](Scene& s) { find_player(s, 0)->look = AvatarLook::hidden; }) > kSeen);
  CHECK(share_that_changes([](Scene& s) { find_player(s, 0)->look = AvatarLook::ghost; }) > kSeen);
  CHECK(share_that_changes([](Scene& s) { find_player(s, 0)->state.crouching = true; }) > kSeen);
  CHECK(share_that_changes([](Scene& s) { find_player(s, 0)->role = AvatarRole::learner; }) > kSeen);
  CHECK(share_that_changes([](Scene& s) { find_player(s, 0)->state.yaw += 3.14F; }) > 0.5 * kSeen);
  CHECK(share_that_changes([](Scene& s) { s.trails.clear(); }) > 0.5 * kSeen);
  CHECK(share_that_changes([](Scene& s) { s.goals[kEnteredGoal] = {-1, 0.3F, true}; }) > kSeen);
  CHECK(share_that_changes([](Scene& s) { s.goals[kEnteredGoal].last = false; }) > 0.5 * kSeen);
  CHECK(share_that_changes([](Scene& s) { s.show_order = true; }) > 0.5 * kSeen);
  CHECK(share_that_changes([](Scene& s) {
          s.beliefs = {{s.avatars[1].state.feet + Vec3(2.2F, -0.2F, 0), 1}};
        }) > kSeen);
  CHECK(share_that_changes([](Scene& s) { s.lidar = cast_lidar(s, s.avatars[1].state, LidarOptions{}); }) > kSeen);
}

TEST_CASE("tags, scores, legend and map stand over the picture, and larger where the picture is") {
  const Scene scene = fixed_scene();
  const Scoreboard board{12, 60, {{"expert", AvatarRole::expert, 0, 3, {{0, 1, 1}, {1, -1, 4}}}}};
  for (const PixelSize size : {PixelSize{640, 400}, PixelSize{1280, 720}}) {
    Studio studio(size);
    const Camera camera = overview_camera(*scene.task, size);
    const Image without = studio.take(scene, camera), with = studio.take(scene, board, camera);
    const double share = compare(without, with).off;
    CHECK(share > 0.05);
    CHECK(share < 0.35);
    CHECK(compare(with, studio.take(scene, board, camera)).off == 0);
  }
}

TEST_CASE("a blank picture is an error and is never written") {
  const TemporaryFolder folder("blank");
  const Image blank{{4, 4}, std::vector<std::uint8_t>(4 * 4 * 3, 77)};
  const std::string message = user_error_of([&] { write_png(folder.path / "a.png", blank); });
  CHECK(message.find("blank") != std::string::npos);
  CHECK(fs::is_empty(folder.path));
}

TEST_CASE("a picture written is the picture read") {
  const TemporaryFolder folder("png");
  Image image{{5, 3}, {}};
  for (int k = 0; k < 5 * 3 * 3; ++k) image.pixels.push_back(static_cast<std::uint8_t>(5 * k));
  write_png(folder.path / "a.png", image);
  CHECK(read_png(folder.path / "a.png").pixels == image.pixels);
  CHECK(user_error_of([&] { read_png(folder.path / "b.png"); }).find("b.png") != std::string::npos);
}

TEST_CASE("a picture too large for the driver is a user's mistake") {
  CHECK(user_error_of([] { Studio studio({1'000'000, 16}); }).find("1000000x16") != std::string::npos);
}
