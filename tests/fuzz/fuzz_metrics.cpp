#include "experiments/metrics/metrics_log.h"
#include "experiments/metrics/phases.h"
#include "tests/fuzz/fuzz.h"

using namespace medal;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const int result = try_to_read("metrics.jsonl", as_text(bytes, size), [](const std::filesystem::path& path) {
    read_recent_metrics(path);
    evaluation_points(path);
    read_metrics(path);
  });
  // As a run does that goes on, which cuts the file.
  return result + try_to_read("metrics.jsonl", as_text(bytes, size), [](const std::filesystem::path& path) {
           std::filesystem::remove_all(path.parent_path() / "tensorboard");
           MetricsLog(path.parent_path(), 20'000);
         });
}
