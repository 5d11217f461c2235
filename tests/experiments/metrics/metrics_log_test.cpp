#include "experiments/metrics/metrics_log.h"

#include <limits>
#include <map>

#include "tests/experiments/metrics/event_reader.h"
#include "tests/support/catch.h"
#include "tests/support/file_helpers.h"

using namespace medal;
using nlohmann::ordered_json;

namespace {

ordered_json row_at(std::int64_t steps) {
  return {{"steps", steps}, {"iteration", steps / 100}, {"score", {{"all", 0.5}, {"solo", -1.0}}}};
}

std::vector<std::int64_t> steps_in(const std::filesystem::path& file) {
  std::vector<std::int64_t> steps;
  for (const auto& row : read_metrics(file)) steps.push_back(row.at("steps"));
  return steps;
}

void write_rows(const std::filesystem::path& folder, std::initializer_list<std::int64_t> steps) {
  MetricsLog log(folder, -1);
  for (const std::int64_t at : steps) log.write(row_at(at));
}

using Steps = std::vector<std::int64_t>;

}  // namespace

TEST_CASE("a row is one line in the order given, on disk at once, and its numbers are scalars") {
  const TemporaryFolder folder("metrics_log_test");
  MetricsLog log(folder.path / "run", -1);
  ordered_json row = row_at(6400);
  row["adr"] = {{"ranges", {{"goals", {4, 6.5}}}}, {"moves", {{{"knob", "goals"}}}}};
  row["note"] = "text";
  row["reward"] = nullptr;
  log.write(row);
  const auto file = folder.path / "run" / "metrics.jsonl";
  CHECK(content_of(file) ==
        R"({"steps":6400,"iteration":64,"score":{"all":0.5,"solo":-1.0},)"
        R"("adr":{"ranges":{"goals":[4,6.5]},"moves":[{"knob":"goals"}]},"note":"text","reward":null})"
        "\n");
  std::map<std::string, float> scalars;
  for (const ReadEvent& event : read_events(event_files(folder.path / "run" / "tensorboard").at(0))) {
    if (event.tag.empty()) continue;
    CHECK(event.step == 6400);
    scalars[event.tag] = event.value;
  }
  const std::map<std::string, float> expected = {{"iteration", 64.0F},
                                                 {"score/all", 0.5F},
                                                 {"score/solo", -1.0F},
                                                 {"adr/ranges/goals/low", 4.0F},
                                                 {"adr/ranges/goals/high", 6.5F}};
  CHECK(scalars == expected);
}

TEST_CASE("a number that is not finite is null in the row, so that every line stays JSON") {
  const TemporaryFolder folder("metrics_log_test");
  MetricsLog log(folder.path, -1);
  log.write({{"steps", 1}, {"reward", std::numeric_limits<double>::quiet_NaN()}});
  CHECK(read_metrics(folder.path / "metrics.jsonl").at(0).at("reward").is_null());
}

TEST_CASE("resuming drops rows after the checkpoint and a torn last line, and goes on") {
  const TemporaryFolder folder("metrics_log_test");
  const auto file = folder.path / "metrics.jsonl";
  write_rows(folder.path, {100, 200, 300, 400});
  const std::string whole = content_of(file);
  std::ofstream(file, std::ios::app) << R"({"steps":500,"itera)";
  CHECK(steps_in(file) == Steps{100, 200, 300, 400});
  {
    MetricsLog log(folder.path, 300);
    CHECK(content_of(file) == whole.substr(0, whole.find(R"({"steps":400)")));
    log.write(row_at(350));
  }
  CHECK(steps_in(file) == Steps{100, 200, 300, 350});
  const auto events = read_events(event_files(folder.path / "tensorboard").at(1));
  CHECK(events.at(1).session_start);
  CHECK(events.at(1).step == 301);
  { const MetricsLog log(folder.path, 0); }
  CHECK(content_of(file).empty());
}

TEST_CASE("resuming keeps a last row that only lacks its end of line, and needs no earlier file") {
  const TemporaryFolder folder("metrics_log_test");
  const auto file = folder.path / "metrics.jsonl";
  std::ofstream(file) << "{\"steps\":1}\n{\"steps\":2}";
  MetricsLog(folder.path, 2).write(row_at(3));
  CHECK(steps_in(file) == Steps{1, 2, 3});
  MetricsLog(folder.path / "other", 2).write(row_at(3));
  CHECK(steps_in(folder.path / "other" / "metrics.jsonl") == Steps{3});
}

TEST_CASE("a row that does not fit on the disk is taken back, and the next one is whole") {
  const TemporaryFolder folder("metrics_log_test");
  const auto file = folder.path / "metrics.jsonl";
  MetricsLog log(folder.path, -1);
  log.write(row_at(100));
  const std::string whole = content_of(file);
  std::string error;
  {
    const FileSizeLimit limit(whole.size() + 10);
    error = user_error_of([&] { log.write(row_at(200)); });
  }
  CHECK(error ==
        "'" + file.string() + "' cannot be written: File too large; raise the limit on file sizes (ulimit -f)");
  CHECK(content_of(file) == whole);
  log.write(row_at(300));
  CHECK(steps_in(file) == Steps{100, 300});
}

TEST_CASE("a new run does not write into an old one's metrics") {
  const TemporaryFolder folder("metrics_log_test");
  write_rows(folder.path, {100});
  const std::string error = user_error_of([&] { MetricsLog(folder.path, -1); });
  CHECK(error.find("metrics.jsonl' cannot be written: File exists") != std::string::npos);
  CHECK(steps_in(folder.path / "metrics.jsonl") == Steps{100});
}

TEST_CASE("metrics that cannot be read are the user's mistake") {
  const TemporaryFolder folder("metrics_log_test");
  const auto file = folder.path / "metrics.jsonl";
  CHECK(user_error_of([&] { read_metrics(file); }).find("No such file") != std::string::npos);
  CHECK(user_error_of([&] { read_metrics(folder.path); }).find("Is a directory") != std::string::npos);
  std::ofstream(file) << "{\"steps\":1}\n{\"ste\n{\"steps\":3}\n";
  CHECK(user_error_of([&] { read_metrics(file); }).find("line 2 is no JSON object") != std::string::npos);
}
