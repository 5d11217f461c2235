#include "experiments/plots/episode_paths.h"

#include <algorithm>

#include "agents/experts/experts.h"
#include "agents/navigation/steering.h"
#include "curriculum/presence/conditions.h"
#include "experiments/plots/plots.h"
#include "sim/generation/generate_task.h"
#include "tests/support/catch.h"
#include "tests/support/drawn.h"
#include "tests/support/picture_helpers.h"
#include "tests/support/wanderer.h"

using namespace medal;
namespace fs = std::filesystem;

namespace {

constexpr std::size_t kFull = 0, kHalf = 1, kSolo = 2;

/// A learner that goes where it saw the expert go, and once more from the start of what it remembers when that is all
/// walked; wanders where it never saw anybody.
class Follower {
 public:
  explicit Follower(std::uint64_t seed) : seed_(seed) {}

  Action act(const Episode& episode, int learner) {
    const int step = episode.step_count();
    if (episode.expert_visible(learner)) seen_.push_back({episode.expert_avatar().feet, episode.expert_action()});
    if (seen_.empty()) return wander(seed_, step);
    const AvatarState& self = episode.learner_avatar(learner);
    while (next_ + 1 < seen_.size() && distance_to_next(self) < 0.8F) ++next_;
    if (!episode.expert_visible(learner) && next_ + 1 == seen_.size()) next_ = nearest_old(self);
    const Vec2 way = (seen_[next_].feet - self.feet).head<2>();
    Action action = steer(way.normalized() * kAvatar.speed, self.yaw, 1 / episode.task().parameters.control_rate);
    action.jump = seen_[next_].action.jump;
    action.crouch = seen_[next_].action.crouch;
    return action;
  }

 private:
  struct Sight {
    Vec3 feet;
    Action action;
  };

  float distance_to_next(const AvatarState& self) const { return (seen_[next_].feet - self.feet).head<2>().norm(); }
  /// In the older half of the memory, so that there is some of it left to walk.
  std::size_t nearest_old(const AvatarState& self) const {
    const auto nearer = [&](const Sight& a, const Sight& b) {
      return (a.feet - self.feet).squaredNorm() < (b.feet - self.feet).squaredNorm();
    };
    const auto end = seen_.begin() + static_cast<std::ptrdiff_t>(seen_.size() / 2);
    return static_cast<std::size_t>(std::min_element(seen_.begin(), end, nearer) - seen_.begin());
  }

  std::uint64_t seed_;
  std::vector<Sight> seen_;
  std::size_t next_ = 0;
};

EpisodeSpec full_half_solo(std::uint64_t seed) {
  EpisodeSpec spec;
  spec.parameters.arena_size = 16;
  spec.parameters.episode_seconds = 40;
  spec.parameters.penalty = 0.5F;  // scores are at penalty 1 whatever was paid
  spec.seed = spec.geometry_seed = seed;
  spec.steps = spec.parameters.episode_steps();
  add_conditions(spec);
  return spec;
}

/// What was seen while the replay was made.
struct Recorded {
  Replay replay;
  std::vector<std::vector<Vec2>> places;  ///< [expert and learners][step]
  std::vector<float> scores;
};

Recorded record(const EpisodeSpec& spec) {
  const auto task = std::make_shared<const Task>(generate_task(spec.parameters, spec.seed, spec.geometry_seed));
  NavmeshCache cache(1);
  const LidarCaster lidar(LidarOptions{});
  Episode episode(spec, task, make_expert(*task, 1, cache), lidar);
  ReplayRecorder recorder(spec);
  std::vector<Follower> followers;
  for (std::size_t k = 0; k < spec.presence.size(); ++k) followers.emplace_back(k + 5);
  Recorded recorded;
  recorded.places.resize(followers.size() + 1);
  const auto note_places = [&] {
    recorded.places[0].push_back(episode.expert_avatar().feet.head<2>());
    for (int k = 0; k < episode.learners(); ++k)
      recorded.places[static_cast<std::size_t>(k) + 1].push_back(episode.learner_avatar(k).feet.head<2>());
  };
  note_places();
  while (!episode.finished()) {
    std::vector<Action> actions;
    for (int k = 0; k < episode.learners(); ++k)
      actions.push_back(followers[static_cast<std::size_t>(k)].act(episode, k));
    episode.step(actions);
    recorder.record(episode, actions);
    note_places();
  }
  recorded.replay = recorder.replay();
  recorded.scores.push_back(episode.expert_score().unit_penalty_score);
  for (int k = 0; k < episode.learners(); ++k) recorded.scores.push_back(episode.learner_score(k).unit_penalty_score);
  return recorded;
}

const Recorded& example() {
  static const Recorded recorded = record(full_half_solo(7));
  return recorded;
}

const nlohmann::ordered_json& example_paths() {
  static const nlohmann::ordered_json paths = episode_paths(example().replay);
  return paths;
}

/// The expert's, then the learners'.
std::vector<nlohmann::ordered_json> avatars_of(const nlohmann::ordered_json& paths) {
  std::vector<nlohmann::ordered_json> avatars = {paths.at("expert")};
  for (const auto& learner : paths.at("learners")) avatars.push_back(learner);
  return avatars;
}

}  // namespace

