#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <string>
#include <utility>

namespace medal {

/// As fmt::print, which throws where nobody reads any more: a closed window or pipe must not end the work. Whether all
/// was written, `main` asks at its end.
template <class... Arguments>
void tell(std::FILE* out, fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  const std::string text = fmt::format(format, std::forward<Arguments>(arguments)...);
  std::fwrite(text.data(), 1, text.size(), out);
}

template <class... Arguments>
void tell(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  tell(stdout, format, std::forward<Arguments>(arguments)...);
}

}  // namespace medal
