#include "sim/base/job_crew.h"

#include <atomic>
#include <stdexcept>

#include "tests/support/catch.h"

using namespace medal;

TEST_CASE("every job of every batch is done once, by crews of any size") {
  for (const int threads : {1, 2, 5}) {
    JobCrew crew(threads);
    std::vector<std::atomic<int>> first(40), second(7);
    JobCrew::Batch one, two;
    CHECK(crew.ended(one));
    for (int round = 1; round <= 20; ++round) {
      crew.begin(one, 40, [&](int job) { ++first[static_cast<std::size_t>(job)]; });
      crew.begin(two, 7, [&](int job) { ++second[static_cast<std::size_t>(job)]; });
      crew.finish(two);
      CHECK(crew.ended(two));
      crew.finish(one);
      for (const auto& times : first) REQUIRE(times == round);
      for (const auto& times : second) REQUIRE(times == round);
    }
    CHECK_FALSE(crew.help());
  }
}

TEST_CASE("a lone thread does a batch's jobs in order, the batch first that began first") {
  JobCrew crew(1);
  std::vector<int> done;
  JobCrew::Batch one, two;
  crew.begin(one, 2, [&](int job) { done.push_back(job); });
  crew.begin(two, 2, [&](int job) { done.push_back(10 + job); });
  CHECK(crew.help());
  CHECK_FALSE(crew.ended(one));
  crew.finish(two);
  CHECK(crew.ended(one));
  CHECK(done == std::vector<int>{0, 1, 10, 11});
}

TEST_CASE("of jobs that fail the first one's exception is thrown, when all others are done, and only once") {
  JobCrew crew(3);
  std::atomic<int> done = 0;
  JobCrew::Batch batch;
  for (int round = 0; round < 2; ++round) {
    crew.begin(batch, 20, [&](int job) {
      if (job == 5 || job == 9) throw std::runtime_error("job " + std::to_string(job));
      ++done;
    });
    try {
      crew.finish(batch);
      FAIL("nothing was thrown");
    } catch (const std::runtime_error& error) {
      CHECK(std::string(error.what()) == "job 5");
    }
    CHECK(done == 18 * (round + 1));
  }
  crew.run(3, [&](int) { ++done; });
  CHECK(done == 39);
}
