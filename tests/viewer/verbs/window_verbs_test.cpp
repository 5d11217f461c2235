#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "agents/recordings/replay.h"
#include "tests/support/catch.h"
#include "tests/support/file_helpers.h"
#include "tests/support/places.h"
#include "tests/support/program_helpers.h"
#include "tests/viewer/verbs/display_helpers.h"
#include "viewer/drawing/pictures/image.h"
#include "viewer/drawing/scene/palette.h"

using namespace medal;
namespace fs = std::filesystem;
using nlohmann::json;

namespace {

constexpr double kPatience = 120;  // s, for anything on a busy machine

/// What the viewer has logged.
class LoggedGame {
 public:
  explicit LoggedGame(fs::path file) : file_(std::move(file)) {}

  /// Reads what has been added; false while no step has been played yet.
  bool read() {
    std::ifstream stream(file_);
    for (std::string line; std::getline(stream, line);) {
      if (stream.eof()) break;  // being written
      const json parsed = json::parse(line);
      (parsed.contains("goals") ? task : now) = parsed;
    }
    return !now.is_null();
  }
  double score(std::size_t avatar = 0) { return read() ? now["avatars"][avatar]["score"].get<double>() : 0; }
  bool seen() { return read() && now["avatars"][0]["seen"].get<bool>(); }

  json task, now;

 private:
  fs::path file_;
};

/// Presses and releases keys so that the person walks to goals.
class Walker {
 public:
  Walker(const VirtualScreen& screen, LoggedGame& game) : screen_(screen), game_(game) {}
  ~Walker() { steer(0, false); }

  /// False where it does not get there.
  bool walk_to(std::size_t goal) {
    const bool there = wait_until(
        [&] {
          if (!game_.read()) {
            steer(0, true);
            return false;
          }
          const json &me = game_.now["avatars"][0], &target = game_.task["goals"][goal];
          const double x = target[0].get<double>() - me["x"].get<double>();
          const double y = target[1].get<double>() - me["y"].get<double>();
          if (std::hypot(x, y) < 0.7) return true;
          const double error = std::remainder(std::atan2(y, x) - me["yaw"].get<double>(), 2 * M_PI);
          steer(std::abs(error) < 0.3 ? 0 : error > 0 ? 1 : -1, std::abs(error) < 0.6);
          return false;
        },
        kPatience);
    steer(0, false);
    return there;
  }

 private:
  void steer(int turn, bool forward) {
    hold("Left", turn > 0, left_);
    hold("Right", turn < 0, right_);
    hold("w", forward, forward_);
  }
  void hold(const std::string& key, bool down, bool& is_down) {
    if (down != is_down) screen_.operate({down ? "keydown" : "keyup", key});
    is_down = down;
  }

  const VirtualScreen& screen_;
  LoggedGame& game_;
  bool left_ = false, right_ = false, forward_ = false;
};

std::string text_of(const fs::path& file) {
  std::ifstream stream(file);
  return {std::istreambuf_iterator<char>(stream), {}};
}

constexpr int kPanelWidth = 374;  // pixels, of `watch`

/// The columns begin .. end - 1.
Image columns(const Image& image, int begin, int end) {
  Image part{{end - begin, image.size.height}, {}};
  for (int row = 0; row < image.size.height; ++row) {
    const auto line = image.pixels.begin() + static_cast<std::ptrdiff_t>(row) * image.size.width * 3;
    part.pixels.insert(part.pixels.end(), line + begin * 3, line + end * 3);
  }
  return part;
}

double off_between(const Image& a, const Image& b, int begin, int end) {
  return compare(columns(a, begin, end), columns(b, begin, end)).off;
}

/// How much of the right half differs from the left one.
double halves_differ(const Image& image) {
  const int middle = image.size.width / 2;
  return compare(columns(image, 0, middle), columns(image, middle, 2 * middle)).off;
}

/// Pixels that have a colour (sRGB), of the scores' discs for instance.
int pixels_of(const Image& image, const Vec3& colour) {
  int found = 0;
  for (std::size_t i = 0; i < image.pixels.size(); i += 3) {
    const Vec3 pixel(image.pixels[i], image.pixels[i + 1], image.pixels[i + 2]);
    found += (pixel - 255 * colour).cwiseAbs().maxCoeff() < 3 ? 1 : 0;
  }
  return found;
}

}  // namespace

