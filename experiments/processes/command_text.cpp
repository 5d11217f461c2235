#include "experiments/processes/command_text.h"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <string_view>

namespace medal {
namespace {

constexpr const char* kCommandVariable = "MEDAL_COMMAND";

}  // namespace

std::string shell_word(const std::string& text) {
  const auto plain = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::string_view("._-+=/:,").find(c) != std::string_view::npos;
  };
  if (!text.empty() && std::all_of(text.begin(), text.end(), plain)) return text;
  std::string word = "'";
  for (const char c : text) word += c == '\'' ? "'\\''" : std::string(1, c);
  return word + "'";
}

bool is_text(const std::string& text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0x20 || lead == 0x7F || (lead >= 0x80 && lead < 0xC2) || lead > 0xF4 || i + length > text.size())
      return false;
    for (std::size_t k = 1; k < length; ++k)
      if ((static_cast<unsigned char>(text[i + k]) & 0xC0) != 0x80) return false;
    i += length;
  }
  return true;
}

std::string medal_command() {
  const char* name = std::getenv(kCommandVariable);
  return name != nullptr && *name != '\0' ? shell_word(name) : "medal";
}

void note_medal_command(const std::string& name) { ::setenv(kCommandVariable, name.c_str(), 0); }

}  // namespace medal
