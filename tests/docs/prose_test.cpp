#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <string>
#include <vector>

#include "tests/support/catch.h"
#include "tests/support/places.h"

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kLineEnd = 120;  // characters

/// The project's own pages.
std::vector<fs::path> pages() {
  std::vector<fs::path> found;
  const fs::path root = medal::source_folder();
  for (const auto& entry : fs::directory_iterator(root))
    if (entry.path().extension() == ".md") found.push_back(entry.path());
  for (const char* folder : {"docs", "agents", "experiments", "examples"})
    if (fs::exists(root / folder))
      for (const auto& entry : fs::recursive_directory_iterator(root / folder))
        if (entry.path().extension() == ".md") found.push_back(entry.path());
  return found;
}

std::vector<std::string> lines_of(const fs::path& file) {
  std::ifstream stream(file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

/// Of UTF-8: bytes that do not go on a character.
std::size_t characters(const std::string& text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char byte) { return (byte & 0xC0) != 0x80; }));
}

/// Rows of tables cannot be cut, nor words such as addresses.
bool too_long(const std::string& line) {
  if (characters(line) <= kLineEnd || line.starts_with("|")) return false;
  const std::size_t begin = line.find_first_not_of(' ');
  return line.find(' ', begin) != std::string::npos;
}

/// What the links and pictures of a line lead to within the project, as they are written; addresses, places on the
/// page itself and code are left out.
std::vector<std::string> links_of(const std::string& line) {
  static const std::regex code("`[^`]*`"), link(R"(\]\(([^)\s]+)\))");
  const std::string text = std::regex_replace(line, code, "");
  std::vector<std::string> found;
  for (std::sregex_iterator i(text.begin(), text.end(), link), end; i != end; ++i) {
    const std::string target = (*i)[1];
    if (target.find("://") != std::string::npos || target.starts_with("mailto:") || target.starts_with("#")) continue;
    found.push_back(target.substr(0, target.find('#')));
  }
  return found;
}

}  // namespace

TEST_CASE("lines of the pages end by 120 characters") {
  CHECK(pages().size() >= 8);
  for (const fs::path& page : pages()) {
    int number = 0;
    for (const std::string& line : lines_of(page)) {
      ++number;
      INFO(page.string() << ":" << number << ": " << line);
      CHECK_FALSE(too_long(line));
    }
  }
}

TEST_CASE("every link and picture of the pages is there") {
  int links = 0;
  for (const fs::path& page : pages())
    for (const std::string& line : lines_of(page))
      for (const std::string& target : links_of(line)) {
        INFO(page.string() << ": " << target);
        CHECK(fs::exists(page.parent_path() / target));
        ++links;
      }
  CHECK(links >= 10);
}

TEST_CASE("a long line and a dead link are found out, a table's row and an address are not taken for them") {
  const std::string words = "Many words " + std::string(110, 'x');
  CHECK(too_long(words));
  CHECK_FALSE(too_long(words.substr(0, kLineEnd)));
  CHECK_FALSE(too_long("| " + words + " |"));
  CHECK_FALSE(too_long("  https://" + std::string(130, 'x')));
  CHECK_FALSE(too_long("\u00e4\u00f6 " + std::string(117, 'x')));  // 120 characters in 122 bytes
  CHECK(links_of("[a](b.md) ![c](d/e.png#f) [g](https://h.org) [i](#j) `[k](l)`") ==
        std::vector<std::string>{"b.md", "d/e.png"});
}