TEST_CASE("a person plays the expert in a window, by keys alone, and the recording probes an agent") {
  const TemporaryFolder folder("play_window");
  const ChildResult trained = run_medal(folder.path, tiny_training("tiny", {"--steps", "2048", "--ranks", "1"}));
  INFO(trained.errors);
  REQUIRE(trained.exit_code == 0);

  const VirtualScreen screen(folder.path);
  // Three goals in a cycle: it pays to go round either way.
  BackgroundProgram viewer(
      folder.path,
      "LIBGL_ALWAYS_SOFTWARE=1 DISPLAY=" + screen.display() + " exec '" + viewer_path().string() +
          "' play runs/tiny --size 640x360 --log game.jsonl --seed 5 --set task.arena_size=10"
          " --set task.goals=3 --set task.goal_spacing=3 --set task.bumpiness=0 --set task.upright_density=0"
          " --set task.low_bar_density=0 --set task.overhead_bar_density=0 --set task.episode_seconds=120"
          " >viewer.txt 2>errors.txt");
  const ChildResult found =
      screen.operate({"search", "--sync", "--onlyvisible", "--name", "Medal: play", "windowfocus"});
  INFO(found.errors << text_of(folder.path / "errors.txt"));
  REQUIRE(found.exit_code == 0);

  LoggedGame game(folder.path / "game.jsonl");
  {
    Walker person(screen, game);
    REQUIRE(person.walk_to(0));
    REQUIRE(person.walk_to(1));
    REQUIRE(person.walk_to(2));
  }
  CHECK(game.task["goals"].size() == 3);
  const double score = game.score();
  CHECK(score >= 2);

  CHECK(game.seen());
  screen.operate({"key", "v"});
  CHECK(wait_until([&] { return !game.seen(); }, kPatience));
  screen.operate({"key", "v"});
  CHECK(wait_until([&] { return game.seen(); }, kPatience));

  // Everything that can be opened and looked through, without harm to the game.
  for (const char* key : {"F1", "F1", "Tab", "Tab", "Tab", "Tab", "k", "k", "l", "m", "o", "p", "p"})
    screen.operate({"key", "--delay", "60", key});
  screen.operate({"key", "q"});
  CHECK(viewer.wait(kPatience) == 0);
  CHECK(text_of(folder.path / "errors.txt").empty());
  CHECK(text_of(folder.path / "viewer.txt") == "recorded to recordings/expert-seed5.replay\n");

  const Replay recording = load_replay(folder.path / "recordings/expert-seed5.replay");
  CHECK(recording.expert_player == "person");
  REQUIRE(recording.toggles.size() == 2);
  CHECK_FALSE(recording.toggles[0].visible);
  CHECK(recording.toggles[1].visible);
  CHECK(find_differences(recording).state == -1);

  const ChildResult evaluated = run_medal(folder.path, {"eval", "tiny", "--probe", "recordings/expert-seed5.replay",
                                                        "--set", "evaluation.minimum_expert_score=1"});
  INFO(evaluated.errors);
  CHECK(evaluated.exit_code == 0);
  CHECK(text_of(folder.path / "stdout.txt").find("CT") != std::string::npos);
}

TEST_CASE("an agent that ships has learnt the order from a person's two laps and goes on when the person vanishes") {
  const TemporaryFolder folder("taught_window");
  const VirtualScreen screen(folder.path);
  BackgroundProgram viewer(folder.path,
                           "LIBGL_ALWAYS_SOFTWARE=1 DISPLAY=" + screen.display() + " exec '" + viewer_path().string() +
                               "' play '" + (source_folder() / "agents/pretrained/medal").string() +
                               "' --size 640x360 --log game.jsonl --seed 4 --set task.arena_size=14 --set task.goals=4"
                               " --set task.bumpiness=0.25 --set task.episode_seconds=240 >viewer.txt 2>errors.txt");
  const ChildResult found =
      screen.operate({"search", "--sync", "--onlyvisible", "--name", "Medal: play", "windowfocus"});
  INFO(found.errors << text_of(folder.path / "errors.txt"));
  REQUIRE(found.exit_code == 0);
  LoggedGame game(folder.path / "game.jsonl");
  {
    Walker person(screen, game);
    REQUIRE(wait_until(
        [&] {
          screen.operate({"key", "w"});  // time begins with the first step
          return game.read();
        },
        kPatience));
    const json order = game.task["order"];  // a copy: reading the game replaces it
    for (int lap = 0; lap < 2; ++lap)
      for (const json& goal : order) REQUIRE(person.walk_to(goal.get<std::size_t>()));
  }
  CHECK(game.score() >= 4);
  screen.operate({"key", "v"});
  REQUIRE(wait_until([&] { return !game.seen(); }, kPatience));
  const double before = game.score(1);
  // A lap alone. Whoever enters goals at random would lose: with 4 goals one entry in two is wrong.
  CHECK(wait_until([&] { return game.score(1) >= before + 4; }, kPatience));
  screen.operate({"key", "q"});
  CHECK(viewer.wait(kPatience) == 0);
}

