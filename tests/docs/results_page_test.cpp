#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/catch.h"
#include "tests/support/places.h"

using namespace medal;

namespace {

std::string read(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

/// What stands below one heading: tables between "<!-- from FILE -->" and "<!-- end -->"; the files of
/// "<!-- numbers from FILE ... -->", which hold numbers of the text; and all else but code.
struct Section {
  struct Table {
    std::string file, text;
  };
  std::string title;
  std::vector<Table> tables;
  std::vector<std::string> sources;
  std::string prose;
};

std::vector<Section> take_apart(const std::string& text) {
  std::vector<Section> sections(1);
  std::istringstream lines(text);
  bool in_table = false, in_code = false;
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (line.starts_with("## ")) sections.push_back({line, {}, {}, {}});
    Section& section = sections.back();
    if (std::regex_match(line, match, std::regex("<!-- from (\\S+) -->"))) {
      section.tables.push_back({match[1], ""});
      in_table = true;
    } else if (line == "<!-- end -->") {
      in_table = false;
    } else if (std::regex_match(line, match, std::regex("<!-- numbers from (.+) -->"))) {
      std::istringstream files(match[1]);
      for (std::string file; files >> file;) section.sources.push_back(file);
    } else if (in_table) {
      section.tables.back().text += line + "\n";
    } else if (line.starts_with("```")) {
      in_code = !in_code;
    } else if (!in_code && !line.starts_with("    ")) {
      section.prose += std::regex_replace(line, std::regex("`[^`]*`|\\]\\([^)]*\\)"), "") + "\n";
    }
  }
  return sections;
}

std::vector<std::smatch> matches(const std::string& text, const std::regex& pattern) {
  return {std::sregex_iterator(text.begin(), text.end(), pattern), std::sregex_iterator()};
}

/// Numbers with a decimal point, as they are written: the kind that is measured.
std::vector<std::string> decimals(const std::string& text) {
  std::vector<std::string> found;
  for (const std::smatch& match : matches(text, std::regex("[0-9]+\\.[0-9]+"))) found.push_back(match.str());
  return found;
}

/// Whole numbers with a unit ("14 M steps", "7 to 20 minutes"), in units of 1, seconds and metres.
std::vector<double> quantities(const std::string& text) {
  static const std::regex pattern(
      "\\b([0-9]+)(?: (?:to|and|or) ([0-9]+))?[ \n](%|M|k|m|minutes|min|seconds|s|hours|h|MiB|GiB)(?![A-Za-z0-9])");
  const auto scale = [](const std::string& unit) {
    if (unit == "%") return 0.01;
    if (unit == "M") return 1e6;
    if (unit == "k") return 1e3;
    if (unit.starts_with("min")) return 60.0;
    return unit.starts_with('h') ? 3600.0 : 1.0;
  };
  std::vector<double> found;
  for (const std::smatch& match : matches(text, pattern))
    for (const int group : {1, 2})
      if (match[static_cast<std::size_t>(group)].matched)
        found.push_back(std::stod(match.str(static_cast<std::size_t>(group))) * scale(match.str(3)));
  return found;
}

/// All numbers of a file, however they are written.
std::vector<double> numbers(const std::string& text) {
  std::vector<double> found;
  for (const std::smatch& match : matches(text, std::regex("[0-9]+(?:\\.[0-9]+)?(?:e[0-9]+)?")))
    found.push_back(std::stod(match.str()));
  return found;
}

/// What the text of a section says that neither its tables nor the files that it names hold.
std::vector<std::string> untied(const Section& section, const std::filesystem::path& root) {
  std::string tables, sources;
  for (const Section::Table& table : section.tables) tables += table.text;
  for (const std::string& file : section.sources) sources += read(root / file) + "\n";
  const std::vector<std::string> known = decimals(tables + sources);
  std::vector<std::string> missing;
  for (const std::string& number : decimals(section.prose))
    if (std::find(known.begin(), known.end(), number) == known.end()) missing.push_back(number);
  std::vector<double> values = quantities(tables + sources);
  for (const double number : numbers(sources)) values.push_back(number);
  for (const double quantity : quantities(section.prose)) {
    // Rounded: 42 minutes are 2544 seconds.
    const auto is_it = [quantity](double value) { return std::abs(value - quantity) <= 0.02 * quantity; };
    if (std::none_of(values.begin(), values.end(), is_it)) missing.push_back(std::to_string(quantity));
  }
  return missing;
}

}  // namespace

TEST_CASE("every table of results stands as it is in a file that the program wrote") {
  const std::filesystem::path root = source_folder();
  const std::vector<std::pair<std::string, int>> pages = {{"docs/results.md", 9}, {"README.md", 1}};
  for (const auto& [page, least] : pages) {
    int tables = 0;
    for (const Section& section : take_apart(read(root / page)))
      for (const Section::Table& table : section.tables) {
        INFO(page << ", " << table.file << ":\n" << table.text);
        CHECK(table.text.find('|') != std::string::npos);
        CHECK(read(root / table.file).find(table.text) != std::string::npos);
        ++tables;
      }
    CHECK(tables >= least);
  }
}

TEST_CASE("every number of results in the text stands in a table of its section, or in a file that the section names") {
  const std::filesystem::path root = source_folder();
  for (const Section& section : take_apart(read(root / "docs/results.md"))) {
    INFO(section.title);
    CHECK(untied(section, root) == std::vector<std::string>{});
  }
}

TEST_CASE("a number that its section's tables do not have, or a table that no file has, is found out") {
  const std::filesystem::path root = source_folder();
  const std::vector<Section> sections = take_apart(
      "CT is 0.75, by `medal eval --seed 1.5`.\n## A\nCT is 0.71 after 3 M steps or 4 to 7 minutes, not 0.75.\n"
      "<!-- from a/b.md -->\n| CT after 3 M steps | 0.71 |\n<!-- end -->\n```\n9.9\n```\n"
      "## B\n10 M steps in 14 m, 85 % of them with 33 %.\n<!-- numbers from experiments/presets/quick.toml -->\n");
  REQUIRE(sections.size() == 3);
  REQUIRE(sections[1].tables.size() == 1);
  CHECK(sections[1].tables[0].file == "a/b.md");
  CHECK(sections[1].tables[0].text == "| CT after 3 M steps | 0.71 |\n");
  CHECK(untied(sections[0], root) == std::vector<std::string>{"0.75"});
  CHECK(untied(sections[1], root) == std::vector<std::string>{"0.75", "240.000000", "420.000000"});
  CHECK(untied(sections[2], root) == std::vector<std::string>{"0.330000"});
}
