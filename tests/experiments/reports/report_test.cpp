#include "experiments/reports/report.h"

#include <nlohmann/json.hpp>

#include "tests/support/catch.h"
#include "tests/support/picture_helpers.h"

using namespace medal;
namespace fs = std::filesystem;

namespace {

/// A short run with both kinds of rows, and the torn line that a killed one leaves.
fs::path write_run(const fs::path& folder) {
  fs::create_directories(folder);
  std::ofstream file(folder / "metrics.jsonl");
  for (int i = 1; i <= 40; ++i) {
    nlohmann::json row = {{"steps", i * 8192},
                          {"iteration", i},
                          {"elapsed_seconds", 0.3 * i},
                          {"steps_per_second", 27000 + 10 * i},
                          {"episodes", i % 3},
                          {"loss", {{"policy", -0.01}, {"value", 1.0 / i}, {"entropy", 3.0}, {"attention", 0.3}}},
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

void check_picture(const fs::path& file) {
  const PictureSize size = picture_size(file);
  CHECK(size.width >= 800);
  CHECK(size.height >= 500);
}

}  // namespace

TEST_CASE("a report is a picture in the run's folder and leaves nothing else behind") {
  const TemporaryFolder folder("report_test");
  const fs::path run = write_run(folder.path / "a run; with $signs"), temporary = folder.path / "tmp";
  fs::create_directory(temporary);
  {
    const Variable tmpdir("TMPDIR", temporary.string());
    write_learning_curves({run}, {});
  }
  check_picture(run / "report" / "learning_curves.png");
  CHECK(files_in(run / "report") == 1);
  CHECK(files_in(temporary) == 0);
}

TEST_CASE("several runs share a picture") {
  const TemporaryFolder folder("report_test");
  const fs::path out = folder.path / "made" / "both.png";
  write_learning_curves({write_run(folder.path / "a"), write_run(folder.path / "b")}, out);
  check_picture(out);
}

TEST_CASE("a report of a folder without rows is the user's mistake, in one line") {
  const TemporaryFolder folder("report_test");
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
  const TemporaryFolder folder("report_test");
  const fs::path run = write_run(folder.path / "run");
  std::ofstream(folder.path / "file") << "x";
  const std::string error = user_error_of([&] { write_learning_curves({run}, folder.path / "file" / "a.png"); });
  CHECK(error.find("a.png' cannot be written") != std::string::npos);
}

TEST_CASE("without matplotlib the report says what to install") {
  const TemporaryFolder folder("report_test");
  std::ofstream(folder.path / "matplotlib.py") << "raise ImportError('none here', name='matplotlib')\n";
  const Variable path("PYTHONPATH", folder.path.string());
  const std::string error = user_error_of([&] { write_learning_curves({write_run(folder.path / "run")}, {}); });
  CHECK(error.find("install python3-matplotlib") != std::string::npos);
}
