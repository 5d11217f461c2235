#include "viewer/window/frame_times.h"

#include "tests/support/catch.h"

using namespace medal;

TEST_CASE("samples fall while frames are slow, down to one, and stay while they are fast") {
  SampleGovernor slow(4), fast(4);
  for (int k = 0; k < SampleGovernor::kFrames; ++k) {
    slow.update(0.1);
    fast.update(0.02);
  }
  CHECK(slow.samples() == 2);
  CHECK(fast.samples() == 4);
  for (int k = 0; k < 10 * SampleGovernor::kFrames; ++k) slow.update(0.1);
  CHECK(slow.samples() == 1);
  for (int k = 0; k < 10 * SampleGovernor::kFrames; ++k) slow.update(0.01);
  CHECK(slow.samples() == 1);
}

TEST_CASE("frame times tell rate and quantiles") {
  FrameTimes times;
  CHECK(times.frames_per_second() == 0);
  for (int k = 0; k < 99; ++k) times.add(0.02);
  times.add(0.52);
  CHECK(times.frames_per_second() == Approx(40).epsilon(0.01));
  CHECK(times.quantile(0.5) == Approx(0.02));
  CHECK(times.quantile(1) == Approx(0.52));
}
