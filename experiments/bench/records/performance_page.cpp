#include "experiments/bench/records/performance_page.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <regex>
#include <sstream>
#include <stdexcept>
#include <vector>

#include "experiments/bench/records/record_table.h"

namespace medal {
namespace {

using Cells = std::vector<std::string>;

constexpr const char* kNothing = "-";

Cells cells_of(const std::string& line) {
  Cells cells;
  std::istringstream stream(line);
  std::string cell;
  std::getline(stream, cell, '|');
  while (std::getline(stream, cell, '|')) {
    const auto begin = cell.find_first_not_of(' '), end = cell.find_last_not_of(' ');
    cells.push_back(begin == std::string::npos ? "" : cell.substr(begin, end - begin + 1));
  }
  return cells;
}

std::string line_of(const Cells& cells) {
  std::string line = "|";
  for (const std::string& cell : cells) line += (cell.empty() ? " " : " " + cell + " ") + "|";
  return line;
}

/// The last row's that has it.
std::optional<double> recorded(const std::filesystem::path& folder, const std::string& figure) {
  const auto colon = figure.find(':');
  const std::string suite = figure.substr(0, colon == std::string::npos ? figure.find('.') : colon);
  const std::string name = colon == std::string::npos ? figure : figure.substr(colon + 1);
  std::ifstream stream(folder / (suite + ".csv"));
  const RecordTable table = parse_records({std::istreambuf_iterator<char>(stream), {}});
  std::optional<double> last;
  for (const auto& row : table.rows)
    if (const auto found = row.find(name); found != row.end() && !found->second.empty())
      last = std::stod(found->second);
  return last;
}

std::string text_of(std::optional<double> value) { return value ? page_number(*value) : kNothing; }

/// One side of a step: its cell is brought up to date, its number returned.
std::optional<double> update_side(const std::filesystem::path& folder, const std::string& figure, std::string& cell) {
  std::smatch lead;
  std::optional<double> value;
  if (std::regex_search(cell, lead, std::regex("^`(\\.[^`]*)` ")))
    value = recorded(folder, figure + lead[1].str());
  else if (std::regex_search(cell, lead, std::regex("^`([^`.]*)/` ")))
    value = recorded(folder.parent_path() / lead[1].str(), figure);
  else
    value = recorded(folder, figure);
  cell = (lead.empty() ? "" : lead[0].str()) + text_of(value);
  return value;
}

Cells updated(const std::filesystem::path& folder, const Cells& header, Cells cells) {
  if (cells.size() != header.size()) throw std::runtime_error("a line is unlike its header: " + line_of(cells));
  const auto cell = [&](const std::string& column) -> std::string& {
    const auto found = std::find(header.begin(), header.end(), column);
    if (found == header.end()) throw std::runtime_error("a table has no column '" + column + "'");
    return cells[static_cast<std::size_t>(found - header.begin())];
  };
  const std::string quoted = cell("figure");
  if (quoted.size() < 3) throw std::runtime_error("no figure: " + line_of(cells));
  const std::string figure = quoted.substr(1, quoted.size() - 2);
  if (std::find(header.begin(), header.end(), "median") != header.end()) {
    const auto number = [&](const char* of) { return text_of(recorded(folder, figure + of)); };
    cell("median") = number("") + " (" + number(".min") + " .. " + number(".max") + ")";
    return cells;
  }
  const auto before = update_side(folder, figure, cell("before")), after = update_side(folder, figure, cell("after"));
  cell("times") =
      before && after ? page_number(std::max(*before, *after) / std::min(*before, *after)) : std::string(kNothing);
  return cells;
}

}  // namespace

std::string with_records(const std::string& page, const std::filesystem::path& root) {
  const std::regex from("<!-- from (\\S+) -->");
  std::istringstream lines(page);
  std::string text, folder;
  Cells header;
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (std::regex_match(line, match, from)) folder = match[1];
    if (line == "<!-- end -->") folder.clear();
    if (folder.empty() || !line.starts_with("|"))
      header.clear();
    else if (header.empty())
      header = cells_of(line);
    else if (!line.starts_with("|--"))
      line = line_of(updated(root / folder, header, cells_of(line)));
    text += line + "\n";
  }
  return text;
}

}  // namespace medal
