#include "viewer/drawing/scene/scene_timeline.h"

#include "agents/experts/expert_bot.h"
#include "sim/generation/generate_task.h"
#include "tests/support/catch.h"
#include "tests/support/played_replay.h"

using namespace medal;

namespace {

/// The recorded episode, and the scores that the simulator gave.
struct Written {
  std::shared_ptr<const Task> task;
  SceneTimeline timeline;
  std::vector<float> expert_scores, learner_scores;
};

Written write_down(const Replay& replay) {
  auto task =
      std::make_shared<const Task>(generate_task(replay.spec.parameters, replay.spec.seed, replay.spec.geometry_seed));
  Written written{task, SceneTimeline(task), {}, {}};
  REQUIRE(play_again(replay, [&](const Episode& episode) {
            written.timeline.add(episode);
            written.expert_scores.push_back(episode.expert_score().unit_penalty_score);
            written.learner_scores.push_back(episode.learner_score(0).unit_penalty_score);
          }) == -1);
  return written;
}

}  // namespace

TEST_CASE("scores on the board are the simulator's, and are the sum of the entries") {
  const Written written = write_down(record_follower(20));
  for (std::size_t step = 0; step < written.expert_scores.size(); ++step) {
    const Scoreboard board = written.timeline.scoreboard(static_cast<float>(step) / 10.0F + 0.01F);
    REQUIRE(board.players.size() == 2);
    CHECK(board.players[0].score == written.expert_scores[step]);
    CHECK(board.players[1].score == written.learner_scores[step]);
    for (const PlayerLine& player : board.players) {
      float sum = 0;
      for (const ScoredEntry& entry : player.entries) sum += static_cast<float>(entry.reward);
      CHECK(sum == player.score);
    }
  }
  CHECK(written.expert_scores.back() > 3);
}

TEST_CASE("an entry marks the goal that the player stands in") {
  const Written written = write_down(record_follower(20));
  const Scoreboard board = written.timeline.scoreboard(20);
  REQUIRE_FALSE(board.players[1].entries.empty());
  for (const ScoredEntry& entry : board.players[1].entries) {
    const Scene scene = written.timeline.scene(entry.seconds + 0.001F, {.learner = 0});
    const Goal& goal = written.task->goals[static_cast<std::size_t>(entry.goal)];
    const GoalMark& mark = scene.goals[static_cast<std::size_t>(entry.goal)];
    CHECK(mark.last);
    CHECK(mark.reward == entry.reward);
    CHECK(mark.seconds_since_entry < 0.01F);
    const Vec3 body = find_player(scene, 1)->state.feet + Vec3(0, 0, 0.9F);
    CHECK((body - goal.center).head<2>().norm() < goal.radius + kAvatar.radius + 0.1F);
    CHECK(std::count_if(scene.goals.begin(), scene.goals.end(), [](const GoalMark& m) { return m.last; }) == 1);
  }
}

TEST_CASE("the expert is a ghost while the learner does not see it, and a body to an onlooker") {
  const Written written = write_down(record_follower(10));  // unseen from half-time on
  const auto look = [&](float seconds, int learner) {
    return find_player(written.timeline.scene(seconds, {.learner = learner}), 0)->look;
  };
  CHECK(look(2, 0) == AvatarLook::solid);
  CHECK(look(8, 0) == AvatarLook::ghost);
  CHECK(look(8, -1) == AvatarLook::solid);
}

TEST_CASE("times before the start and after the end show the start and the end") {
  const Written written = write_down(record_follower(3));
  CHECK(written.timeline.seconds() == Approx(3));
  const auto feet = [&](float seconds) { return find_player(written.timeline.scene(seconds), 0)->state.feet; };
  CHECK(feet(-1) == feet(0));
  CHECK(feet(99) == feet(3));
  CHECK(feet(0) != feet(3));
}
