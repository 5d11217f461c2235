#include <sstream>

#include "experiments/processes/child_process.h"
#include "tests/support/catch.h"
#include "tests/support/picture_helpers.h"
#include "tests/support/places.h"
#include "tests/support/played_replay.h"
#include "viewer/drawing/pictures/image.h"
#include "viewer/overlay/studio.h"
#include "viewer/verbs/shot.h"
#include "viewer/window/view_scene.h"

using namespace medal;
namespace fs = std::filesystem;

namespace {

/// Runs a program in `folder`; its stdout goes to folder/stdout.txt.
ChildResult run_in(const fs::path& folder, const std::string& program, const std::vector<std::string>& arguments) {
  std::vector<std::string> command = {"/bin/sh", "-c", "cd \"$0\" && exec \"$@\" >stdout.txt", folder.string(),
                                      program};
  command.insert(command.end(), arguments.begin(), arguments.end());
  return run_child(command);
}

ChildResult view(const fs::path& folder, const std::vector<std::string>& arguments) {
  return run_in(folder, viewer_path().string(), arguments);
}

void save_follower(const fs::path& file) { save_replay(file, record_follower(6)); }

/// Checks that it is refused in one line that holds the words, and that nothing is left.
void check_refused(const std::vector<std::string>& arguments, const std::vector<std::string>& words) {
  const TemporaryFolder folder("viewer");
  const ChildResult result = view(folder.path, arguments);
  INFO(arguments.back() << ": " << result.errors);
  CHECK(result.exit_code == 2);
  CHECK(result.errors.starts_with("medal-viewer: "));
  CHECK(std::count(result.errors.begin(), result.errors.end(), '\n') == 1);
  for (const std::string& word : words) CHECK(result.errors.find(word) != std::string::npos);
  CHECK(files_in(folder.path) == 1);  // stdout.txt
}

}  // namespace

TEST_CASE("picture draws a task by its seed: the same twice, another for another seed") {
  const TemporaryFolder folder("viewer");
  const auto draw = [&](const std::string& seed, const std::string& out) {
    const ChildResult result = view(folder.path, {"picture", "--seed", seed, "--out", out, "--size", "320x180", "--set",
                                                  "evaluation.task.goals=3", "--camera", "top"});
    INFO(result.errors);
    REQUIRE(result.exit_code == 0);
    return read_png(folder.path / out);
  };
  const Image first = draw("4", "a.png"), again = draw("4", "b.png"), other = draw("5", "c.png");
  CHECK(first.size == PixelSize{320, 180});
  CHECK(compare(first, again).mean == 0);
  CHECK(compare(first, other).off > 0.1);
}

TEST_CASE("a replay is drawn from the camera, at the moment and with the extras that are asked for") {
  const TemporaryFolder folder("viewer");
  save_follower(folder.path / "a.replay");
  const auto draw = [&](const std::vector<std::string>& choices) {
    std::vector<std::string> arguments = {"picture", "--replay", "a.replay", "--out", "a.png", "--size", "320x180"};
    arguments.insert(arguments.end(), choices.begin(), choices.end());
    const ChildResult result = view(folder.path, arguments);
    INFO(result.errors);
    REQUIRE(result.exit_code == 0);
    return read_png(folder.path / "a.png");
  };
  ShotOptions options;
  options.replay = (folder.path / "a.replay").string();
  options.size = "320x180";
  options.camera = "shoulder";
  options.at = 4.5;
  options.lidar = options.order = true;
  const Shot shot(options, 0);
  const SessionView moment = shot.view(4.5);
  const Scene scene = shot.scene(moment);
  Studio studio(shot.size());
  const Image wanted = studio.take(scene, scoreboard_of(moment), shot.camera(scene));
  const Image asked = draw({"--camera", "shoulder", "--at", "4.5", "--lidar", "--order"});
  CHECK(compare(wanted, asked).mean == 0);
  CHECK(compare(asked, draw({"--camera", "overview", "--at", "4.5", "--lidar", "--order"})).off > 0.1);
  CHECK(compare(asked, draw({"--camera", "shoulder", "--at", "1", "--lidar", "--order"})).off > 0.1);
  CHECK(compare(asked, draw({"--camera", "shoulder", "--at", "4.5", "--order"})).off > 0.005);
  CHECK(compare(asked, draw({"--camera", "shoulder", "--at", "4.5", "--lidar"})).off > 0.001);
}

TEST_CASE("video has the frames and the size that were asked for") {
  const TemporaryFolder folder("viewer");
  save_follower(folder.path / "a.replay");
  for (const std::string out : {"a.mp4", "a.gif"}) {
    const ChildResult result = view(folder.path, {"video", "--replay", "a.replay", "--out", out, "--size", "160x90",
                                                  "--at", "2", "--seconds", "1.5", "--fps", "10", "--plain"});
    INFO(result.errors);
    REQUIRE(result.exit_code == 0);
    const ChildResult probe = run_in(
        folder.path, "ffprobe",
        {"-v", "error", "-count_frames", "-show_entries", "stream=width,height,nb_read_frames", "-of", "csv=p=0", out});
    REQUIRE(probe.exit_code == 0);
    CHECK(content_of(folder.path / "stdout.txt").substr(0, 9) == "160,90,15");
  }
}

