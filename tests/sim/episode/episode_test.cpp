#include "sim/episode/episode.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "sim/episode/presence_timeline.h"
#include "sim/generation/generate_task.h"
#include "tests/support/catch.h"
#include "tests/support/wanderer.h"

using namespace medal;

namespace {

constexpr std::uint64_t kExpertSeed = 77;

/// An empty flat arena of 20 m with a goal at the origin and two far off; everybody starts at `start`, looking along
/// +X.
std::shared_ptr<Task> three_goals(const Vec3& start, float radius = 1) {
  auto task = std::make_shared<Task>();
  task->terrain.cells = 20;
  task->terrain.heights.assign(21 * 21 + 2, 0);
  task->goals = {{Vec3(0, 0, 0.9F), radius, Vec3(1, 0, 0)},
                 {Vec3(-7, 7, 0.9F), radius, Vec3(0, 1, 0)},
                 {Vec3(7, 7, 0.9F), radius, Vec3(0, 0, 1)}};
  task->order = {0, 1, 2};
  task->expert_spawn = {Vec3(-8, -8, 0), 0};
  task->learner_spawns.assign(kMaximumLearners, {start, 0});
  return task;
}

EpisodeSpec spec_for(const TaskParameters& parameters, std::uint64_t seed, const std::vector<PresenceKind>& presence) {
  EpisodeSpec spec;
  spec.parameters = parameters;
  spec.seed = spec.geometry_seed = seed;
  spec.steps = parameters.episode_steps();
  for (const PresenceKind kind : presence) spec.presence.push_back(fixed_presence(kind, spec.steps));
  return spec;
}

std::shared_ptr<const Task> expand(const EpisodeSpec& spec) {
  return std::make_shared<const Task>(generate_task(spec.parameters, spec.seed, spec.geometry_seed));
}

const LidarCaster& caster() {
  static const LidarCaster instance{LidarOptions{}};
  return instance;
}

Episode play(const EpisodeSpec& spec, std::shared_ptr<const Task> task) {
  return {spec, std::move(task), std::make_unique<Wanderer>(kExpertSeed), caster()};
}

/// One learner, no expert.
Episode play_alone(const std::shared_ptr<Task>& task) {
  const EpisodeSpec spec = spec_for(task->parameters, 0, {PresenceKind::solo});
  return {spec, task, nullptr, caster()};
}

void step_one(Episode& episode, const Action& action) { episode.step(std::span(&action, 1)); }

/// A small arena full of large goals, where whoever wanders enters many.
TaskParameters crowded() {
  TaskParameters parameters;
  parameters.arena_size = 12;
  parameters.goals = 8;
  parameters.goal_radius = 1.2F;
  parameters.goal_spacing = 2.5F;
  parameters.upright_density = parameters.low_bar_density = parameters.overhead_bar_density = 0;
  return parameters;
}

std::vector<float> observe(const Episode& episode, int learner) {
  std::vector<float> row(static_cast<std::size_t>(observation_size(caster().options())));
  episode.observe(learner, row);
  return row;
}

float presence_flag(const Episode& episode, int learner) {
  std::array<float, kPrivilegedSize> target{};
  episode.observe_privileged(learner, target);
  return target[static_cast<std::size_t>(privileged_slice("expert_place").mask())];
}

/// Whether any ray of the learner meets an avatar.
bool sees_somebody(const Episode& episode, int learner) {
  const std::vector<float> row = observe(episode, learner);
  const ObservationLayout layout = observation_layout(caster().options());
  const auto first = row.begin() + layout.find("lidar_avatar")->offset;
  return std::any_of(first, first + layout.rays, [](float proximity) { return proximity != 0; });
}

bool same_avatar(const AvatarState& a, const AvatarState& b) {
  return a.feet == b.feet && a.velocity == b.velocity && a.yaw == b.yaw && a.on_ground == b.on_ground &&
         a.crouching == b.crouching && a.inside_goal == b.inside_goal;
}

}  // namespace

TEST_CASE("an entry counts even where the avatar is outside at the end of every control step") {
  // At 5 Hz a runner covers 1.2 m in a step; the sphere is 0.82 m long where it is crossed.
  constexpr float kBeside = 0.8F, kRadius = 0.5F;
  int unseen = 0;
  for (int i = 0; i < 8; ++i) {
    const auto task = three_goals(Vec3(-6 + 0.15F * static_cast<float>(i), kBeside, 0), kRadius);
    task->parameters.control_rate = 5;
    task->parameters.substeps = 16;
    Episode episode = play_alone(task);
    float reward = 0;
    bool seen_inside = false;
    for (int step = 0; step < 11; ++step) {
      step_one(episode, {.forward = 1});
      reward += episode.last_reward(0);
      seen_inside = seen_inside || episode.learner_avatar(0).inside_goal >= 0;
    }
    REQUIRE(episode.learner_avatar(0).feet.x() > 2);
    CHECK(reward == 1);
    CHECK(episode.learner_score(0).history.correct == 1);
    if (!seen_inside) ++unseen;
  }
  CHECK(unseen > 0);

  Episode missed = play_alone(three_goals(Vec3(-6, kRadius + kAvatar.radius + 0.02F, 0), kRadius));
  for (int step = 0; step < 25; ++step) step_one(missed, {.forward = 1});
  REQUIRE(missed.learner_avatar(0).feet.x() > 2);
  CHECK(missed.learner_score(0).history.correct == 0);
}

