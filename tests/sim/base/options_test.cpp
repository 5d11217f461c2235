#include "sim/base/options.h"

#include <array>

#include "tests/support/catch.h"

using namespace medal;

namespace {

enum class Colours { even, random };
constexpr std::array<std::string_view, 2> kColourNames = {"even", "random"};

/// Options of a later program: all but `always` are newer than some of its files, or have another default since.
struct LaterOptions {
  int always = 4;
  int count = 1;
  double weight = 0.0;
  float share = 0.5F;
  bool flag = true;
  std::string text = "new";
  Colours colours = Colours::random;
};

template <class Visitor>
void describe(LaterOptions& o, Visitor&& visit) {
  visit(Field{"always", "", 0, 9, "Known ever since."}, o.always);
  visit(Field{"count", "", 0, 9, "A whole number."}.in_older_files(7.0), o.count);
  visit(Field{"weight", "", 0, 9, "A number."}.in_older_files(3.0), o.weight);
  visit(Field{"share", "", 0, 1, "A number."}.in_older_files(0.25), o.share);
  visit(Field{"flag", "", 0, 1, "A switch."}.in_older_files(0.0), o.flag);
  visit(Field{"text", "", 0, 0, "A text."}.in_older_files("old"), o.text);
  visit_choice(visit, choice_field("colours", "A choice.", kColourNames).in_older_files("even"), o.colours);
}

}  // namespace

TEST_CASE("what a file does not know has the value of its time, and the default where that never changed") {
  const auto older = options_of_older_files<LaterOptions>();
  CHECK(older.always == 4);
  CHECK(older.count == 7);
  CHECK(older.weight == 3.0);
  CHECK(older.share == 0.25F);
  CHECK_FALSE(older.flag);
  CHECK(older.text == "old");
  CHECK(older.colours == Colours::even);
}

TEST_CASE("a choice is found by its name alone") {
  CHECK(choice_index(kColourNames, "random") == 1);
  CHECK(choice_index(kColourNames, "Random") == -1);
  CHECK(choice_index(kColourNames, "") == -1);
}
