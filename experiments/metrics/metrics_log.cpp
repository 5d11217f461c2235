#include "experiments/metrics/metrics_log.h"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>

#include "sim/base/atomic_file.h"

namespace medal {
namespace {

using nlohmann::json;
using nlohmann::ordered_json;

constexpr const char* kMetricsFile = "metrics.jsonl";
constexpr const char* kEventFolder = "tensorboard";
constexpr std::int64_t kRecentBytes = 1 << 16;

std::string read_text(const std::filesystem::path& file) {
  const bool is_folder = std::filesystem::is_directory(file);
  std::ifstream stream(file, std::ios::binary);
  if (is_folder || !stream) {
    const int cause = is_folder ? EISDIR : errno;
    throw UserError("'" + file.string() + "' cannot be read: " + std::strerror(cause) + "; name the folder of a run");
  }
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// Calls `use(line, row)` for each whole row; a last line that is no JSON object is passed over.
void for_each_row(const std::string& text, const std::filesystem::path& file,
                  const std::function<void(std::string_view, json)>& use) {
  int number = 0;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string_view line(text.data() + begin, end - begin);
    begin = end + 1;
    ++number;
    if (line.empty()) continue;
    json row = json::parse(line, nullptr, false);
    if (row.is_object())
      use(line, std::move(row));
    else if (begin < text.size())
      throw UserError("'" + file.string() + "' line " + std::to_string(number) +
                      " is no JSON object; remove the line or restore the file");
  }
}

/// Takes away what was written after the checkpoint.
void drop_later_rows(const std::filesystem::path& file, std::int64_t resume_steps) {
  if (!std::filesystem::exists(file)) return;
  const std::string text = read_text(file);
  std::string kept;
  for_each_row(text, file, [&](std::string_view line, const json& row) {
    const auto steps = row.find("steps");
    if (steps != row.end() && steps->is_number() && steps->get<double>() > static_cast<double>(resume_steps)) return;
    kept += line;
    kept += '\n';
  });
  if (kept != text) write_file_atomically(file, kept);
}

bool is_pair_of_numbers(const ordered_json& value) {
  return value.is_array() && value.size() == 2 && value[0].is_number() && value[1].is_number();
}

void add_scalars(EventWriter& events, std::int64_t step, const std::string& tag, const ordered_json& value) {
  if (value.is_number()) {
    events.scalar(tag, step, value.get<double>());
  } else if (is_pair_of_numbers(value)) {
    events.scalar(tag + "/low", step, value[0].get<double>());
    events.scalar(tag + "/high", step, value[1].get<double>());
  } else if (value.is_object()) {
    for (const auto& [name, member] : value.items()) add_scalars(events, step, tag + "/" + name, member);
  }
}

}  // namespace

MetricsLog::MetricsLog(const std::filesystem::path& run_folder, std::int64_t resume_steps) {
  const bool resumed = resume_steps >= 0;
  const std::filesystem::path file = run_folder / kMetricsFile;
  std::error_code error;
  std::filesystem::create_directories(run_folder, error);
  if (error) throw cannot_write(run_folder, error.value());
  if (resumed) drop_later_rows(file, resume_steps);
  rows_.emplace(file, resumed ? AppendFile::Start::at_end : AppendFile::Start::new_file);
  events_.emplace(run_folder / kEventFolder, resumed ? resume_steps + 1 : -1);
}

void MetricsLog::write(const ordered_json& row) {
  const auto steps = row.find("steps");
  MEDAL_CHECK(steps != row.end() && steps->is_number(), row.dump());
  rows_->append(row.dump() + "\n");
  for (const auto& [name, value] : row.items())
    if (name != "steps") add_scalars(*events_, steps->get<std::int64_t>(), name, value);
  events_->flush();
}

std::vector<json> read_metrics(const std::filesystem::path& file) {
  std::vector<json> rows;
  for_each_row(read_text(file), file, [&](std::string_view, json row) { rows.push_back(std::move(row)); });
  return rows;
}

std::vector<json> read_recent_metrics(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary | std::ios::ate);
  if (!stream) return {};
  const auto begin = std::max<std::int64_t>(0, static_cast<std::int64_t>(stream.tellg()) - kRecentBytes);
  stream.seekg(begin);
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (begin > 0) text.erase(0, text.find('\n') + 1);  // the rest of a row
  std::vector<json> rows;
  for_each_row(text, file, [&](std::string_view, json row) { rows.push_back(std::move(row)); });
  return rows;
}

}  // namespace medal
