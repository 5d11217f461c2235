#include "viewer/sessions/replay_session.h"

#include "tests/support/session_helpers.h"
#include "viewer/sessions/watch_session.h"

using namespace medal;
namespace fs = std::filesystem;

namespace {

Replay recorded_game(float seconds = 5, float control_rate = 10) {
  WatchOptions options;
  options.parameters = small_world(seconds);
  options.parameters.control_rate = control_rate;
  options.parameters.presence = PresenceKind::full;
  options.learners = 2;
  WatchSession session(options);
  for (int i = 0; !session.finished() && i < 10'000; ++i) {
    if (session.view().step == 20) session.toggle_expert(0);
    session.advance(0.1);
  }
  return session.recording();
}

}  // namespace

TEST_CASE("scrubbing to a step shows the same state as playing to it") {
  const Replay replay = recorded_game();
  ReplaySession played(replay), scrubbed(replay);
  std::vector<AvatarState> truth;
  std::vector<bool> seen;
  std::vector<float> scores;
  play_again(replay, [&](const Episode& episode) {
    truth.push_back(episode.expert_avatar());
    seen.push_back(episode.expert_visible(0));
    scores.push_back(episode.expert_score().unit_penalty_score);
  });
  for (int step : {0, 13, 19, 20, 21, 50}) {
    scrubbed.seek(50 - step);
    scrubbed.seek(step);
    while (played.step() < step) played.advance(0.1);
    REQUIRE(played.step() == step);
    const SessionView a = played.view(), b = scrubbed.view();
    const auto index = static_cast<std::size_t>(step);
    for (std::size_t i = 0; i < a.avatars.size(); ++i) {
      CHECK(a.avatars[i].state.feet == b.avatars[i].state.feet);
      CHECK(a.avatars[i].score == b.avatars[i].score);
      CHECK(a.avatars[i].trail == b.avatars[i].trail);
    }
    CHECK(a.entries == b.entries);
    CHECK(b.avatars[0].state.feet == truth[index].feet);
    CHECK(b.avatars[0].state.yaw == truth[index].yaw);
    CHECK(b.avatars[0].seen == seen[index]);
    CHECK(b.avatars[0].score == scores[index]);
  }
  CHECK(played.finished());
  CHECK(played.advance(1) == 0);
}

TEST_CASE("seeking stays within what was recorded") {
  ReplaySession session(recorded_game());
  session.seek(-5);
  CHECK(session.step() == 0);
  session.seek(10'000);
  CHECK(session.step() == 50);
  session.seek_seconds(2);
  CHECK(session.step() == 20);
}

TEST_CASE("a clip verifies when it is read back, and shows its part alone") {
  const TemporaryFolder folder("clip");
  const ReplaySession whole(recorded_game());
  const Replay part = cut_clip(whole.replay(), 15, 35);
  const fs::path file = save_recording(folder.path / "clips", "a", part);
  CHECK(save_recording(folder.path / "clips", "a", part).filename() == "a-2.replay");
  ReplaySession clip(load_replay(file));
  CHECK(clip.first_difference() == -1);
  CHECK(clip.step() == 15);
  CHECK(clip.last_step() == 35);
  clip.seek(0);
  CHECK(clip.step() == 15);
  CHECK(clip.total_seconds() == Approx(2));
  clip.seek_seconds(1);
  CHECK(clip.step() == 25);
  CHECK(clip.seconds() == Approx(1));
  CHECK(user_error_of([&] { cut_clip(whole.replay(), 30, 20); }).find("30") != std::string::npos);
}

TEST_CASE("a replay that parts from its hashes is shown up to there, and says so") {
  Replay replay = recorded_game();
  replay.hashes[30] ^= 1;
  const ReplaySession session(replay);
  CHECK(session.first_difference() == 30);
  CHECK(session.last_step() == 30);
  REQUIRE(session.view().notice.size() == 3);
  CHECK(session.view().notice[1].find("step 30") != std::string::npos);
  CHECK(ReplaySession(recorded_game()).view().notice.empty());
}

TEST_CASE("an agent looks at a recording with its own eyes, at every step that is shown") {
  ReplaySession session(recorded_game(), tiny_agent());
  session.seek(25);
  const SessionView late = session.view();
  REQUIRE(late.knowledge);
  CHECK(late.knowledge->now().step == 25);
  CHECK(late.knowledge->history.size() == 26);
  CHECK_FALSE(late.knowledge->now().sees_expert);
  session.seek(10);
  CHECK(session.view().knowledge->now().sees_expert);
  session.watch_learner(1);
  session.seek(25);
  CHECK(session.view().knowledge->now().sees_expert);
}

TEST_CASE("two replays side by side show the same second, whatever their rates and lengths") {
  ReplayComparison both(ReplaySession(recorded_game(5, 10)), ReplaySession(recorded_game(3, 30)));
  CHECK(both.total_seconds() == Approx(5));
  both.seek_seconds(2);
  CHECK(both.left().step() == 20);
  CHECK(both.right().step() == 60);
  both.advance(0.2);
  CHECK(both.left().step() == 22);
  CHECK(both.right().step() == 66);
  both.seek_seconds(4.5);
  CHECK(both.left().step() == 45);
  CHECK(both.right().step() == 90);
  for (int i = 0; i < 100; ++i) both.advance(0.1);
  CHECK(both.finished());
  CHECK(both.left_view().finished);
}