TEST_CASE("a video ends with its episode") {
  const TemporaryFolder folder("viewer");
  save_follower(folder.path / "a.replay");
  const ChildResult result = view(folder.path, {"video", "--replay", "a.replay", "--out", "a.mp4", "--size", "64x64",
                                                "--at", "5", "--seconds", "60", "--fps", "5"});
  REQUIRE(result.exit_code == 0);
  CHECK(content_of(folder.path / "stdout.txt").find(" 5 frames") != std::string::npos);
}

TEST_CASE("page makes one file of a replay, and says how long and how large it is") {
  const TemporaryFolder folder("viewer");
  save_follower(folder.path / "a.replay");
  const ChildResult result = view(folder.path, {"page", "a.replay", "--out", "a.html"});
  INFO(result.errors);
  REQUIRE(result.exit_code == 0);
  CHECK(content_of(folder.path / "stdout.txt").starts_with("a.html  6.0 s, "));
  CHECK(content_of(folder.path / "a.html").starts_with("<!doctype html>"));
  CHECK(files_in(folder.path) == 3);
}

TEST_CASE("every mistake on the viewer's command line is one line that names it") {
  check_refused({"pictrue"}, {"pictrue", "picture"});
  check_refused({"picture"}, {"--out"});
  check_refused({"picture", "--out", "a.png", "--camera", "behind"}, {"behind", "shoulder"});
  check_refused({"picture", "--out", "a.png", "--size", "12by4"}, {"12by4", "1280x720"});
  check_refused({"picture", "--out", "a.png", "--size", "0x720"}, {"0x720", "1280x720"});
  check_refused({"picture", "--out", "a.png", "--at", "61"}, {"--at 61", "60 s"});
  check_refused({"picture", "--out", "a.png", "--at", "-1"}, {"--at", "-1"});
  check_refused({"picture", "--out", "a.png", "--seed", "x"}, {"--seed", "x"});
  check_refused({"picture", "--out", "a.png", "--follow", "2"}, {"--follow 2", "expert"});
  check_refused({"picture", "--out", "a.png", "--learners", "99"}, {"--learners", "16"});
  check_refused({"picture", "--out", "a.png", "--config", "qiuck"}, {"qiuck", "quick"});
  check_refused({"picture", "--out", "a.png", "--set", "task.gaols=4"}, {"gaols", "goals"});
  check_refused({"picture", "--out", "a.png", "--replay", "no.replay"}, {"no.replay"});
  check_refused({"picture", "--out", "a.png", "--replay", "no.replay", "--set", "task.goals=4"}, {"--set", "--replay"});
  check_refused({"picture", "--out", "no/a.png"}, {"no/a.png", "folder"});
  check_refused({"page", "no.replay", "--out", "a.html"}, {"no.replay"});
  check_refused({"page", "no.replay"}, {"--out"});
  check_refused({"page", "no.replay", "--out", "no/a.html"}, {"no/a.html", "folder"});
  check_refused({"video", "--out", "a.avi"}, {"a.avi", ".mp4"});
  check_refused({"video", "--out", "no/a.mp4"}, {"no/a.mp4", "folder"});
  check_refused({"video", "--out", "a.mp4", "--fps", "0"}, {"--fps", "0"});
  check_refused({"video", "--out", "a.mp4", "--seconds", "0"}, {"--seconds", "0"});
}

TEST_CASE("without any OpenGL driver a picture is one line of complaint, not a blank file") {
  const Variable none("__EGL_VENDOR_LIBRARY_FILENAMES", "/nonexistent"),
      nowhere("__EGL_VENDOR_LIBRARY_DIRS", "/nonexistent");
  check_refused({"picture", "--out", "a.png"}, {"nothing can be drawn", "install"});
}

TEST_CASE("without ffmpeg a video is one line of complaint") {
  const TemporaryFolder empty("path");
  const Variable only("PATH", empty.path.string());
  check_refused({"video", "--out", "a.mp4", "--seconds", "0.2", "--size", "64x64"}, {"ffmpeg", "install"});
}

TEST_CASE("a replay that does not come out as recorded is not drawn") {
  const TemporaryFolder folder("replay");
  Replay replay = record_follower(3);
  replay.expert_actions[10].forward -= 0.5F;
  save_replay(folder.path / "a.replay", replay);
  check_refused({"picture", "--replay", (folder.path / "a.replay").string(), "--out", "a.png", "--at", "1"},
                {"a.replay", "step 10"});
}