TEST_CASE("watch and replay open their windows and close them, and the sliders' task is the one of the command line") {
  const TemporaryFolder folder("watch_window");
  const VirtualScreen screen(folder.path);
  const auto run = [&](const std::string& arguments, const std::string& size = "640x360") {
    BackgroundProgram viewer(folder.path, "LIBGL_ALWAYS_SOFTWARE=1 DISPLAY=" + screen.display() + " exec '" +
                                              viewer_path().string() + "' " + arguments + " --frames 25 --size " +
                                              size + " >viewer.txt 2>errors.txt");
    const int exit_code = viewer.wait(kPatience);
    INFO(arguments << ": " << text_of(folder.path / "errors.txt"));
    CHECK(exit_code == 0);
    CHECK(text_of(folder.path / "viewer.txt").find("25 frames of " + size) != std::string::npos);
  };
  // Room for the world between the panels, and for the scores with their discs.
  run("watch --expert noisy --presence three --screenshot a.png", "1280x720");
  run("watch --expert noisy --presence three --seed 2 --screenshot b.png", "1280x720");
  const Image first = read_png(folder.path / "a.png"), second = read_png(folder.path / "b.png");
  CHECK(first.size == PixelSize{1280, 720});
  // The panel has the same knobs for both, beside it stand two worlds.
  CHECK(off_between(first, second, 0, kPanelWidth) < 0.02);
  CHECK(off_between(first, second, kPanelWidth, 950) > 0.1);
  CHECK(pixels_of(first, Palette{}.expert) > 20);
  run("watch --screenshot small.png");

  run("play --as learner --screenshot play.png");
  run("replay recordings/learner-seed1.replay --screenshot replay.png");
  run("replay recordings/learner-seed1.replay recordings/learner-seed1.replay --screenshot both.png");
  const Image both = read_png(folder.path / "both.png");
  CHECK(halves_differ(read_png(folder.path / "play.png")) > 0.2);
  CHECK(halves_differ(read_png(folder.path / "replay.png")) > 0.2);
  CHECK(halves_differ(both) < 0.1);  // the same recording on both sides
}

TEST_CASE("a person who names no agent plays with the one that ships, and watches it") {
  const TemporaryFolder folder("shipped_window");
  REQUIRE(run_medal(folder.path, tiny_training("tiny", {"--steps", "2048", "--ranks", "1"})).exit_code == 0);
  REQUIRE(run_medal(folder.path, {"export", "tiny", "agents/pretrained/medal"}).exit_code == 0);
  const VirtualScreen screen(folder.path);
  const auto view = [&](const std::string& arguments) {
    BackgroundProgram viewer(folder.path, "LIBGL_ALWAYS_SOFTWARE=1 DISPLAY=" + screen.display() + " exec '" +
                                              viewer_path().string() + "' " + arguments +
                                              " --frames 25 --size 640x360 >viewer.txt 2>errors.txt");
    INFO(arguments << ": " << text_of(folder.path / "errors.txt"));
    CHECK(viewer.wait(kPatience) == 0);
  };
  view("play");
  const Replay met = load_replay(folder.path / "recordings/expert-seed1.replay");
  REQUIRE(met.learner_players.size() == 1);
  CHECK(met.learner_players[0].starts_with("medal after"));
  view("play --against nobody --seed 2");
  CHECK(load_replay(folder.path / "recordings/expert-seed2.replay").learner_players[0] == "nobody");
  view("watch agents/pretrained/medal");
  view("watch");
  view("watch nobody");
}

TEST_CASE("without a screen, one line says so and names what works without") {
  const TemporaryFolder folder("no_window");
  const ChildResult result =
      run_child({"env", "-u", "DISPLAY", "-u", "WAYLAND_DISPLAY", viewer_path().string(), "play"});
  CHECK(result.exit_code == 2);
  CHECK(std::count(result.errors.begin(), result.errors.end(), '\n') == 1);
  for (const char* word : {"medal-viewer:", "DISPLAY", "medal viewer picture"}) {
    INFO(result.errors);
    CHECK(result.errors.find(word) != std::string::npos);
  }
}

TEST_CASE("mistakes on the command line of the window's verbs are said in one line, before a window opens") {
  const TemporaryFolder folder("bad_window");
  std::ofstream(folder.path / "foreign.replay") << "no replay";
  const auto fails = [&](std::vector<std::string> arguments, const std::string& word) {
    std::vector<std::string> command = {"env", "-u", "DISPLAY", viewer_path().string()};
    command.insert(command.end(), arguments.begin(), arguments.end());
    const ChildResult result = run_child(command);
    INFO(result.errors);
    CHECK(result.exit_code == 2);
    CHECK(std::count(result.errors.begin(), result.errors.end(), '\n') == 1);
    CHECK(result.errors.find(word) != std::string::npos);
  };
  fails({"play", "no_such_run"}, "no_such_run");
  fails({"play", "--as", "teacher"}, "teacher");
  fails({"play", "--set", "task.gaols=4"}, "goals");
  fails({"play", "--size", "large"}, "1280x720");
  fails({"watch", "--expert", "perfekt"}, "perfekt");
  fails({"watch", "--presence", "never"}, "never");
  fails({"watch", "--learners", "99"}, "99");
  fails({"replay"}, "files");
  fails({"replay", "missing.replay"}, "missing.replay");
  fails({"replay", (folder.path / "foreign.replay").string()}, "foreign.replay");
}
