#pragma once

#include <filesystem>

#include "experiments/bench/report.h"

namespace medal {

/// Each adds its figures to the report. One thread; processor time, so that other programs disturb little.

/// Worlds stepped with random actions, against the plain way; with the split over the stages.
void bench_sim(const BenchSettings& settings, BenchReport& report);
/// LIDAR alone, on every path that this processor has.
void bench_lidar(const BenchSettings& settings, BenchReport& report);
/// The network's step for 128 learners, without and with drawing actions.
void bench_policy(const BenchSettings& settings, BenchReport& report);
/// One epoch of updates on a full rollout.
void bench_learner(const BenchSettings& settings, BenchReport& report);

/// Whole training iterations in processes of their own: one rank, two independent ones, two ranks together. Wall-clock
/// time. `arguments` are those of the bench verb that choose the config.
void bench_train(const BenchSettings& settings, const std::vector<std::string>& arguments, BenchReport& report);
/// What those processes do: train for some seconds, and write what was measured to `file`.
void measure_training(const BenchSettings& settings, const std::filesystem::path& file);

}  // namespace medal
