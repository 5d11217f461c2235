// No #pragma once: the end of this file counts each time, for tests that compile as one.
#ifndef MEDAL_TESTS_SUPPORT_CATCH_H
#define MEDAL_TESTS_SUPPORT_CATCH_H

#if __has_include(<catch2/catch_all.hpp>)
#include <catch2/catch_all.hpp>
using Catch::Approx;
#else
#include <catch2/catch.hpp>
#endif

#include <string>

/// Matches texts that hold `part`; the two versions of Catch2 name it differently.
inline auto has_text(const std::string& part) {
#if __has_include(<catch2/catch_all.hpp>)
  return Catch::Matchers::ContainsSubstring(part);
#else
  return Catch::Matchers::Contains(part);
#endif
}

#endif

// LibTorch's headers have a CHECK of their own, which ends the program; another test of the unit may have read them.
#undef CHECK
#define CHECK(...) INTERNAL_CATCH_TEST("CHECK", Catch::ResultDisposition::ContinueOnFailure, __VA_ARGS__)
