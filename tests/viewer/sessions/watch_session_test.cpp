#include "viewer/sessions/watch_session.h"

#include "tests/support/session_helpers.h"

using namespace medal;

namespace {

WatchOptions watch_options(bool with_agent) {
  WatchOptions options;
  options.parameters = small_world(4);
  options.seed = 5;
  if (with_agent) options.agent = tiny_agent();
  return options;
}

void watch_to_end(WatchSession& session) {
  for (int i = 0; !session.finished() && i < 10'000; ++i) session.advance(0.05);
}

}  // namespace

TEST_CASE("the same task, seed and agent are watched as the same game, another seed as another") {
  WatchSession a(watch_options(true)), b(watch_options(true)), c(watch_options(true));
  b.pacing().set_speed(16);
  c.new_task(c.options().parameters, 6);
  for (WatchSession* session : {&a, &b, &c}) watch_to_end(*session);
  CHECK(a.recording().hashes == b.recording().hashes);
  CHECK(a.recording().hashes != c.recording().hashes);
  CHECK(find_differences(a.recording()).state == -1);
}

TEST_CASE("several learners see the expert by schedules of their own, each with a memory of its own") {
  WatchOptions options = watch_options(true);
  options.learners = 4;
  options.parameters.present_seconds = options.parameters.absent_seconds = 1;
  WatchSession session(options);
  watch_to_end(session);
  const Replay recording = session.recording();
  REQUIRE(recording.spec.presence.size() == 4);
  CHECK(recording.spec.presence[0] != recording.spec.presence[1]);
  for (int k = 0; k < 4; ++k) {
    session.watch_learner(k);
    const SessionView view = session.view();
    CHECK(view.watched_learner == k);
    REQUIRE(view.knowledge);
    CHECK(view.knowledge->history.size() == 40);
    CHECK(view.lidar.eye == view.avatars[static_cast<std::size_t>(k) + 1].state.eye());
    CHECK(view.avatars[0].seen == session.episode().expert_visible(k));
  }
}

TEST_CASE("three conditions begin at one spot and differ in when the expert is seen") {
  WatchOptions options = watch_options(false);
  options.presence = WatchPresence::three_conditions;
  WatchSession session(options);
  const SessionView start = session.view();
  CHECK(start.avatars[1].state.feet == start.avatars[3].state.feet);
  session.pacing().set_speed(16);
  watch_to_end(session);
  const SessionView end = session.view();
  CHECK(end.avatars[1].seen);
  CHECK_FALSE(end.avatars[2].seen);
  CHECK_FALSE(end.avatars[3].seen);
}

TEST_CASE("a task that cannot be is refused, and the old one goes on") {
  WatchSession session(watch_options(false));
  session.advance(0.1);
  TaskParameters impossible = small_world();
  impossible.arena_size = 8;
  impossible.goals = 8;
  impossible.goal_spacing = 8;
  CHECK(user_error_of([&] { session.new_task(impossible, 1); }).find("8 goals") != std::string::npos);
  CHECK(session.options().seed == 5);
  CHECK(session.view().step == 1);
  CHECK(session.advance(0.1) == 1);
}

TEST_CASE("a new task starts at its beginning, at its own rate, as fast as before") {
  WatchSession session(watch_options(false));
  session.pacing().set_speed(2);
  session.advance(0.2);
  TaskParameters other = small_world();
  other.control_rate = 30;
  other.expert = ExpertKind::absent;
  session.new_task(other, 9);
  const SessionView view = session.view();
  CHECK(view.step == 0);
  CHECK(view.steps == 180);
  CHECK(view.speed == 2);
  CHECK_FALSE(view.avatars[0].present);
  CHECK(session.advance(0.1) == 6);
}

TEST_CASE("the expert that is made to vanish for one learner is still seen by the others") {
  WatchOptions options = watch_options(false);
  options.learners = 2;
  options.parameters.presence = PresenceKind::full;
  WatchSession session(options);
  session.toggle_expert(1);
  CHECK(session.view().avatars[1].seen);
  CHECK_FALSE(session.view().avatars[2].seen);
  watch_to_end(session);
  CHECK(find_differences(session.recording()).state == -1);
}

TEST_CASE("with half of its memory's cells held still an agent expects something else") {
  WatchOptions options = watch_options(true);
  options.parameters.present_seconds = options.parameters.absent_seconds = 1;
  WatchSession free(options), held(options);
  CHECK(held.hold_cells(CellHold::telling) == 0);  // nothing is known of the cells yet
  const int steps = free.episode().spec().steps;
  for (WatchSession* session : {&free, &held})
    while (session->episode().step_count() < steps / 2) session->advance(0.05);
  CHECK(free.recording().hashes == held.recording().hashes);
  const auto cells = static_cast<int>(held.view().knowledge->now().cells.size());
  REQUIRE(cells > 0);
  CHECK(held.hold_cells(CellHold::telling) == (cells + 1) / 2);
  for (WatchSession* session : {&free, &held}) session->advance(0.2);
  CHECK(free.view().knowledge->now().value != held.view().knowledge->now().value);
}