TEST_CASE("paths are where everybody was in the recorded episode, the start included") {
  const std::vector<nlohmann::ordered_json> avatars = avatars_of(example_paths());
  REQUIRE(avatars.size() == example().places.size());
  for (std::size_t i = 0; i < avatars.size(); ++i) {
    const std::vector<Vec2>& places = example().places[i];
    REQUIRE(avatars[i].at("x").size() == places.size());
    REQUIRE(avatars[i].at("y").size() == places.size());
    for (std::size_t step = 0; step < places.size(); ++step) {
      CHECK(avatars[i].at("x").at(step).get<float>() == places[step].x());
      CHECK(avatars[i].at("y").at(step).get<float>() == places[step].y());
    }
  }
}

TEST_CASE("entries add up to the score at penalty 1 and happen at the goals they name") {
  const std::vector<nlohmann::ordered_json> avatars = avatars_of(example_paths());
  const auto& goals = example_paths().at("task").at("goals");
  int wrong = 0;
  for (std::size_t i = 0; i < avatars.size(); ++i) {
    float sum = 0;
    for (const auto& entry : avatars[i].at("entries")) {
      const auto step = entry.at("step").get<std::size_t>();
      const auto& goal = goals.at(entry.at("goal").get<std::size_t>());
      const Vec2 place = example().places[i].at(step), center(goal.at("x").get<float>(), goal.at("y").get<float>());
      CHECK((place - center).norm() < goal.at("radius").get<float>() + 2 * kAvatar.radius);
      sum += entry.at("reward").get<float>();
      CHECK(avatars[i].at("score").at(step).get<float>() == sum);
      wrong += entry.at("reward").get<int>() < 0 ? 1 : 0;
    }
    CHECK(sum == example().scores[i]);
    CHECK(avatars[i].at("score").back().get<float>() == example().scores[i]);
  }
  CHECK(example().scores[0] > 10);
  CHECK(wrong > 0);
}

TEST_CASE("the expert is visible where the mask shows it") {
  const EpisodeSpec& spec = example().replay.spec;
  for (std::size_t k = 0; k < spec.presence.size(); ++k) {
    const auto& learner = example_paths().at("learners").at(k);
    CHECK(learner.at("presence") == name_of(spec.presence[k].kind));
    for (int step = 0; step <= spec.steps; ++step)
      CHECK((learner.at("expert_visible").at(static_cast<std::size_t>(step)) == 1) == spec.presence[k].visible(step));
  }
}

TEST_CASE("the task is described as it is") {
  const EpisodeSpec& spec = example().replay.spec;
  const Task task = generate_task(spec.parameters, spec.seed, spec.geometry_seed);
  const auto& json = example_paths().at("task");
  CHECK(json.at("arena_size").get<float>() == task.terrain.size());
  CHECK(json.at("heights").at(2).at(5).get<float>() == task.terrain.corner(5, 2));
  REQUIRE(json.at("goals").size() == task.goals.size());
  for (std::size_t place = 0; place < task.order.size(); ++place)
    CHECK(json.at("goals").at(static_cast<std::size_t>(task.order[place])).at("place") == place);
  REQUIRE(json.at("obstacles").size() == task.obstacles.size());
  REQUIRE(!task.obstacles.empty());
  Vec2 sum = Vec2::Zero();
  for (const auto& corner : json.at("obstacles").at(0).at("corners"))
    sum += Vec2(corner.at(0).get<float>(), corner.at(1).get<float>());
  CHECK((sum / 4 - task.obstacles[0].center.head<2>()).norm() < 1e-4F);
}

