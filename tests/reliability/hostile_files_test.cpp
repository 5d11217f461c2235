#include <sys/resource.h>
#include <time.h>
#include <unistd.h>
#include <xxhash.h>
#include <zstd.h>

#include <cstring>
#include <fstream>
#include <functional>

#include "agents/checkpoint/checkpoint.h"
#include "agents/checkpoint/rank_state.h"
#include "agents/recordings/replay.h"
#include "experiments/ablation/run_result.h"
#include "experiments/config/config_file.h"
#include "experiments/metrics/metrics_log.h"
#include "experiments/metrics/phases.h"
#include "experiments/runs/loaded_agent.h"
#include "sim/generation/generate_task.h"
#include "sim/task/task.h"
#include "tests/reliability/drawn_share.h"
#include "tests/reliability/hostile_json.h"
#include "tests/support/program_helpers.h"
#include "tests/support/rewritten_replay.h"

using namespace medal;
namespace fs = std::filesystem;
using nlohmann::json;

namespace {

constexpr double kMostSeconds = 1;  // of processor time
constexpr rlim_t kMostBytes = 500 * 1024 * 1024;

int cases() { return run_all_cases() ? 10'000 : 300; }

double processor_seconds() {
  timespec time{};
  ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

/// This process may take that much memory more, while it lives.
class MemoryLimit {
 public:
  MemoryLimit() {
    ::getrlimit(RLIMIT_AS, &before_);
#ifndef __SANITIZE_ADDRESS__
    std::ifstream statistics("/proc/self/statm");
    rlim_t pages = 0;
    statistics >> pages;
    rlimit limit = before_;
    limit.rlim_cur = pages * static_cast<rlim_t>(::sysconf(_SC_PAGESIZE)) + kMostBytes;
    ::setrlimit(RLIMIT_AS, &limit);
#endif
  }
  ~MemoryLimit() { ::setrlimit(RLIMIT_AS, &before_); }
  MemoryLimit(const MemoryLimit&) = delete;
  MemoryLimit& operator=(const MemoryLimit&) = delete;

 private:
  rlimit before_{};
};

/// A file and what reads it: `make` gives the content of case number i.
struct Reader {
  std::string name;  ///< of the file
  std::function<std::string(Random&)> make;
  std::function<void(const fs::path&)> read;
};

/// What is wrong with how a case is read; empty where it is taken, or refused in one line.
std::string fault_of(const Reader& reader, const fs::path& file) {
  const double begin = processor_seconds();
  std::string fault;
  try {
    reader.read(file);
  } catch (const UserError& error) {
    if (std::string(error.what()).find('\n') != std::string::npos) fault = "a message of several lines";
  } catch (const std::exception& error) {
    fault = std::string("no error of the user's: ") + error.what();
  }
  const double seconds = processor_seconds() - begin;
  return seconds < kMostSeconds ? fault : fault + " took " + std::to_string(seconds) + " s";
}

void try_all(const Reader& reader) {
  const TemporaryFolder folder("hostile");
  const std::uint64_t share = share_of_commit();
  const MemoryLimit limit;
  for (int i = 0; i < cases(); ++i) {
    const std::uint64_t seed =
        run_all_cases() ? static_cast<std::uint64_t>(i) : mix_seed(share, static_cast<std::uint64_t>(i));
    Random random(seed);
    const fs::path file = folder.path / reader.name;
    fs::create_directories(file.parent_path());
    std::ofstream(file, std::ios::binary) << reader.make(random);
    const std::string fault = fault_of(reader, file);
    if (!fault.empty()) FAIL_CHECK(reader.name << ", seed " << seed << ": " << fault.substr(0, 300));
  }
}

std::string sealed(std::string bytes) {
  const std::uint64_t hash = XXH3_64bits(bytes.data(), bytes.size());
  return bytes.append(reinterpret_cast<const char*>(&hash), sizeof hash);
}

std::string as_text(const json& value) { return value.dump(-1, ' ', false, json::error_handler_t::replace); }

/// A text that is cut and altered, or JSON that lies.
std::string hostile_text(const std::string& text, Random& random) {
  std::string bytes = text;
  if (random.bernoulli(0.5F)) {
    json value = json::parse(text);
    make_hostile(value, random);
    return as_text(value);
  }
  damage(bytes, random);
  return bytes;
}

/// Unpacked content of a replay: damaged as it lies on the disk, or sealed anew around damaged or lying content.
std::string hostile_replay(const std::string& whole, Random& random) {
  if (random.bernoulli(0.25F)) {
    std::string bytes = whole;
    damage(bytes, random);
    return bytes;
  }
  const std::string packed = whole.substr(8, whole.size() - 16);
  std::string content(ZSTD_getFrameContentSize(packed.data(), packed.size()), '\0');
  ZSTD_decompress(content.data(), content.size(), packed.data(), packed.size());
  if (random.bernoulli(0.3F)) {
    damage(content, random);
  } else {
    json value = json::from_cbor(content);
    make_hostile(value, random);
    content.clear();
    json::to_cbor(value, content);
  }
  std::string repacked(ZSTD_compressBound(content.size()), '\0');
  repacked.resize(ZSTD_compress(repacked.data(), repacked.size(), content.data(), content.size(), 1));
  if (random.bernoulli(0.1F)) damage(repacked, random);
  return sealed(whole.substr(0, 8) + repacked);
}

std::string hostile_checkpoint(const std::string& whole, Random& random) {
  std::string bytes = whole;
  if (random.bernoulli(0.25F)) {
    damage(bytes, random);
    return bytes;
  }
  std::uint64_t length = 0;
  std::memcpy(&length, whole.data() + 8, sizeof length);
  std::string header = whole.substr(16, length), payload = whole.substr(16 + length, whole.size() - 24 - length);
  if (random.bernoulli(0.2F)) {
    damage(payload, random);
  } else {
    json value = json::parse(header);
    make_hostile(value, random);
    header = as_text(value);
  }
  length = header.size();
  if (random.bernoulli(0.05F)) length = random.next64();
  bytes = whole.substr(0, 8);
  bytes.append(reinterpret_cast<const char*>(&length), sizeof length);
  return sealed(bytes + header + payload);
}

std::string hostile_lines(const std::string& lines, Random& random) {
  std::string bytes = lines;
  if (random.bernoulli(0.5F)) {
    damage(bytes, random);
    return bytes;
  }
  const std::size_t end = lines.find('\n');
  json row = json::parse(lines.substr(0, end));
  make_hostile(row, random);
  return as_text(row) + lines.substr(end);
}

/// A run of a second that leaves one of each file.
const fs::path& small_run() {
  static const TemporaryFolder folder("hostile_run");
  static const bool trained = [] {
    const ChildResult result = run_medal(
        folder.path, tiny_training("a", {"--steps", "40e3", "--ranks", "1", "--set", "network.encoder_size=16", "--set",
                                         "network.memory_size=16", "--set", "run.evaluate_every=20e3", "--set",
                                         "run.evaluate_tasks=2"}));
    INFO(result.errors);
    REQUIRE(result.exit_code == 0);
    return true;
  }();
  REQUIRE(trained);
  static const fs::path run = folder.path / "runs/a";
  return run;
}

}  // namespace

TEST_CASE("a damaged or lying replay is refused in one line, or played") {
  const std::string whole = content_of(RunFolder(small_run()).newest_replay());
  try_all({"a.replay", [&](Random& random) { return hostile_replay(whole, random); },
           [](const fs::path& file) { find_differences(load_replay(file)); }});
}

TEST_CASE("a damaged or lying checkpoint is refused in one line, or loaded") {
  const std::string whole = content_of(RunFolder(small_run()).checkpoint_files().back());
  try_all({"a.medal", [&](Random& random) { return hostile_checkpoint(whole, random); },
           [](const fs::path& file) {
             const Checkpoint checkpoint(file);
             load_agent(checkpoint, {});
             if (checkpoint.has_live_state()) checkpoint.rank_state(0);
             checkpoint.parameter_hash();
             checkpoint.difference_from(checkpoint);
           }});
}

TEST_CASE("a damaged or lying config is refused in one line, or read") {
  const std::string whole = content_of(RunFolder(small_run()).config());
  try_all({"a.toml",
           [&](Random& random) {
             std::string text = whole;
             for (int i = random.integer(1, 3); i > 0; --i) damage(text, random);
             return text;
           },
           [](const fs::path& file) { load_config(&file, {}); }});
}

TEST_CASE("a damaged or lying task is refused in one line, or read") {
  const std::string whole = task_to_json(generate_task(TaskParameters{}, 1));
  try_all({"task.json", [&](Random& random) { return hostile_text(whole, random); },
           [](const fs::path& file) { task_from_json(content_of(file)); }});
}

TEST_CASE("damaged or lying metrics are refused in one line, or read") {
  const std::string whole = content_of(RunFolder(small_run()).metrics());
  try_all({"run/metrics.jsonl", [&](Random& random) { return hostile_lines(whole, random); },
           [](const fs::path& file) {
             read_recent_metrics(file);
             evaluation_points(file);
             read_metrics(file);
             MetricsLog(file.parent_path(), 20'000);
           }});
}

TEST_CASE("the damaged or lying result of a study's run is refused in one line, or read") {
  StudyArm arm;
  arm.name = "full";
  arm.steps = 40'960;
  json result = {{"config", arm.config}, {"overrides", arm.overrides}, {"steps", arm.steps}};
  const RunFolder run(small_run());
  result["evaluation"] = json::parse(content_of(run.newest_evaluation()));
  const std::string whole = result.dump();
  try_all({"full-1.json", [&](Random& random) { return hostile_text(whole, random); },
           [&](const fs::path& file) { read_result(file.parent_path(), arm, 1); }});
}
