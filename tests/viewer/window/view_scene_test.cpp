#include "viewer/window/view_scene.h"

#include "tests/support/catch.h"
#include "tests/support/view_helpers.h"

using namespace medal;

namespace {

bool has_trail_of(const Scene& scene, AvatarRole role) {
  for (const Trail& trail : scene.trails)
    if (trail.role == role) return true;
  return false;
}

}  // namespace

TEST_CASE("an expert that the learner cannot see is a ghost to everybody but the learner, who is shown nothing of it") {
  for (const int person : {-1, 0, 1}) {
    SessionView view = small_view(person);
    view.avatars[0].seen = false;
    const Scene scene = scene_of(view);
    const SceneAvatar* expert = find_player(scene, 0);
    if (person == 1) {
      CHECK(expert == nullptr);
    } else {
      REQUIRE(expert != nullptr);
      CHECK(expert->look == AvatarLook::ghost);
      CHECK(has_trail_of(scene, AvatarRole::expert));
    }
    CHECK(find_player(scene, 1)->look == AvatarLook::solid);
  }
}

TEST_CASE("a person who is the learner is told neither the order nor where the expert was nor what it entered") {
  const SessionView view = small_view(1);
  const Scene scene = scene_of(view);
  CHECK(find_player(scene, 0)->look == AvatarLook::solid);  // it is there now
  CHECK_FALSE(scene.show_order);
  CHECK_FALSE(has_trail_of(scene, AvatarRole::expert));
  CHECK(scene.goals[0].reward == 0);
  CHECK(scene.goals[1].reward == 0);
  CHECK(scene.goals[2].reward == -1);  // its own
  const Scoreboard board = scoreboard_of(view);
  REQUIRE(board.players.size() == 2);
  CHECK(board.players[0].entries.empty());
  CHECK(board.players[0].score == 2);
  CHECK(board.players[1].entries.size() == 1);
}

TEST_CASE("whoever may know the order is shown it, unless that is switched off") {
  for (const int person : {-1, 0}) {
    CHECK(scene_of(small_view(person)).show_order);
    SceneChoices choices;
    choices.order = false;
    CHECK_FALSE(scene_of(small_view(person), choices).show_order);
  }
}

TEST_CASE("avatars that nobody steers are not there") {
  SessionView view = small_view(0);
  view.avatars[1].present = false;
  CHECK(find_player(scene_of(view), 1) == nullptr);
  CHECK(scoreboard_of(view).players.size() == 1);
}

TEST_CASE("avatars and the ends of their trails are where the share of the step says") {
  SessionView view = small_view(-1);
  view.share = 0.25F;
  const Scene scene = scene_of(view);
  const Vec3 wanted(3.9F + 0.25F * 0.1F, 0, 0);
  CHECK((find_player(scene, 0)->state.feet - wanted).norm() < 1e-5F);
  CHECK((scene.trails[0].points.back() - wanted).norm() < 1e-5F);
  CHECK(scene.trails[0].points.size() == 41);
  SceneChoices choices;
  choices.trail_seconds = 1;
  CHECK(scene_of(view, choices).trails[0].points.size() == 11);
}

TEST_CASE("every entry flashes, the mark that stays is that of whom the view is about") {
  const Scene scene = scene_of(small_view(0));
  CHECK(scene.goals[0].last);
  CHECK_FALSE(scene.goals[1].last);
  CHECK_FALSE(scene.goals[2].last);  // the learner's
  CHECK(scene.goals[2].reward == -1);
  CHECK(scene.goals[0].seconds_since_entry == Approx(0.5F));
  CHECK(scene.goals[1].seconds_since_entry == Approx(3.0F));
}

TEST_CASE("a belief is drawn on its way from the thought before to the last one") {
  SessionView view = small_view(-1);
  const auto thought = [](float x) {
    auto made = std::make_shared<AgentThought>();
    made->expert_guess = Vec3(x, 0, 0);
    made->presence_belief = 0.5F;
    return made;
  };
  view.knowledge = AgentKnowledge{{thought(1), thought(3)}, {}};
  view.share = 0.5F;
  REQUIRE(scene_of(view).beliefs.size() == 1);
  CHECK(scene_of(view).beliefs[0].feet.x() == Approx(2.0F));
  CHECK(scene_of(view).beliefs[0].certainty == 0.5F);
  SceneChoices choices;
  choices.belief = false;
  CHECK(scene_of(view, choices).beliefs.empty());
}
