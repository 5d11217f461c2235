#include <sched.h>

#include "experiments/processes/local_ranks.h"
#include "tests/support/catch.h"
#include "tests/support/file_helpers.h"

using namespace medal;

TEST_CASE("the cores that are counted are those that this process may run on") {
  const std::string quota = content_of("/sys/fs/cgroup/cpu.max");
  cpu_set_t all, one;
  ::sched_getaffinity(0, sizeof all, &all);
  CPU_ZERO(&one);
  CPU_SET(::sched_getcpu(), &one);
  ::sched_setaffinity(0, sizeof one, &one);
  CHECK(available_cores() == 1);
  ::sched_setaffinity(0, sizeof all, &all);
  CHECK(available_cores() == cores_within_quota(quota, CPU_COUNT(&all)));
}

TEST_CASE("a container's quota bounds the cores, a part of one counting as one") {
  CHECK(cores_within_quota("max 100000\n", 8) == 8);
  CHECK(cores_within_quota("200000 100000\n", 8) == 2);
  CHECK(cores_within_quota("210000 100000\n", 8) == 3);
  CHECK(cores_within_quota("50000 100000\n", 8) == 1);
  CHECK(cores_within_quota("1600000 100000\n", 8) == 8);
  CHECK(cores_within_quota("", 8) == 8);
}
