#include "experiments/plots/plots.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>

#include "tests/support/catch.h"
#include "tests/support/drawn.h"
#include "tests/support/picture_helpers.h"

using namespace medal;
namespace fs = std::filesystem;

namespace {

constexpr const char* kBlue = "#0072b2";
constexpr const char* kRed = "#d55e00";

/// A short run with both kinds of rows, and the torn line that a killed one leaves.
fs::path write_run(const fs::path& folder) {
  fs::create_directories(folder);
  std::ofstream file(folder / "metrics.jsonl");
  for (int i = 1; i <= 40; ++i) {
    nlohmann::json row = {
        {"steps", i * 8192},
        {"iteration", i},
        {"elapsed_seconds", 0.3 * i},
        {"steps_per_second", 27000 + 10 * i},
        {"episodes", i % 3},
        {"loss", {{"policy", -0.01}, {"value", 1.0 / i}, {"entropy", 3.0}, {"attention", 0.3}, {"curiosity", 0.25}}},
        {"learning_rate", 7e-4},
        {"penalty", 0.6},
        {"time", {{"simulate", 0.1}, {"policy", 0.05}, {"learn", 0.1}}}};
    if (i % 3 != 0) row["score"] = {{"all", 0.1 * i}, {"markov", 0.1 * i}, {"expert", 11.0}};
    if (i > 5) row["adr"] = {{"entropy", 0.1}, {"ranges", {{"arena_size", {14 - 0.1 * i, 14}}, {"goals", {5, 5}}}}};
    file << row << '\n';
  }
  file << R"({"steps":327680,"evaluation":{"ct":{"mean":0.4,"low":0.3,"high":0.5},"tasks":64}})"
       << "\n{\"st";
  return folder;
}

/// The size that a figure has, and not white all over: `colours` are those of its curves.
void check_picture(const fs::path& file, const std::vector<std::string>& colours) {
  const PictureSize size = picture_size(file);
  CHECK(size.width >= 800);
  CHECK(size.height >= 500);
  for (const std::string& colour : colours) {
    INFO(file << " " << colour);
    CHECK(pixels_of(file, colour) > 50);
  }
}

/// The highest y among an area's corners minus the lowest.
double height_of(const nlohmann::json& area) {
  double low = 1e300, high = -1e300;
  for (const auto& point : area.at("points")) {
    low = std::min(low, point.at(1).get<double>());
    high = std::max(high, point.at(1).get<double>());
  }
  return high - low;
}

}  // namespace

TEST_CASE("a run's curves are a picture in its folder, and nothing else is left behind") {
  const TemporaryFolder folder("plots_test");
  const fs::path run = write_run(folder.path / "a run; with $signs"), temporary = folder.path / "tmp";
  fs::create_directory(temporary);
  {
    const Variable tmpdir("TMPDIR", temporary.string());
    write_learning_curves({run}, {});
  }
  check_picture(run / "report" / "learning_curves.png", {kBlue, kRed});
  CHECK(files_in(run / "report") == 1);
  CHECK(files_in(temporary) == 0);
}

TEST_CASE("several runs share a picture") {
  const TemporaryFolder folder("plots_test");
  const fs::path out = folder.path / "made" / "both.png";
  write_learning_curves({write_run(folder.path / "a"), write_run(folder.path / "b")}, out);
  check_picture(out, {kBlue, kRed});
}

