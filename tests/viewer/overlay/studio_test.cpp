#include "viewer/overlay/studio.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "tests/support/catch.h"
#include "tests/support/file_helpers.h"
#include "tests/support/places.h"
#include "tests/support/scene_helpers.h"

using namespace medal;
namespace fs = std::filesystem;

namespace {

constexpr PixelSize kSmall{192, 108};

// Drivers differ in the last bit and in how they smooth edges; what is drawn wrongly differs by more.
constexpr double kMeanTolerance = 1.5;   // of 255
constexpr double kOffTolerance = 0.003;  // share of the pixels

bool same(const Image& a, const Image& b) {
  const ImageDifference difference = compare(a, b);
  return difference.mean < kMeanTolerance && difference.off < kOffTolerance;
}

fs::path stored_picture(const std::string& name) {
  return source_folder() / "tests/viewer/overlay/pictures" / (name + ".png");
}

/// Against the stored one; MEDAL_UPDATE_PICTURES=1 writes that instead.
void check_picture(const std::string& name, const Image& image) {
  const fs::path stored = stored_picture(name);
  if (std::getenv("MEDAL_UPDATE_PICTURES") != nullptr) return write_png(stored, image);
  const Image wanted = read_png(stored);
  const ImageDifference difference = compare(wanted, image);
  const fs::path seen = fs::temp_directory_path() / ("medal_" + name + ".png");
  if (!same(wanted, image)) write_png(seen, image);
  INFO("mean difference " << difference.mean << " of 255, " << 100 * difference.off << " % of the pixels off; compare "
                          << stored << " with " << seen);
  CHECK(same(wanted, image));
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

TEST_CASE(
    "a white picture, one that is upside down and one in which a body is missing are not taken for the stored ones") {
  Studio studio(kSmall);
  for (const std::string name : {"overview", "top", "shoulder", "first_person", "knowledge"}) {
    INFO(name);
    const Image stored = read_png(stored_picture(name));
    CHECK_FALSE(same(stored, Image{kSmall, std::vector<std::uint8_t>(stored.pixels.size(), 255)}));
    Image turned = stored;
    std::reverse(turned.pixels.begin(), turned.pixels.end());
    CHECK_FALSE(same(stored, turned));
  }
  Scene scene = fixed_scene();
  const Camera behind = behind_learner(scene);
  find_player(scene, 0)->look = AvatarLook::hidden;
  CHECK_FALSE(same(read_png(stored_picture("overview")), studio.take(scene, overview_camera(*scene.task, kSmall))));
  CHECK_FALSE(same(read_png(stored_picture("top")), studio.take(scene, top_camera(*scene.task, kSmall))));
  CHECK_FALSE(same(read_png(stored_picture("shoulder")), studio.take(scene, behind)));
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

namespace {

/// Share of the pixels that differ clearly in a part of two pictures; corners in shares of the whole.
double off_within(const Image& a, const Image& b, Vec2 low, Vec2 high) {
  const auto pixel = [&](float share, int most) { return static_cast<int>(share * static_cast<float>(most)); };
  Image left, right;
  for (int y = pixel(low.y(), a.size.height); y < pixel(high.y(), a.size.height); ++y)
    for (int x = pixel(low.x(), a.size.width); x < pixel(high.x(), a.size.width); ++x)
      for (int channel = 0; channel < 3; ++channel) {
        const auto place = static_cast<std::size_t>((y * a.size.width + x) * 3 + channel);
        left.pixels.push_back(a.pixels[place]);
        right.pixels.push_back(b.pixels[place]);
      }
  return compare(left, right).off;
}

}  // namespace

TEST_CASE("scores stand at the upper left, the legend at the lower left, the map at the lower right of every picture") {
  Scene scene = fixed_scene();
  for (SceneAvatar& avatar : scene.avatars) avatar.name.clear();  // no tags
  scene.goals[kEnteredGoal].reward = 0;                           // nor a sign
  const Scoreboard board{12, 60, {{"expert", AvatarRole::expert, 0, 3, {{0, 1, 1}, {1, -1, 4}}}}};
  Scoreboard other = board;
  other.players[0].score = 8;
  // As large in proportion: what it measures in pixels grows with the picture.
  for (const PixelSize size : {PixelSize{896, 504}, PixelSize{1280, 720}, PixelSize{1920, 1080}}) {
    INFO(size.width << "x" << size.height);
    Studio studio(size);
    const Camera camera = overview_camera(*scene.task, size);
    const Image without = studio.take(scene, camera), with = studio.take(scene, board, camera);
    CHECK(off_within(without, with, {0.02F, 0.03F}, {0.2F, 0.1F}) > 0.9);
    CHECK(off_within(without, with, {0.02F, 0.9F}, {0.1F, 0.97F}) > 0.9);
    CHECK(off_within(without, with, {0.85F, 0.75F}, {0.98F, 0.97F}) > 0.7);
    CHECK(off_within(without, with, {0.3F, 0.15F}, {0.8F, 0.7F}) == 0);
    CHECK(off_within(without, with, {0.5F, 0}, {1, 0.6F}) == 0);
    CHECK(compare(with, studio.take(scene, board, camera)).off == 0);
    const Image changed = studio.take(scene, other, camera);
    CHECK(off_within(with, changed, {0, 0}, {0.3F, 0.15F}) > 0);
    CHECK(off_within(with, changed, {0, 0.15F}, {1, 1}) == 0);
  }
}

TEST_CASE("a picture too large for the driver is a user's mistake") {
  CHECK(user_error_of([] { Studio studio({1'000'000, 16}); }).find("1000000x16") != std::string::npos);
}
