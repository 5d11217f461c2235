#include "curriculum/presence/conditions.h"

#include "tests/support/catch.h"

using namespace medal;

TEST_CASE("cultural transmission is 1 for perfect recall, 3/4 for following, 0 for skill of one's own") {
  CHECK(cultural_transmission(50, 50, 0, 50) == 1.0);
  CHECK(cultural_transmission(50, 25, 0, 50) == 0.75);
  CHECK(cultural_transmission(40, 40, 40, 50) == 0.0);
  CHECK(cultural_transmission(10, 5, 30, 50) == Approx(-0.45));  // worse with the expert than alone
}

TEST_CASE("cultural transmission is 0 where the expert earns nothing") {
  CHECK(cultural_transmission(5, 5, 0, 0) == 0.0);
  CHECK(cultural_transmission(5, 5, 0, -3) == 0.0);
}

TEST_CASE("learners 0, 1, 2 see the expert always, until half-time, never, from one spawn; others as they did") {
  EpisodeSpec spec;
  spec.steps = 600;
  add_conditions(spec);
  const std::vector<PresenceTimeline> three = {
      {PresenceKind::full, true, {}}, {PresenceKind::half, true, {300}}, {PresenceKind::solo, false, {}}};
  CHECK(spec.presence == three);
  CHECK(spec.common_spawn);

  const PresenceTimeline other = {PresenceKind::markov, false, {7, 9}};
  spec.presence.assign(4, other);
  spec.common_spawn = false;
  add_conditions(spec);
  CHECK(std::vector(spec.presence.begin(), spec.presence.begin() + 3) == three);
  CHECK(spec.presence[3] == other);
  CHECK(spec.common_spawn);
}
