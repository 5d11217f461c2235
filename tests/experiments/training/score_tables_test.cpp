#include "experiments/training/score_tables.h"

#include "tests/support/catch.h"

using namespace medal;

namespace {

EvaluationResult result() {
  EvaluationResult result;
  result.tasks.resize(3);
  result.rejected = 2;
  result.ct = {0.8125, 0.75, 0.9};
  result.full = {11.25, 10, 12};
  result.half = {9.5, 9, 10};
  result.solo = {-2.125, -3, -1};
  result.expert = {13, 12.5, 13.5};
  result.full_share = {0.9, 0.85, 0.95};
  result.half_share = {0.8, 0.7, 0.9};
  return result;
}

std::string line_with(const std::string& text, const std::string& word) {
  const std::size_t at = text.find(word);
  REQUIRE(at != std::string::npos);
  const std::size_t begin = text.rfind('\n', at) + 1;
  return text.substr(begin, text.find('\n', at) - begin);
}

}  // namespace

TEST_CASE("a table of scores says of each condition its mean and interval, and how many tasks there were") {
  const std::string table = evaluation_table(result());
  CHECK(table.find("On 3 held-out tasks (2 rejected), at penalty 1") != std::string::npos);
  CHECK(line_with(table, "CT,").find("0.812   0.750 .. 0.900") != std::string::npos);
  CHECK(line_with(table, "(full)").find("11.25   10.00 .. 12.00") != std::string::npos);
  CHECK(line_with(table, "(half)").find("9.50   9.00 .. 10.00") != std::string::npos);
  CHECK(line_with(table, "(solo)").find("-2.12   -3.00 .. -1.00") != std::string::npos);
  CHECK(line_with(table, "full / E").find("0.900   0.850 .. 0.950") != std::string::npos);
  CHECK(line_with(table, "half / E").find("0.800   0.700 .. 0.900") != std::string::npos);
  CHECK(line_with(table, "score (E)").find("13.00   12.50 .. 13.50") != std::string::npos);
}

TEST_CASE("a probe of several demonstrations has a table for each and one for all") {
  ProbeResult probe;
  probe.repeats = 7;
  probe.parts = {{"first", "a tour", "", 1, result()}, {"second", "", "", 1, result()}};
  probe.parts[1].result.full = {4, 3, 5};
  probe.total = result();
  const std::string text = probe_table(probe);
  CHECK(text.find("\nfirst: a tour\n") != std::string::npos);
  CHECK(text.find("\nsecond\n") != std::string::npos);
  CHECK(text.find("7 repetitions") != std::string::npos);
  CHECK(text.find("\nall\n\n  On 2 demonstrations") != std::string::npos);
  CHECK(line_with(text.substr(text.find("\nsecond\n")), "(full)").find("4.00   3.00 .. 5.00") != std::string::npos);
}
