#include "experiments/bench/records/performance_page.h"

#include "tests/support/catch.h"
#include "tests/support/file_helpers.h"

using namespace medal;

TEST_CASE("a page's tables take the numbers that were recorded last, and all else stays") {
  const TemporaryFolder root("performance_page");
  std::filesystem::create_directories(root.path / "a");
  std::filesystem::create_directories(root.path / "b");
  std::ofstream(root.path / "a/sim.csv") << "commit,sim.rate,sim.rate.min,sim.rate.max,sim.rate.old\n"
                                         << "x,1,1,1,4\ny,20000,19500,21000,\n";
  std::ofstream(root.path / "b/sim.csv") << "commit,sim.rate\nx,10\n";
  const std::string page =
      "# Page\n<!-- from a -->\n"
      "| what | figure | median | wanted |\n|---|---|---|---|\n"
      "| rate | `sim.rate` | 1 | 2, 3 |\n"
      "| none | `lidar.time` | 1 | |\n\n"
      "| figure | before | after | times |\n|---|---|---|---|\n"
      "| `sim.rate` | `.old` 3 | 1 | 1 |\n"
      "| `sim:sim.rate` | `b/` 3 | 1 | 1 |\n"
      "| `sim.rate` | `.none` 3 | 1 | 1 |\n"
      "<!-- end -->\n| figure | of another | table |\n";
  CHECK(with_records(page, root.path) ==
        "# Page\n<!-- from a -->\n"
        "| what | figure | median | wanted |\n|---|---|---|---|\n"
        "| rate | `sim.rate` | 20.0 k (19.5 k .. 21.0 k) | 2, 3 |\n"
        "| none | `lidar.time` | - (- .. -) | |\n\n"
        "| figure | before | after | times |\n|---|---|---|---|\n"
        "| `sim.rate` | `.old` 4.00 | 20.0 k | 5.00 k |\n"
        "| `sim:sim.rate` | `b/` 10.0 | 20.0 k | 2.00 k |\n"
        "| `sim.rate` | `.none` - | 20.0 k | - |\n"
        "<!-- end -->\n| figure | of another | table |\n");
}

TEST_CASE("a table that names no figure is found out") {
  CHECK_THROWS(with_records("<!-- from a -->\n| what | median |\n| rate | 1 |\n", "."));
  CHECK_THROWS(with_records("<!-- from a -->\n| figure | median |\n| `sim.rate` |\n", "."));
}
