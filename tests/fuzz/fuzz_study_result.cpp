#include "experiments/ablation/run_result.h"
#include "tests/fuzz/fuzz.h"

using namespace medal;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  StudyArm arm;
  arm.name = "full";
  arm.steps = 40'960;
  StudyEvaluation evaluation;
  evaluation.name = ".";  // its results lie beside those of the runs
  const auto try_by = [&](auto read) {
    return try_to_read("full-1.json", as_text(bytes, size),
                       [&](const std::filesystem::path& path) { read(path.parent_path()); });
  };
  try_by([&](const std::filesystem::path& out) { read_result(out, arm, 1); });
  return try_by([&](const std::filesystem::path& out) { read_evaluation_result(out, evaluation, arm, 1); });
}
