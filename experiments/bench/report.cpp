#include "experiments/bench/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>

#include "agents/layers/math_threads.h"
#include "experiments/processes/local_ranks.h"
#include "sim/base/error.h"
#include "sim/base/version.h"

namespace medal {
namespace {

/// Four significant digits, with thousands apart.
std::string number_text(double value) {
  if (value < 1000) return fmt::format("{:.4g}", value);
  std::string digits = fmt::format("{:.0f}", value);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, " ");
  return digits;
}

/// Share of the cores that were busy during the last minute.
double load_per_core() {
  double load = 0;
  return ::getloadavg(&load, 1) == 1 ? load / available_cores() : 0.0;
}

nlohmann::ordered_json config_json(const Config& config) {
  const TaskParameters& task = config.task.base;
  const LidarOptions& lidar = config.environment.lidar;
  return {{"version", program_version()},
          {"worlds", config.run.learners / config.environment.learners_per_world},
          {"learners_per_world", config.environment.learners_per_world},
          {"control_rate_hz", task.control_rate},
          {"substeps", task.substeps},
          {"azimuths", lidar.azimuths},
          {"pitches", lidar.pitches.size()},
          {"observation_size", observation_size(lidar)},
          {"arena_m", task.arena_size},
          {"bumpiness_m", task.bumpiness},
          {"obstacles_per_m2", task.upright_density + task.low_bar_density + task.overhead_bar_density},
          {"geometry_reuse", config.curriculum.geometry_reuse},
          {"encoder", config.network.encoder_size},
          {"memory", std::string(memory_names()[static_cast<std::size_t>(config.network.memory)])},
          {"memory_size", config.network.memory_size},
          {"unroll", config.learner.unroll},
          {"epochs", config.learner.epochs},
          {"minibatches", config.learner.minibatches},
          {"device", config.run.device},
          {"precision", config.learner.bf16 && has_bf16_products() ? "bfloat16 products" : "float32"},
          {"simd", std::string(simd_path_name(best_simd_path()))},
          {"blas", blas_name()},
          {"math_threads", 1},
          {"simulation_threads", config.environment.threads},
          {"cores", available_cores()},
          {"load_per_core", load_per_core()}};
}

std::vector<std::string> warnings_of(const Config& config) {
  std::vector<std::string> warnings;
  if (blas_is_slow())
    warnings.push_back("LibTorch runs on the reference BLAS, which is slow; install libopenblas0-pthread");
  if (config.environment.threads > available_cores())
    warnings.push_back(fmt::format("environment.threads = {}, but there are only {} cores", config.environment.threads,
                                   available_cores()));
  if (load_per_core() > 0.5)
    warnings.push_back(fmt::format("this machine was {:.0f} % busy during the last minute", 100 * load_per_core()));
  return warnings;
}

}  // namespace

double median(std::vector<double> samples) {
  if (samples.empty()) return 0.0;
  std::sort(samples.begin(), samples.end());
  const std::size_t middle = samples.size() / 2;
  return samples.size() % 2 == 1 ? samples[middle] : 0.5 * (samples[middle - 1] + samples[middle]);
}

BenchReport::BenchReport(std::span<const BenchResult> results, const Config& config)
    : results_(results), config_(config_json(config)), warnings_(warnings_of(config)) {}

void BenchReport::add(std::string_view name, std::vector<double> samples) {
  const auto named = std::find_if(results_.begin(), results_.end(), [&](const auto& r) { return r.name == name; });
  MEDAL_CHECK(named != results_.end() && !samples.empty() && !has(name), std::string(name) + " is named, and new");
  figures_.push_back({std::string(name), std::string(named->unit), std::move(samples)});
}

bool BenchReport::has(std::string_view name) const {
  return std::any_of(figures_.begin(), figures_.end(), [&](const Figure& f) { return f.name == name; });
}

std::string BenchReport::to_json() const {
  nlohmann::ordered_json results = nlohmann::ordered_json::object();
  for (const Figure& figure : figures_) {
    const auto [low, high] = std::minmax_element(figure.samples.begin(), figure.samples.end());
    results[figure.name] = {{"median", median(figure.samples)}, {"min", *low}, {"max", *high}, {"unit", figure.unit}};
  }
  const nlohmann::ordered_json json = {{"config", config_}, {"results", results}, {"warnings", warnings_}};
  return json.dump(2) + "\n";
}

std::string BenchReport::to_text() const {
  std::string text;
  for (const auto& [key, value] : config_.items())
    text += fmt::format("{}{}={}", text.empty() ? "" : "  ", key,
                        value.is_string() ? value.get<std::string>() : value.dump());
  text += fmt::format("\n\n{:<50} {:>12}   {:<26} {}\n", "figure", "median", "(lowest .. highest)", "unit");
  for (const Figure& figure : figures_) {
    const auto [low, high] = std::minmax_element(figure.samples.begin(), figure.samples.end());
    text += fmt::format("{:<50} {:>12}   {:<26} {}\n", figure.name, number_text(median(figure.samples)),
                        fmt::format("({} .. {})", number_text(*low), number_text(*high)), figure.unit);
  }
  for (const std::string& warning : warnings_) text += "warning: " + warning + "\n";
  return text;
}

RecordRow BenchReport::to_row() const {
  RecordRow row;
  const auto number = [this](const char* key) { return config_.at(key).get<double>(); };
  for (const char* key : {"worlds", "learners_per_world", "substeps"})
    row.emplace_back(key, record_number(number(key)));
  row.emplace_back("rays", record_number(number("azimuths") * number("pitches")));
  for (const char* key : {"cores", "load_per_core"}) row.emplace_back(key, record_number(number(key)));
  for (const Figure& figure : figures_) {
    const auto [low, high] = std::minmax_element(figure.samples.begin(), figure.samples.end());
    row.emplace_back(figure.name, record_number(median(figure.samples)));
    row.emplace_back(figure.name + ".min", record_number(*low));
    row.emplace_back(figure.name + ".max", record_number(*high));
  }
  return row;
}

}  // namespace medal