TEST_CASE("learning curves show the numbers of the run: transmission, scores, every loss, schedules") {
  const TemporaryFolder folder("plots_test");
  const auto axes =
      drawn_by(folder.path, "learning_curves.py", {write_run(folder.path / "a").string()}, "learning_curves");
  const auto ct = one_with(one_with(axes, "title", "Cultural transmission, held-out tasks").at("lines"), "label", "CT");
  CHECK(ct.at("x") == nlohmann::json{0.32768});
  CHECK(ct.at("y") == nlohmann::json{0.4});

  const auto scores = one_with(axes, "title", "Training scores (smoothed)");
  CHECK(scores.at("legend") == nlohmann::json{"markov", "expert"});
  const auto& raw = scores.at("lines").at(0);  // only where episodes ended: at 1, 2, 4, 5, 7 ...
  CHECK(raw.at("x").size() == 27);
  CHECK(raw.at("y").at(2).get<double>() == Approx(0.4));
  CHECK(raw.at("x").at(2).get<double>() == Approx(4 * 0.008192));
  // Smoothed over rows 3 to 5, which have 0, 1 and 2 episodes.
  const auto smooth = one_with(scores.at("lines"), "label", "markov");
  CHECK(smooth.at("y").at(2).get<double>() == Approx((0.4 * 1 + 0.5 * 2) / 3));

  const auto losses = one_with(axes, "title", "Losses").at("lines");
  for (const char* name : {"policy", "value", "attention", "curiosity"})
    CHECK(one_with(losses, "label", name).size() > 0);
  CHECK(one_with(losses, "label", "curiosity").at("y").at(7).get<double>() == 0.25);
  CHECK(one_with(losses, "label", "value").at("y").at(0).get<double>() == Approx((1 + 0.5) / 2));
  CHECK(one_with(one_with(axes, "ylabel", "entropy (nats)").at("lines"), "label", "entropy (right)").at("y").at(3) ==
        3.0);
  CHECK(one_with(axes, "ylabel", "penalty of a wrong entry").at("lines").at(0).at("y").at(39) == 0.6);
  CHECK(one_with(axes, "ylabel", "learning rate").at("lines").at(0).at("y").at(39) == 7e-4);
}

TEST_CASE("learning curves split the time of an iteration, and lay ADR's ranges into lanes") {
  const TemporaryFolder folder("plots_test");
  const auto axes =
      drawn_by(folder.path, "learning_curves.py", {write_run(folder.path / "a").string()}, "learning_curves");
  const auto parts = one_with(axes, "title", "Time split and throughput").at("areas");
  REQUIRE(parts.size() == 3);
  CHECK(height_of(one_with(parts, "label", "simulate")) == Approx(40));
  CHECK(height_of(one_with(parts, "label", "policy")) == Approx(20));
  const auto speed =
      one_with(one_with(axes, "ylabel", "learner steps per second").at("lines"), "label", "steps/s (right)");
  CHECK(speed.at("y").at(20).get<double>() == Approx(27210));

  const auto adr = one_with(axes, "title", "ADR ranges");
  CHECK(adr.at("ticks") == nlohmann::json{"goals\n5 .. 5", "arena size\n10 .. 14"});
  CHECK(adr.at("lines").size() == 4);  // two ends of two knobs
}

TEST_CASE("several runs' curves differ by colour and are called by their folders") {
  const TemporaryFolder folder("plots_test");
  const auto axes = drawn_by(
      folder.path, "learning_curves.py",
      {write_run(folder.path / "a").string(), write_run(folder.path / "b").string(), "--out", "both.png"}, "both");
  const auto ct = one_with(axes, "title", "Cultural transmission, held-out tasks").at("lines");
  CHECK(one_with(ct, "label", "a").at("colour") == kBlue);
  CHECK(one_with(ct, "label", "b").at("colour") == kRed);
}

TEST_CASE("the picture of phases draws the scores, what recall is made of, and when each phase begins") {
  const TemporaryFolder folder("plots_test");
  std::ofstream(folder.path / "phases.json")
      << nlohmann::json{{"rule", "a rule"},
                        {"following", 2e6},
                        {"recalling", 3e6},
                        {"experimenting", nullptr},
                        {"points",
                         {{{"steps", 1e6}, {"full", 0.0}, {"half", 0.1}, {"solo", 0.0}},
                          {{"steps", 2e6}, {"full", 0.5}, {"half", 0.25}, {"solo", -0.125}},
                          {{"steps", 4e6}, {"full", 0.75}, {"half", 0.5}, {"solo", 0.0}}}}};
  const std::string phases = (folder.path / "phases.json").string();
  const auto axes = drawn_by(folder.path, "phases.py", {phases, "--out", "drawn.png"}, "drawn").at(0);
  const auto lines = axes.at("lines");
  CHECK(one_with(lines, "label", "full: expert always seen").at("x") == nlohmann::json{1.0, 2.0, 4.0});
  CHECK(one_with(lines, "label", "full: expert always seen").at("y") == nlohmann::json{0.0, 0.5, 0.75});
  CHECK(one_with(lines, "label", "half: expert seen until half-time").at("y") == nlohmann::json{0.1, 0.25, 0.5});
  CHECK(one_with(lines, "label", "solo: expert never seen").at("y") == nlohmann::json{0.0, -0.125, 0.0});
  CHECK(one_with(lines, "label", "recall: 2 half - full").at("y") == nlohmann::json{0.2, 0.0, 0.25});
  CHECK(axes.at("texts") == nlohmann::json{"random", "following\nfrom 2 M", "recalling\nfrom 3 M"});
  REQUIRE(axes.at("polygons").size() == 3);
  for (const auto& [index, begin, end] : {std::tuple{0, 0.0, 2.0}, {1, 2.0, 3.0}, {2, 3.0, 4.0}}) {
    const auto& corners = axes.at("polygons").at(static_cast<std::size_t>(index)).at("points");
    CHECK(corners.at(0).at(0) == begin);
    CHECK(corners.at(2).at(0) == end);
  }
}

