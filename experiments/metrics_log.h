#pragma once
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
namespace medal {
class MetricsLog {
 public:
  MetricsLog(const std::filesystem::path& run_folder, std::int64_t) : out_(run_folder / "metrics.jsonl", std::ios::app) {}
  void write(const nlohmann::ordered_json& row) { out_ << row.dump() << std::endl; }
 private:
  std::ofstream out_;
};
}  // namespace medal