TEST_CASE("a sphere counts again only after the player has left it") {
  const auto task = three_goals(Vec3(-3, 0, 0));
  task->parameters.reward_rule = RewardRuleKind::ndousse;  // where entering the last goal again costs
  Episode episode = play_alone(task);
  const AvatarState& avatar = episode.learner_avatar(0);
  const PlayerScore& score = episode.learner_score(0);
  const auto walk_until = [&](float forward, bool inside) {
    for (int step = 0; step < 50 && (avatar.inside_goal == 0) != inside; ++step)
      step_one(episode, {.forward = forward});
    REQUIRE((avatar.inside_goal == 0) == inside);
  };
  walk_until(1, true);
  CHECK(episode.last_reward(0) == 1);
  for (int step = 0; step < 30; ++step) {  // stays, hops and ducks within
    step_one(episode, {.turn = 1, .jump = step == 5 ? 1.0F : -1.0F, .crouch = step > 20 ? 1.0F : -1.0F});
    REQUIRE(episode.last_reward(0) == 0);
    REQUIRE(avatar.inside_goal == 0);
  }
  walk_until(1, false);
  CHECK(episode.last_reward(0) == 0);
  CHECK(score.history.wrong == 0);
  walk_until(-1, true);
  CHECK(episode.last_reward(0) == -1.5F);
  CHECK(score.history.wrong == 1);
}

TEST_CASE("the whole capsule touches goals: a jump reaches one overhead, ducking leaves it") {
  const auto task = three_goals(Vec3(0, 0, 0));
  task->goals[0].center.z() = 3.4F;
  Episode jumper = play_alone(task);
  for (int step = 0; step < 5; ++step) step_one(jumper, {});
  CHECK(jumper.learner_score(0).reward == 0);
  for (int step = 0; step < 6; ++step) step_one(jumper, {.jump = 1});
  CHECK(jumper.learner_score(0).reward == 1);

  task->goals[0].center.z() = 2.6F;  // from 1.6 m up: above 1 m, below 1.8 m
  Episode ducker = play_alone(task);
  step_one(ducker, {});
  CHECK(ducker.learner_avatar(0).inside_goal == 0);
  step_one(ducker, {.crouch = 1});
  CHECK(ducker.learner_avatar(0).inside_goal == -1);
}

TEST_CASE("nobody spawns inside a goal") {
  for (const bool common_spawn : {false, true})
    for (std::uint64_t seed = 0; seed < 12; ++seed) {
      TaskParameters parameters = crowded();
      parameters.bumpiness = 0.1F * static_cast<float>(seed);
      EpisodeSpec spec = spec_for(parameters, seed, std::vector<PresenceKind>(kMaximumLearners, PresenceKind::full));
      spec.common_spawn = common_spawn;
      Episode episode(spec, expand(spec), nullptr, caster());
      episode.step(std::vector<Action>(kMaximumLearners));
      CHECK(episode.expert_avatar().inside_goal == -1);
      CHECK(episode.expert_score().history.last_goal == -1);
      for (int k = 0; k < kMaximumLearners; ++k) {
        CHECK(episode.learner_avatar(k).inside_goal == -1);
        CHECK(episode.learner_score(k).history.last_goal == -1);
        if (common_spawn) CHECK(same_avatar(episode.learner_avatar(k), episode.learner_avatar(0)));
      }
    }
}

