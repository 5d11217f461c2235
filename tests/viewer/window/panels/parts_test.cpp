#include <algorithm>

#include "tests/support/catch.h"
#include "tests/support/view_helpers.h"
#include "viewer/window/follow_camera.h"
#include "viewer/window/frame_times.h"
#include "viewer/window/panels/cell_strip.h"
#include "viewer/window/panels/knobs.h"

using namespace medal;

namespace {

Knob& find(std::vector<Knob>& knobs, std::string_view name) {
  return *std::find_if(knobs.begin(), knobs.end(), [&](const Knob& knob) { return knob.field.name == name; });
}

}  // namespace

TEST_CASE("there is a knob for every declared parameter, with its value, and knobs give the same parameters back") {
  TaskParameters parameters;
  parameters.goals = 7;
  parameters.expert = ExpertKind::noisy;
  std::vector<Knob> knobs = knobs_of(parameters);
  std::size_t declared = 0;
  describe(parameters, [&](const Field&, auto&) { ++declared; });
  CHECK(knobs.size() == declared);
  CHECK(std::get<int>(find(knobs, "goals").value) == 7);
  CHECK(find(knobs, "expert").is_choice());
  CHECK(with_knobs(TaskParameters{}, knobs) == parameters);
}

TEST_CASE("a turned knob changes its parameter alone, within its range") {
  std::vector<Knob> knobs = knobs_of({});
  find(knobs, "arena_size").value = 1000.0F;
  find(knobs, "presence").value = 2;
  TaskParameters wanted;
  wanted.arena_size = 32;
  wanted.presence = PresenceKind::solo;
  CHECK(with_knobs(TaskParameters{}, knobs) == wanted);
}

TEST_CASE("labels have units, help has range and the name for --set") {
  std::vector<Knob> knobs = knobs_of({});
  CHECK(knob_label(find(knobs, "arena_size").field) == "arena size [m]");
  CHECK(knob_label(find(knobs, "goals").field) == "goals");
  const std::string help = knob_help(find(knobs, "arena_size").field);
  CHECK(help.find("8 .. 32 m") != std::string::npos);
  CHECK(help.find("task.arena_size") != std::string::npos);
}

TEST_CASE("samples fall while frames are slow, down to one, and stay while they are fast") {
  SampleGovernor slow(4), fast(4);
  for (int k = 0; k < SampleGovernor::kFrames; ++k) {
    slow.update(0.1);
    fast.update(0.02);
  }
  CHECK(slow.samples() == 2);
  CHECK(fast.samples() == 4);
  for (int k = 0; k < 10 * SampleGovernor::kFrames; ++k) slow.update(0.1);
  CHECK(slow.samples() == 1);
  for (int k = 0; k < 10 * SampleGovernor::kFrames; ++k) slow.update(0.01);
  CHECK(slow.samples() == 1);
}

TEST_CASE("frame times tell rate and quantiles") {
  FrameTimes times;
  CHECK(times.frames_per_second() == 0);
  for (int k = 0; k < 99; ++k) times.add(0.02);
  times.add(0.52);
  CHECK(times.frames_per_second() == Approx(40).epsilon(0.01));
  CHECK(times.quantile(0.5) == Approx(0.02));
  CHECK(times.quantile(1) == Approx(0.52));
}

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

TEST_CASE("the picture of a memory has a column for each step and a row for each cell, by sign") {
  AgentKnowledge knowledge;
  for (const float cell : {0.0F, 2.0F, -2.0F}) {
    auto thought = std::make_shared<AgentThought>();
    thought->cells = {cell, 0.0F};
    knowledge.history.push_back(thought);
  }
  const CellPicture picture = cell_picture(knowledge, 2);
  REQUIRE(picture.steps == 2);
  REQUIRE(picture.cells == 2);
  REQUIRE(picture.pixels.size() == 16);
  CHECK(picture.pixels[0] > picture.pixels[2]);  // +2: orange
  CHECK(picture.pixels[4] < picture.pixels[6]);  // -2: blue
  CHECK(picture.pixels[8] < 40);                 // 0: dark
}
