#include "sim/base/nearest_name.h"

#include <string>
#include <vector>

#include "tests/support/catch.h"

using namespace medal;

TEST_CASE("the edit distance counts insertions, deletions and replacements") {
  CHECK(edit_distance("", "") == 0);
  CHECK(edit_distance("", "abc") == 3);
  CHECK(edit_distance("goals", "") == 5);
  CHECK(edit_distance("kitten", "sitting") == 3);
  CHECK(edit_distance("penalty", "penalti") == 1);
  CHECK(edit_distance("steps", "step") == 1);
}

TEST_CASE("a mistyped name is answered with the nearest valid one, the first of equals") {
  const std::vector<std::string> names = {"goals", "goal_radius", "penalty", "goaly"};
  CHECK(nearest_name("goal", names) == "goals");
  CHECK(nearest_name("penalti", names) == "penalty");
  CHECK(nearest_name("goal_radios", names) == "goal_radius");
  CHECK(nearest_name("anything", std::vector<std::string>{}).empty());
}