TEST_CASE("expert dropout changes a mask and not the world") {
  const TaskParameters parameters;
  const EpisodeSpec always = spec_for(parameters, 4, {PresenceKind::full, PresenceKind::full});
  EpisodeSpec flickering = always;
  flickering.presence[1] = {PresenceKind::markov, false, {3, 50, 51, 200, 390}};
  const auto task = expand(always);
  Episode seen = play(always, task), dropped = play(flickering, task);
  int hidden = 0;
  for (int step = 0; step < 400; ++step) {
    if (step == 250) dropped.set_expert_visible(0, false);
    const bool same_masks = dropped.expert_visible(0) && dropped.expert_visible(1);
    hidden += same_masks ? 0 : 1;
    REQUIRE((seen.state_hash() == dropped.state_hash()) == same_masks);
    const std::vector<Action> actions = wander_all(1, 2, step);
    seen.step(actions);
    dropped.step(actions);
    REQUIRE(same_avatar(seen.expert_avatar(), dropped.expert_avatar()));
    REQUIRE(seen.expert_score().reward == dropped.expert_score().reward);
    for (int k = 0; k < 2; ++k) {
      REQUIRE(same_avatar(seen.learner_avatar(k), dropped.learner_avatar(k)));
      REQUIRE(seen.last_reward(k) == dropped.last_reward(k));
    }
  }
  CHECK(hidden == 3 + 1 + 200);
}

TEST_CASE("a learner's path, observations and rewards do not depend on who shares its world, bit for bit") {
  const TaskParameters parameters;
  for (const int others : {4, kMaximumLearners}) {
    const EpisodeSpec shared =
        spec_for(parameters, 6, std::vector<PresenceKind>(static_cast<std::size_t>(others), PresenceKind::half));
    const auto task = expand(shared);
    Episode together = play(shared, task);
    std::vector<Episode> lonely;
    for (int k = 0; k < 4; ++k) {
      auto own = std::make_shared<Task>(*task);
      own->learner_spawns[0] = task->learner_spawns[static_cast<std::size_t>(k)];
      lonely.push_back(play(spec_for(parameters, 6, {PresenceKind::half}), own));
    }
    for (int step = 0; step < shared.steps; ++step) {
      const std::vector<Action> actions = wander_all(2, others, step);
      together.step(actions);
      for (int k = 0; k < 4; ++k) {
        Episode& alone = lonely[static_cast<std::size_t>(k)];
        step_one(alone, actions[static_cast<std::size_t>(k)]);
        REQUIRE(same_avatar(together.learner_avatar(k), alone.learner_avatar(0)));
        REQUIRE(same_avatar(together.expert_avatar(), alone.expert_avatar()));
        REQUIRE(together.last_reward(k) == alone.last_reward(0));
        if (step % 10 == 0) REQUIRE(observe(together, k) == observe(alone, 0));
      }
    }
  }
}

TEST_CASE("each learner sees the expert exactly when its own mask says so, and never another learner") {
  const auto task = three_goals(Vec3(-3, -3, 0));
  task->expert_spawn = {Vec3(3, -4, 0), 0};        // in plain view of all
  task->learner_spawns[1] = {Vec3(-3, -4, 0), 1};  // side by side
  task->learner_spawns[2] = {Vec3(-4, -3, 0), 2};
  EpisodeSpec spec = spec_for(task->parameters, 0, {PresenceKind::full, PresenceKind::solo, PresenceKind::solo});
  spec.presence[2] = {PresenceKind::markov, false, {2, 5, 6}};
  Episode episode(spec, task, nullptr, caster());
  for (int step = 0; step < 10; ++step) {
    const bool flickering = (step >= 2 && step < 5) || step >= 6;
    const bool expected[] = {true, false, flickering};
    for (int k = 0; k < 3; ++k) {
      CHECK(episode.expert_visible(k) == expected[k]);
      CHECK(sees_somebody(episode, k) == expected[k]);
      CHECK(presence_flag(episode, k) == (expected[k] ? 1.0F : 0.0F));
    }
    episode.step(std::vector<Action>(3));
  }
}

TEST_CASE("the target of the expert's place tells where the expert is even while it is hidden") {
  const auto task = three_goals(Vec3(-3, -3, 0));
  task->expert_spawn = {Vec3(2, -4, 0), 0};
  Episode episode = play_alone(task);
  std::array<float, kPrivilegedSize> target{};
  episode.observe_privileged(0, target);
  CHECK(target[0] == Approx(0.5));
  CHECK(target[1] == Approx(-0.1));
  CHECK(target[3] == 0);
}

TEST_CASE("a demonstrator other than the expert is seen in its place, and is what the targets tell about") {
  const auto task = three_goals(Vec3(-3, -3, 0));
  task->expert_spawn = {Vec3(-8, -8, 0), 0};      // behind everybody
  task->learner_spawns[1] = {Vec3(2, -4, 0), 0};  // before learner 0
  const EpisodeSpec spec = spec_for(task->parameters, 0, {PresenceKind::full, PresenceKind::solo});
  Episode episode(spec, task, nullptr, caster());
  const auto ahead = [&] {
    std::array<float, kPrivilegedSize> target{};
    episode.observe_privileged(0, target);
    return target[0];
  };
  CHECK(ahead() == Approx(-0.5));
  episode.set_demonstrator(0, 2);
  CHECK(ahead() == Approx(0.5));
  std::vector<RayHit> hits(static_cast<std::size_t>(caster().options().rays()));
  episode.cast_rays(0, hits);
  float nearest = 1000;
  for (const RayHit& hit : hits)
    if (hit.avatar_distance >= 0) nearest = std::min(nearest, hit.avatar_distance);
  CHECK(nearest == Approx(5).margin(0.5));  // that learner, not the expert at 7 m
  CHECK_FALSE(sees_somebody(episode, 1));
}