TEST_CASE("a replay that does not come out as recorded is refused") {
  Replay tampered = example().replay;
  tampered.hashes[20] ^= 1;
  const TemporaryFolder folder("episode_paths_test");
  const std::string error = user_error_of([&] { write_episode_picture(tampered, folder.path / "episode.png"); });
  CHECK(error.find("differs at step 20") != std::string::npos);
  CHECK(fs::is_empty(folder.path));
}

TEST_CASE("an episode's picture draws ways, entries, goals and scores as they were, a panel for each learner") {
  const TemporaryFolder folder("episode_paths_test");
  const std::string paths = (folder.path / "paths.json").string();
  std::ofstream(paths) << example_paths();
  const nlohmann::json axes = drawn_by(folder.path, "episode.py", {paths, "--out", "episode.png"}, "episode");
  const nlohmann::json source = example_paths();
  const auto& expert = source.at("expert");
  const auto steps = expert.at("x").size();
  for (std::size_t k = 0; k < 3; ++k) {
    INFO("learner " << k);
    const auto& learner = source.at("learners").at(k);
    const auto &map = axes.at(2 * k), &strip = axes.at(2 * k + 1);
    const auto score_text = [](const nlohmann::json& avatar) {
      return std::to_string(static_cast<int>(avatar.at("score").back().get<float>()));
    };
    std::string title = map.at("title");
    if (const std::size_t minus = title.find("\u2212"); minus != std::string::npos) title.replace(minus, 3, "-");
    CHECK(title.find(": score " + score_text(learner) + " of " + score_text(expert)) != std::string::npos);
    CHECK(map.at("lines").at(0).at("x") == learner.at("x"));
    CHECK(map.at("lines").at(0).at("y") == learner.at("y"));
    for (const auto& [marker, reward] : {std::pair{"+", 1}, {"x", -1}}) {
      nlohmann::json x = nlohmann::json::array();
      for (const auto& entry : learner.at("entries"))
        if (entry.at("reward") == reward) x.push_back(learner.at("x").at(entry.at("step").get<std::size_t>()));
      CHECK(one_with(map.at("lines"), "marker", marker).at("x") == x);
    }
    const auto& goals = source.at("task").at("goals");
    REQUIRE(map.at("circles").size() == goals.size());
    for (const auto& circle : map.at("circles"))
      CHECK(std::any_of(goals.begin(), goals.end(), [&](const auto& goal) {
        return goal.at("x") == circle.at("x") && goal.at("y") == circle.at("y") &&
               goal.at("radius") == circle.at("radius");
      }));
    CHECK(map.at("polygons").size() == source.at("task").at("obstacles").size());
    CHECK(map.at("images") == 1);  // the ground

    // The expert's way: unseen pieces dotted, seen ones whole, one for each step.
    const auto& visible = learner.at("expert_visible");
    const auto seen = static_cast<std::size_t>(std::count(visible.begin(), visible.end() - 1, 1));
    CHECK(map.at("pieces").at(0).at("points").size() == steps - 1 - seen);
    CHECK(map.at("pieces").at(1).at("points").size() == seen);
    const auto& income = strip.at("pieces").at(0).at("points");
    REQUIRE(income.size() == steps - 1);
    CHECK(income.back().at(1).at(1) == learner.at("score").back());
    CHECK(strip.at("lines").at(1).at("y") == expert.at("score"));
  }
}

TEST_CASE("an episode's picture is a wide PNG and leaves nothing else behind") {
  const TemporaryFolder folder("episode_paths_test");
  const fs::path out = folder.path / "report" / "episode.png", temporary = folder.path / "tmp";
  fs::create_directory(temporary);
  {
    const Variable tmpdir("TMPDIR", temporary.string());
    write_episode_picture(example().replay, out);
  }
  const PictureSize size = picture_size(out);
  CHECK(size.width >= 1500);
  CHECK(size.height >= 550);
  CHECK(pixels_of(out, "#474747") > 50);   // the expert's way
  CHECK(pixels_of(out, "#cfe3f1") > 500);  // while it is seen
  CHECK(files_in(folder.path / "report") == 1);
  CHECK(files_in(temporary) == 0);
}