TEST_CASE("a study's pictures draw each arm's interval, mean and seeds, and its curves over them") {
  const TemporaryFolder folder("plots_test");
  const fs::path results = source_folder() / "experiments/results/release_1/medal";
  const auto summary = nlohmann::json::parse(content_of(results / "summary.json"));
  const auto& arms = summary.at("groups").at(0).at("arms");
  const std::vector<std::string> arguments = {(results / "summary.json").string(), "--out", "unused"};

  const auto ct = drawn_by(folder.path, "study.py", arguments, "ct").at(0).at("lines");
  const auto scores = nlohmann::json::parse(content_of(folder.path / "scores.json")).at(0).at("lines");
  const auto check = [&](const nlohmann::json& lines, std::size_t first, const nlohmann::json& measure) {
    CHECK(lines.at(first).at("x") == nlohmann::json{measure.at("low"), measure.at("high")});
    CHECK(lines.at(first + 1).at("x").at(0) == measure.at("iqm"));
    CHECK(lines.at(first + 2).at("x") == measure.at("values"));
  };
  for (std::size_t arm = 0; arm < arms.size(); ++arm) {
    INFO(arms[arm].at("title"));
    check(ct, 3 * arm, arms[arm].at("ct"));
    CHECK(ct.at(3 * arm).at("y").at(0) == static_cast<double>(arms.size() - 1 - arm));  // from the top
  }
  check(scores, 0, arms[0].at("full"));
  check(scores, 3, arms[0].at("half"));
  check(scores, 6, arms[0].at("solo"));

  const auto curves = nlohmann::json::parse(content_of(folder.path / "curves.json"));
  const auto whole = one_with(curves.at(0).at("lines"), "label", "MEDAL");
  double sum = 0;
  for (int seed = 1; seed <= 3; ++seed) {
    const auto result = nlohmann::json::parse(content_of(results / ("full-" + std::to_string(seed) + ".json")));
    sum += result.at("evaluations").at("ct").back().get<double>();
    CHECK(whole.at("x").back().get<double>() == result.at("evaluations").at("steps").back().get<double>() / 1e6);
  }
  CHECK(whole.at("y").back().get<double>() == Approx(sum / 3));
}

TEST_CASE("curves of a folder without rows are the user's mistake, in one line") {
  const TemporaryFolder folder("plots_test");
  const std::string missing = user_error_of([&] { write_learning_curves({folder.path}, {}); });
  CHECK(missing == "'" + (folder.path / "metrics.jsonl").string() +
                       "' cannot be read: No such file or directory; name the folder of a run");
  std::ofstream(folder.path / "metrics.jsonl") << "";
  const std::string empty = user_error_of([&] { write_learning_curves({folder.path}, {}); });
  CHECK(empty.find("has no rows yet") != std::string::npos);
  CHECK(empty.find('\n') == std::string::npos);
  CHECK_FALSE(fs::exists(folder.path / "report"));
}

TEST_CASE("a picture that cannot be written is the user's mistake") {
  const TemporaryFolder folder("plots_test");
  const fs::path run = write_run(folder.path / "run");
  std::ofstream(folder.path / "file") << "x";
  const std::string error = user_error_of([&] { write_learning_curves({run}, folder.path / "file" / "a.png"); });
  CHECK(error.find("a.png' cannot be written") != std::string::npos);
}

TEST_CASE("without matplotlib it is said what to install") {
  const TemporaryFolder folder("plots_test");
  std::ofstream(folder.path / "matplotlib.py") << "raise ImportError('none here', name='matplotlib')\n";
  const Variable path("PYTHONPATH", folder.path.string());
  const std::string error = user_error_of([&] { write_learning_curves({write_run(folder.path / "run")}, {}); });
  CHECK(error.find("install python3-matplotlib") != std::string::npos);
}
