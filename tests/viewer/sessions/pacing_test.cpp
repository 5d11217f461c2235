#include "viewer/sessions/pacing.h"

#include <limits>

#include "tests/support/catch.h"

using namespace medal;

namespace {

int steps_in(Pacing& pacing, double seconds, double frames_per_second) {
  int steps = 0;
  const int frames = static_cast<int>(seconds * frames_per_second + 0.5);
  for (int i = 0; i < frames; ++i) steps += pacing.advance(1 / frames_per_second);
  return steps;
}

}  // namespace

TEST_CASE("time in the world runs at the control rate whatever the frame rate, at every speed") {
  for (double fps : {7.0, 24.0, 60.0, 240.0})
    for (double speed : {0.25, 1.0, 4.0, 16.0}) {
      Pacing pacing(10);
      pacing.set_speed(speed);
      INFO(fps << " frames a second, speed " << speed);
      CHECK(steps_in(pacing, 10, fps) == Approx(100 * speed).margin(1));
    }
}

TEST_CASE("the speed stays within a quarter and sixteen times, and doubles and halves") {
  Pacing pacing(10);
  pacing.set_speed(1000);
  CHECK(pacing.speed() == 16);
  pacing.faster();
  CHECK(pacing.speed() == 16);
  pacing.set_speed(0);
  CHECK(pacing.speed() == 0.25);
  pacing.faster();
  CHECK(pacing.speed() == 0.5);
}

TEST_CASE("a stalled or slow machine gets slower instead of ever more behind") {
  Pacing pacing(10);
  CHECK(pacing.advance(3600) == 2);  // a quarter of a second, not an hour
  CHECK(pacing.advance(0.1) == 1);
  Pacing fast(60);
  fast.set_speed(16);
  for (int i = 0; i < 100; ++i) CHECK(fast.advance(0.5) == Pacing::kMostSteps);
  CHECK(fast.advance(0.0) == 0);  // what was due beyond is dropped, not kept
}

TEST_CASE("paused time does not pass; single steps do, each once") {
  Pacing pacing(10);
  pacing.set_paused(true);
  CHECK(pacing.advance(1) == 0);
  pacing.step_once();
  CHECK(pacing.advance(1) == 1);
  CHECK(pacing.share() == 1);
  CHECK(pacing.advance(1) == 0);
  pacing.set_paused(false);
  CHECK(pacing.advance(0.05) == 0);
  CHECK(pacing.share() == Approx(0.5));
  pacing.step_once();
  CHECK(pacing.paused());
}

TEST_CASE("time that is no time passes nothing") {
  Pacing pacing(10);
  CHECK(pacing.advance(-1) == 0);
  CHECK(pacing.advance(std::numeric_limits<double>::quiet_NaN()) == 0);
  CHECK(pacing.advance(0.21) == 2);
}
