#pragma once

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <stdexcept>
#include <string>

namespace medal {

/// A mistake of the user (bad key, missing file, wrong device). Its message is one line that names the thing and the
/// mend; `main` prints it on stderr and exits with code 2.
class UserError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// The first line of what a library says: the ones below are its call stack.
inline std::string first_line(const std::exception& error) {
  const std::string text = error.what();
  return text.substr(0, text.find('\n'));
}

[[noreturn]] inline void check_failed(const char* expression, const char* file, int line, const std::string& detail) {
  std::fprintf(stderr, "%s:%d: check failed: %s %s\n", file, line, expression, detail.c_str());
  std::abort();
}

}  // namespace medal

/// Asserts a programming invariant in every build. Not for user mistakes; those throw UserError.
#define MEDAL_CHECK(condition, ...)                                                                    \
  do {                                                                                                 \
    if (!(condition)) ::medal::check_failed(#condition, __FILE__, __LINE__, std::string{__VA_ARGS__}); \
  } while (false)