TEST_CASE("the same spec and actions give the same state, another action another state") {
  const EpisodeSpec spec = spec_for(TaskParameters{}, 8, {PresenceKind::full, PresenceKind::half});
  Episode first = play(spec, expand(spec)), second = play(spec, expand(spec)), other = play(spec, expand(spec));
  for (int step = 0; step < 200; ++step) {
    std::vector<Action> actions = wander_all(3, 2, step);
    first.step(actions);
    second.step(actions);
    if (step == 60) actions[1].turn = -actions[1].turn;
    other.step(actions);
    REQUIRE(first.state_hash() == second.state_hash());
    REQUIRE((first.state_hash() == other.state_hash()) == (step < 60));
  }
}

TEST_CASE("half presence ends exactly when half of the steps are done") {
  for (const int steps : {6, 7, 100}) {
    TaskParameters parameters;
    parameters.episode_seconds = static_cast<float>(steps) / parameters.control_rate;
    const EpisodeSpec spec = spec_for(parameters, 9, {PresenceKind::half});
    REQUIRE(spec.steps == steps);
    Episode episode = play(spec, expand(spec));
    for (; !episode.finished(); step_one(episode, {})) {
      CHECK(episode.expert_visible(0) == (episode.step_count() < steps / 2));
      CHECK(presence_flag(episode, 0) == (episode.step_count() < steps / 2 ? 1.0F : 0.0F));
    }
    CHECK(episode.step_count() == steps);
  }
}

TEST_CASE("an absent expert stays where it is and is never visible, whatever the masks say") {
  const auto task = three_goals(Vec3(-3, -3, 0));
  task->parameters.expert = ExpertKind::absent;
  task->expert_spawn = {Vec3(3, -3, 0), 0};
  const EpisodeSpec spec = spec_for(task->parameters, 0, {PresenceKind::full, PresenceKind::solo});
  Episode episode(spec, task, nullptr, caster());
  episode.set_expert_visible(1, true);
  for (int step = 0; step < 20; ++step) {
    for (int k = 0; k < 2; ++k) {
      CHECK_FALSE(episode.expert_visible(k));
      CHECK_FALSE(sees_somebody(episode, k));
      CHECK(presence_flag(episode, k) == 0);
    }
    episode.step(std::vector<Action>(2));
  }
  CHECK((episode.expert_avatar().feet - task->expert_spawn.feet).norm() < 0.01F);
  CHECK(episode.expert_score().reward == 0);
}

TEST_CASE("scores add up: rewards with the task's penalty, and paid minus wrong entries beside them") {
  struct Rule {
    RewardRuleKind kind;
    float penalty, cost;
  };
  for (const Rule& rule : {Rule{RewardRuleKind::goal_cycle, 0.25F, 0.25F}, Rule{RewardRuleKind::goal_cycle, 0, 0},
                           Rule{RewardRuleKind::goal_cycle, 2, 2}, Rule{RewardRuleKind::ndousse, 0.25F, 1.5F},
                           Rule{RewardRuleKind::goal_sequence, 0.5F, 0.5F}}) {
    TaskParameters parameters = crowded();
    parameters.reward_rule = rule.kind;
    parameters.penalty = rule.penalty;
    const EpisodeSpec spec = spec_for(parameters, 10, {PresenceKind::full, PresenceKind::full});
    Episode episode = play(spec, expand(spec));
    double sums[2] = {0, 0};
    for (int step = 0; step < spec.steps; ++step) {
      episode.step(wander_all(4, 2, step));
      for (int k = 0; k < 2; ++k) sums[k] += static_cast<double>(episode.last_reward(k));
    }
    const auto check = [&](const PlayerScore& score) {
      CHECK(score.history.correct > 0);
      CHECK(score.history.wrong > 3);
      const auto correct = static_cast<float>(score.history.correct), wrong = static_cast<float>(score.history.wrong);
      CHECK(score.unit_penalty_score == correct - wrong);
      CHECK(score.reward == correct - rule.cost * wrong);  // exact: halves and quarters
    };
    check(episode.expert_score());
    for (int k = 0; k < 2; ++k) {
      check(episode.learner_score(k));
      CHECK(sums[k] == static_cast<double>(episode.learner_score(k).reward));
    }
  }
}
