#include "experiments/bench/records/record_table.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <sstream>
#include <stdexcept>

namespace medal {
namespace {

constexpr const char* kCommit = "commit";

std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> values(1);
  for (const char c : line) {
    if (c == ',')
      values.emplace_back();
    else
      values.back() += c;
  }
  return values;
}

std::string join(const std::vector<std::string>& values) {
  std::string line;
  for (const std::string& value : values) line += (line.empty() ? "" : ",") + value;
  return line + "\n";
}

}  // namespace

RecordTable parse_records(const std::string& csv) {
  RecordTable table;
  std::istringstream lines(csv);
  std::string line;
  if (std::getline(lines, line)) table.columns = split(line);
  while (std::getline(lines, line)) {
    const std::vector<std::string> values = split(line);
    if (values.size() != table.columns.size())
      throw std::runtime_error(
          fmt::format("{} values under {} columns: {}", values.size(), table.columns.size(), line));
    auto& row = table.rows.emplace_back();
    for (std::size_t i = 0; i < values.size(); ++i) row[table.columns[i]] = values[i];
  }
  return table;
}

std::string records_to_csv(const RecordTable& table) {
  std::string csv = join(table.columns);
  for (const auto& row : table.rows) {
    std::vector<std::string> values;
    for (const std::string& column : table.columns) {
      const auto found = row.find(column);
      values.push_back(found == row.end() ? "" : found->second);
    }
    csv += join(values);
  }
  return csv;
}

void put_row(RecordTable& table, const RecordRow& row, const std::vector<std::string>& later) {
  std::map<std::string, std::string> values;
  for (const auto& [name, value] : row) {
    if (std::find(table.columns.begin(), table.columns.end(), name) == table.columns.end())
      table.columns.push_back(name);
    values[name] = value;
  }
  const std::string& commit = values.at(kCommit);
  const auto first_of = [&table](const std::vector<std::string>& commits) {
    return std::find_if(table.rows.begin(), table.rows.end(), [&](const auto& other) {
      return std::find(commits.begin(), commits.end(), other.at(kCommit)) != commits.end();
    });
  };
  const auto same = first_of({commit});
  if (same != table.rows.end())
    *same = values;
  else
    table.rows.insert(first_of(later), values);
}

std::string record_number(double value) {
  return std::abs(value) < 1000 ? fmt::format("{:.4g}", value) : fmt::format("{:.0f}", value);
}

std::string page_number(double value) {
  const double rounded = std::stod(fmt::format("{:.2e}", value)), size = std::abs(rounded);
  const double unit = size < 1e3 ? 1 : size < 1e6 ? 1e3 : 1e6;
  const double shown = size / unit;
  const int decimals = shown >= 100 ? 0 : shown >= 10 ? 1 : shown >= 1 || shown == 0 ? 2 : 3;
  return fmt::format("{:.{}f}{}", rounded / unit, decimals, unit == 1 ? "" : unit == 1e3 ? " k" : " M");
}

}  // namespace medal
