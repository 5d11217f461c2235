#include "viewer/verbs/shot.h"

#include <algorithm>

#include "tests/support/catch.h"
#include "tests/support/file_helpers.h"
#include "tests/support/played_replay.h"
#include "viewer/window/view_scene.h"

using namespace medal;

namespace {

/// A recorded game of an expert and a follower, in a file.
class RecordedGame {
 public:
  explicit RecordedGame(float seconds) : replay(record_follower(seconds)), folder_("shot") {
    save_replay(folder_.path / "a.replay", replay);
  }
  /// `follow`: as after --follow.
  Shot shot(const std::string& follow = "1") const {
    ShotOptions options;
    options.replay = (folder_.path / "a.replay").string();
    options.follow = follow;
    return Shot(options, 0);
  }

  const Replay replay;

 private:
  TemporaryFolder folder_;
};

Vec3 feet_of(const Shot& shot, double seconds, int player) {
  return find_player(shot.scene(shot.view(seconds)), player)->state.feet;
}

}  // namespace

TEST_CASE("at every control step the scores on the board are the simulator's, and the sum of the entries") {
  const RecordedGame game(20);
  const Shot shot = game.shot();
  int step = 0;
  REQUIRE(play_again(game.replay, [&](const Episode& episode) {
            const Scoreboard board = scoreboard_of(shot.view(step++ / 10.0));
            REQUIRE(board.players.size() == 2);
            CHECK(board.players[0].score == episode.expert_score().unit_penalty_score);
            CHECK(board.players[1].score == episode.learner_score(0).unit_penalty_score);
            for (const PlayerLine& player : board.players) {
              float sum = 0;
              for (const ScoredEntry& entry : player.entries) sum += static_cast<float>(entry.reward);
              CHECK(sum == player.score);
            }
          }) == -1);
  CHECK(step == 201);
  CHECK(scoreboard_of(shot.view(20)).players[0].score > 3);
}

TEST_CASE("an entry marks the goal that the player stands in") {
  const RecordedGame game(20);
  const Shot shot = game.shot();
  const Scoreboard board = scoreboard_of(shot.view(20));
  REQUIRE_FALSE(board.players[1].entries.empty());
  for (const ScoredEntry& entry : board.players[1].entries) {
    const Scene scene = shot.scene(shot.view(static_cast<double>(entry.seconds)));
    const Goal& goal = scene.task->goals[static_cast<std::size_t>(entry.goal)];
    const GoalMark& mark = scene.goals[static_cast<std::size_t>(entry.goal)];
    CHECK(mark.last);
    CHECK(mark.reward == entry.reward);
    CHECK(mark.seconds_since_entry < 0.01F);
    const Vec3 body = find_player(scene, 1)->state.feet + Vec3(0, 0, 0.9F);
    CHECK((body - goal.center).head<2>().norm() < goal.radius + kAvatar.radius + 0.1F);
    CHECK(std::count_if(scene.goals.begin(), scene.goals.end(), [](const GoalMark& m) { return m.last; }) == 1);
  }
}

TEST_CASE("the expert is a ghost while the followed learner does not see it, and a body to who follows the expert") {
  const RecordedGame game(10);  // unseen from half-time on
  const auto look = [&](double seconds, const std::string& follow) {
    const Shot shot = game.shot(follow);
    return find_player(shot.scene(shot.view(seconds)), 0)->look;
  };
  CHECK(look(2, "1") == AvatarLook::solid);
  CHECK(look(8, "1") == AvatarLook::ghost);
  CHECK(look(8, "expert") == AvatarLook::solid);
}

TEST_CASE("between control steps avatars are on their way; before the start and after the end they stand there") {
  const RecordedGame game(3);
  const Shot shot = game.shot();
  CHECK(shot.end() == Approx(3));
  const Vec3 before = feet_of(shot, 1.0, 0), after = feet_of(shot, 1.1, 0);
  CHECK((after - before).norm() > 0.1F);
  CHECK((feet_of(shot, 1.025, 0) - (before + 0.25F * (after - before))).norm() < 1e-3F);
  CHECK(feet_of(shot, -1, 0) == feet_of(shot, 0, 0));
  CHECK(feet_of(shot, 99, 0) == feet_of(shot, 3, 0));
  CHECK(feet_of(shot, 0, 0) != feet_of(shot, 3, 0));
}

TEST_CASE("learners have numbers or conditions for names, and only the followed one is drawn where that is asked for") {
  ShotOptions options;
  options.learners = 2;
  options.follow = "2";
  const auto names = [&] {
    const Shot shot(options, 0.5);
    std::vector<std::string> all;
    for (const PlayerLine& player : scoreboard_of(shot.view(0.5)).players) all.push_back(player.name);
    return all;
  };
  CHECK(names() == std::vector<std::string>{"expert", "learner 1", "learner 2"});
  options.alone = true;
  CHECK(names() == std::vector<std::string>{"expert", "learner 2"});
  options.learners = 0;
  options.follow.clear();
  CHECK(names() == std::vector<std::string>{"expert"});
}
