#include "viewer/sessions/play_session.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "tests/support/session_helpers.h"

using namespace medal;
namespace fs = std::filesystem;

namespace {

PlayOptions play_options(const fs::path& folder, PersonRole person, OtherSide other) {
  PlayOptions options;
  options.parameters = small_world();
  options.parameters.presence = PresenceKind::full;
  options.seed = 3;
  options.person = person;
  options.other = other;
  if (other == OtherSide::agent) options.agent = tiny_agent();
  options.recordings = folder / "recordings";
  return options;
}

void play_to_end(PlaySession& session, double frames_per_second) {
  for (int i = 0; !session.finished() && i < 100'000; ++i) session.advance(1 / frames_per_second, wandering_person);
}

/// Rays of the learner that meet an avatar, by its observation.
int rays_that_meet_somebody(const Episode& episode, const LidarOptions& lidar) {
  std::vector<float> observation(static_cast<std::size_t>(observation_size(lidar)));
  episode.observe(0, observation);
  const ObservationLayout layout = observation_layout(lidar);
  const auto first = observation.begin() + layout.find("lidar_avatar")->offset;
  return static_cast<int>(std::count_if(first, first + layout.rays, [](float proximity) { return proximity > 0; }));
}

int files_in(const fs::path& folder) {
  if (!fs::exists(folder)) return 0;
  return static_cast<int>(std::distance(fs::directory_iterator(folder), fs::directory_iterator{}));
}

}  // namespace

TEST_CASE("a person who is the learner is not shown the order, one who is the expert is") {
  const TemporaryFolder folder("play");
  PlaySession learner(play_options(folder.path, PersonRole::learner, OtherSide::expert_bot));
  CHECK(learner.view().task->order.empty());
  CHECK(learner.view().person == 1);
  PlaySession expert(play_options(folder.path, PersonRole::expert, OtherSide::nobody));
  CHECK(expert.view().task->order.size() == 3);
  CHECK(expert.view().person == 0);
  CHECK_FALSE(expert.view().avatars[1].present);
}

TEST_CASE(
    "vanishing hides the person from the agent's next observation, returning ends that, and the recording verifies") {
  const TemporaryFolder folder("play");
  fs::path file;
  {
    PlaySession session(play_options(folder.path, PersonRole::expert, OtherSide::agent));
    const LidarOptions lidar = agent_card(*tiny_agent()).lidar;
    int vanished = 0;
    while (!session.finished()) {
      if (session.episode().step_count() % 10 == 5 && rays_that_meet_somebody(session.episode(), lidar) > 0) {
        session.toggle_expert();
        CHECK(rays_that_meet_somebody(session.episode(), lidar) == 0);
        CHECK_FALSE(session.view().avatars[0].seen);
        session.advance(0.1, wandering_person);
        CHECK_FALSE(session.view().knowledge->now().sees_expert);
        session.toggle_expert();
        CHECK(session.view().avatars[0].seen);
        ++vanished;
      }
      session.advance(0.1, wandering_person);
    }
    REQUIRE(vanished > 0);
    file = session.recording_file();
  }
  const Replay replay = load_replay(file);
  CHECK(replay.toggles.size() >= 2);
  CHECK(replay.expert_player == "person");
  CHECK(replay.steps() == 60);
  CHECK(find_differences(replay).state == -1);
}

TEST_CASE("a session at 7 and at 240 frames a second plays the same episode for the same input") {
  const TemporaryFolder folder("play");
  for (OtherSide other : {OtherSide::agent, OtherSide::nobody}) {
    PlaySession slow(play_options(folder.path, PersonRole::expert, other));
    PlaySession quick(play_options(folder.path, PersonRole::expert, other));
    quick.pacing().set_speed(4);
    play_to_end(slow, 7);
    play_to_end(quick, 240);
    CHECK(slow.recording().hashes == quick.recording().hashes);
    CHECK(slow.recording().steps() == 60);
  }
}

TEST_CASE("every game is written down: when it ends, when it is ended, and when it is dropped") {
  const TemporaryFolder folder("play");
  const PlayOptions options = play_options(folder.path, PersonRole::learner, OtherSide::expert_bot);
  {
    PlaySession whole(options);
    play_to_end(whole, 60);
    CHECK(find_differences(load_replay(whole.recording_file())).state == -1);
    CHECK(load_replay(whole.recording_file()).learner_players == std::vector<std::string>{"person"});
    PlaySession ended(options);
    ended.advance(0.2, wandering_person);
    ended.finish();
    CHECK(ended.finished());
    CHECK(load_replay(ended.recording_file()).steps() == 2);
    CHECK(ended.recording_file() != whole.recording_file());
    PlaySession dropped(options);
    dropped.advance(0.2, wandering_person);
    const PlaySession untouched(options);
  }
  CHECK(files_in(options.recordings) == 3);  // nothing to write of the untouched one
}

TEST_CASE("where a recording cannot be written, the person is told and can try again") {
  const TemporaryFolder folder("play");
  PlayOptions options = play_options(folder.path, PersonRole::expert, OtherSide::nobody);
  std::ofstream(options.recordings) << "a file where the folder should be";
  PlaySession session(options);
  session.advance(0.2, wandering_person);
  CHECK(user_error_of([&] { session.finish(); }).find(options.recordings.string()) != std::string::npos);
  CHECK(session.recording_file().empty());
  fs::remove(options.recordings);
  session.finish();
  CHECK(load_replay(session.recording_file()).steps() == 2);
}

TEST_CASE("sides that do not fit are refused in words") {
  const TemporaryFolder folder("play");
  const auto error = [&](PersonRole person, OtherSide other) {
    PlayOptions options = play_options(folder.path, person, OtherSide::nobody);
    options.other = other;
    return user_error_of([&] { const PlaySession session(options); });
  };
  CHECK(error(PersonRole::expert, OtherSide::expert_bot).find("expert bot") != std::string::npos);
  CHECK(error(PersonRole::learner, OtherSide::agent).find("agent") != std::string::npos);
  CHECK(error(PersonRole::expert, OtherSide::agent).find("no agent") != std::string::npos);
}

TEST_CASE("a person alone has nobody to see, and a person with nobody watching still counts as there") {
  const TemporaryFolder folder("play");
  PlaySession learner(play_options(folder.path, PersonRole::learner, OtherSide::nobody));
  learner.toggle_expert();
  CHECK_FALSE(learner.view().avatars[0].seen);
  CHECK_FALSE(learner.view().avatars[0].present);
  PlayOptions options = play_options(folder.path, PersonRole::expert, OtherSide::nobody);
  options.parameters.expert = ExpertKind::absent;  // as an agent's task may say
  PlaySession expert(options);
  CHECK(expert.view().avatars[0].seen);
}

TEST_CASE("scores and entries are told as they come, with whose they are") {
  const TemporaryFolder folder("play");
  PlayOptions options = play_options(folder.path, PersonRole::learner, OtherSide::expert_bot);
  options.parameters.episode_seconds = 20;
  PlaySession session(options);
  play_to_end(session, 30);
  const SessionView view = session.view();
  REQUIRE(view.avatars.size() == 2);
  CHECK(view.avatars[0].score > 3);  // a perfect expert
  for (int avatar : {0, 1}) {
    int sum = 0, count = 0;
    for (const AvatarEntry& entry : view.entries)
      if (entry.avatar == avatar) {
        sum += entry.entry.reward;
        ++count;
      }
    const PlayerScore& truth = avatar == 0 ? session.episode().expert_score() : session.episode().learner_score(0);
    CHECK(count == truth.history.correct + truth.history.wrong);
    CHECK(static_cast<float>(sum) == truth.unit_penalty_score);
    CHECK(view.avatars[static_cast<std::size_t>(avatar)].score == truth.unit_penalty_score);
  }
  CHECK(std::is_sorted(view.entries.begin(), view.entries.end(),
                       [](const AvatarEntry& a, const AvatarEntry& b) { return a.entry.step < b.entry.step; }));
  CHECK(view.avatars[0].trail.size() == 201);
  CHECK(view.avatars[0].trail.back() == view.avatars[0].state.feet);
  CHECK(view.seconds == Approx(20));
}

TEST_CASE("what the agent knows is a distribution, a belief and a place, and its memory over the last steps") {
  const TemporaryFolder folder("play");
  PlaySession session(play_options(folder.path, PersonRole::expert, OtherSide::agent));
  CHECK_FALSE(session.view().knowledge);
  for (int i = 0; i < 30; ++i) session.advance(0.1, wandering_person);
  const SessionView view = session.view();
  REQUIRE(view.knowledge);
  CHECK(view.knowledge->history.size() == 30);
  const AgentThought& thought = view.knowledge->now();
  for (const ActionOdds& odds : thought.odds) {
    CHECK(std::accumulate(odds.probabilities.begin(), odds.probabilities.end(), 0.0F) == Approx(1));
    CHECK(odds.values.size() == odds.probabilities.size());
  }
  CHECK(thought.odds[0].values == std::vector<float>{0.0F, 0.5F, 1.0F});
  CHECK((thought.presence_belief >= 0 && thought.presence_belief <= 1));
  CHECK(thought.expert_guess.allFinite());
  CHECK(std::isfinite(thought.value));
  CHECK(thought.cells.size() == 64);
  CHECK(thought.cells != view.knowledge->history.front()->cells);
  CHECK(static_cast<int>(view.lidar.hits.size()) == agent_card(*tiny_agent()).lidar.rays());
}
