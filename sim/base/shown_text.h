#pragma once

#include <string>

namespace medal {

/// A name out of a file that anybody may have written, as a message of one line shows it.
inline std::string shown_text(std::string text) {
  constexpr std::size_t kMost = 60;
  if (text.size() > kMost) text = text.substr(0, kMost) + " ...";
  for (char& byte : text)
    if (static_cast<unsigned char>(byte) < ' ') byte = ' ';
  return text;
}

}  // namespace medal
