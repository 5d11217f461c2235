#include "experiments/bench/records/performance_page.h"

#include "tests/support/catch.h"
#include "tests/support/file_helpers.h"
#include "tests/support/places.h"

using namespace medal;

TEST_CASE("the tables of performance say what was recorded last") {
  const std::string page = content_of(source_folder() / "docs/performance.md");
  CHECK(page.find("<!-- from experiments/results/bench/") != std::string::npos);
  CHECK(page == with_records(page, source_folder()));  // medal bench NAME --record brings it up to date
}
