#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "tests/support/catch.h"
#include "tests/support/places.h"

namespace {

std::string read(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

/// docs/results.md, taken apart: tables that stand between "<!-- from FILE -->" and "<!-- end -->", and all else but
/// code.
struct Page {
  struct Table {
    std::string file, text;
  };
  std::vector<Table> tables;
  std::string prose;
};

Page take_apart(const std::string& text) {
  Page page;
  std::istringstream lines(text);
  bool in_table = false, in_code = false;
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (std::regex_match(line, match, std::regex("<!-- from (\\S+) -->"))) {
      page.tables.push_back({match[1], ""});
      in_table = true;
    } else if (line == "<!-- end -->") {
      in_table = false;
    } else if (in_table) {
      page.tables.back().text += line + "\n";
    } else if (line.starts_with("```")) {
      in_code = !in_code;
    } else if (!in_code && !line.starts_with("    ")) {
      page.prose += std::regex_replace(line, std::regex("`[^`]*`"), "") + "\n";
    }
  }
  return page;
}

/// Numbers with a decimal point: the kind that is measured.
std::vector<std::string> decimals(const std::string& text) {
  const std::regex number("[0-9]+\\.[0-9]+");
  std::vector<std::string> found;
  for (std::sregex_iterator i(text.begin(), text.end(), number), end; i != end; ++i) found.push_back(i->str());
  return found;
}

}  // namespace

TEST_CASE("every table of results stands as it is in a file that the program wrote") {
  const std::filesystem::path root = medal::source_folder();
  const Page page = take_apart(read(root / "docs/results.md"));
  CHECK(page.tables.size() >= 3);
  for (const Page::Table& table : page.tables) {
    INFO(table.file << ":\n" << table.text);
    CHECK(table.text.find('|') != std::string::npos);
    CHECK(read(root / table.file).find(table.text) != std::string::npos);
  }
}

TEST_CASE("every measured number in the text of results stands in one of its tables") {
  const Page page = take_apart(read(medal::source_folder() / "docs/results.md"));
  std::string tables;
  for (const Page::Table& table : page.tables) tables += table.text;
  const std::vector<std::string> known = decimals(tables);
  for (const std::string& number : decimals(page.prose)) {
    INFO(number);
    CHECK(std::find(known.begin(), known.end(), number) != known.end());
  }
}

TEST_CASE("a number that no table has, or a table that no file has, is found out") {
  const Page page = take_apart(
      "CT is 0.75, by `medal eval --seed 1.5`.\n<!-- from a/b.md -->\n| CT | 0.71 |\n<!-- end -->\n```\n9.9\n```\n");
  REQUIRE(page.tables.size() == 1);
  CHECK(page.tables[0].file == "a/b.md");
  CHECK(page.tables[0].text == "| CT | 0.71 |\n");
  CHECK(decimals(page.prose) == std::vector<std::string>{"0.75"});
  CHECK(decimals(page.tables[0].text) == std::vector<std::string>{"0.71"});
}
