#include "viewer/sessions/session_view.h"

#include <numbers>

#include "agents/experts/experts.h"
#include "curriculum/presence/conditions.h"
#include "sim/generation/generate_task.h"
#include "sim/lidar/ray_direction.h"
#include "tests/support/session_helpers.h"
#include "viewer/sessions/watch_session.h"

using namespace medal;

TEST_CASE("between two states an avatar turns the short way round, moves evenly and changes its posture half-way") {
  AvatarState from, to;
  from.yaw = 3.0F;
  to.yaw = -3.0F;
  from.feet = Vec3(0, 0, 0);
  to.feet = Vec3(2, 4, 6);
  from.velocity = Vec3(1, 0, 0);
  to.velocity = Vec3(3, 0, -2);
  to.crouching = true;
  const AvatarState middle = between(from, to, 0.5F);
  CHECK(std::abs(middle.yaw) == Approx(std::numbers::pi).epsilon(1e-4));
  CHECK(middle.feet == Vec3(1, 2, 3));
  CHECK(middle.velocity == Vec3(2, 0, -1));
  CHECK_FALSE(between(from, to, 0.4F).crouching);
  CHECK(between(from, to, 0.6F).crouching);
  CHECK(between(from, to, 0).feet == from.feet);
  CHECK(between(from, to, 1).feet == to.feet);
  CHECK(between(from, to, 1).yaw == Approx(-3));
}

TEST_CASE("every LIDAR ray that is shown ends on what it meets") {
  WatchOptions options;
  options.parameters = small_world();
  options.parameters.upright_density = 0.03F;
  options.parameters.bumpiness = 0.5F;
  const WatchSession session(options);
  const SessionView view = session.view();
  int met = 0;
  for (int ray = 0; ray < view.lidar.options.rays(); ++ray) {
    const Vec3 direction = ray_direction(view.lidar.options, ray, view.lidar.yaw);
    const RayHit reference = cast_ray_reference(*view.task, view.lidar.eye, direction, view.lidar.options.range, {});
    const RayHit& hit = view.lidar.hits[static_cast<std::size_t>(ray)];
    CHECK(hit.solid_distance == Approx(reference.solid_distance).margin(0.02));
    CHECK(hit.goal == reference.goal);
    if (hit.solid_distance > 0) ++met;
  }
  CHECK(met > 20);
}

TEST_CASE("a learner's entries count with the expert or without it, by whether it saw it when it made them") {
  EpisodeSpec spec;
  spec.parameters = small_world(30);
  spec.steps = spec.parameters.episode_steps();
  spec.presence = {{PresenceKind::half, true, {spec.steps / 3}}};
  const auto task = std::make_shared<const Task>(generate_task(spec.parameters, 0));
  NavmeshCache cache(1);
  const LidarCaster caster{LidarOptions{}};
  Episode episode(spec, task, nullptr, caster);
  const auto bot = make_expert(*task, 3, cache);  // in the learner's seat: it makes no mistakes
  Timeline timeline(task);
  timeline.add(episode);
  int entered_with = 0;
  while (!episode.finished()) {
    const bool seen = episode.expert_visible(0);
    const Action action =
        bot->act({*task, episode.learner_avatar(0), episode.learner_score(0).history, episode.step_count()});
    const int before = episode.learner_score(0).history.correct;
    episode.step({&action, 1});
    if (seen) entered_with += episode.learner_score(0).history.correct - before;
    timeline.add(episode);
  }
  const GameHalves halves = halves_of(timeline, 0);
  REQUIRE(entered_with > 2);
  CHECK(halves.with_expert.right == entered_with);
  CHECK(halves.with_expert.right + halves.without_expert.right == episode.learner_score(0).history.correct);
  CHECK(halves.without_expert.right > halves.with_expert.right);
  CHECK(halves.with_expert.wrong + halves.without_expert.wrong == 0);
  CHECK(halves.seconds_with == Approx(10));
  CHECK(halves.seconds_without == Approx(20));
}
