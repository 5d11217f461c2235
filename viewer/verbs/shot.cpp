#include "viewer/verbs/shot.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>
#include <cmath>
#include <set>

#include "experiments/verbs/number_option.h"
#include "sim/base/error.h"
#include "viewer/verbs/choices.h"
#include "viewer/window/view_scene.h"

namespace medal {
namespace {

constexpr int kMostPixels = 16384;       // each way
constexpr double kStepTolerance = 1e-4;  // of a control step: seconds times rate is not exact
constexpr int kEverybody = -1;

PlayedEpisode play(const ShotOptions& options, double until) {
  return options.replay.empty() ? walk_with_expert(options, until) : play_replay(options);
}

/// 0 for the expert, k for learner k. By default who plays: in a replay the first learner, else the expert.
int parse_subject(const ShotOptions& options, int learners) {
  if (options.follow.empty()) return options.replay.empty() || learners == 0 ? 0 : 1;
  if (options.follow == "expert") return 0;
  int number = 0;
  const char* end = options.follow.data() + options.follow.size();
  const auto [rest, error] = std::from_chars(options.follow.data(), end, number);
  if (error != std::errc() || rest != end || number < 1 || number > learners)
    throw UserError(fmt::format("--follow {}: there is no such player; write expert{}", options.follow,
                                learners == 0   ? ""
                                : learners == 1 ? " or 1 (the learner)"
                                                : fmt::format(", or 1 to {} for a learner", learners)));
  return number;
}

/// Learners are told apart by when they see the expert, where that does. Who is not there is left out: the expert where
/// it is absent, and all learners but `alone` (from 1) unless that is kEverybody.
Cast cast_of(const EpisodeSpec& spec, int alone) {
  Cast cast{{"expert"}, {spec.parameters.expert != ExpertKind::absent}, -1, true};
  std::set<PresenceKind> kinds;
  for (const PresenceTimeline& presence : spec.presence) kinds.insert(presence.kind);
  const int learners = static_cast<int>(spec.presence.size());
  for (int k = 1; k <= learners; ++k) {
    const PresenceKind kind = spec.presence[static_cast<std::size_t>(k) - 1].kind;
    cast.names.push_back(learners == 1                                ? "learner"
                         : static_cast<int>(kinds.size()) == learners ? fmt::format("learner ({})", name_of(kind))
                                                                      : fmt::format("learner {}", k));
    cast.present.push_back(alone == kEverybody || alone == k);
  }
  return cast;
}

}  // namespace

void add_shot_options(CLI::App& verb, ShotOptions& options) {
  verb.add_option("--out", options.out, "File to write")->required();
  add_seed(verb, options.seed, "Which task");
  verb.add_option("--config", options.config, "Preset or TOML file; its held-out tasks are drawn from");
  verb.add_option("--set", options.overrides, "Override one option: section.key=value; may be repeated")
      ->allow_extra_args(false);
  verb.add_option("--replay", options.replay, "A recorded episode, in place of an expert that walks a task")
      ->excludes("--seed");
  add_number(verb, "--learners", options.learners,
             {"", "", 0, kMaximumLearners, "How many learners stand in a task that no replay plays"});
  verb.add_option("--camera", options.camera, "Where it is seen from: overview, top, shoulder or first (person)")
      ->check(CLI::IsMember(choices(kCameraNames)));
  verb.add_option("--follow", options.follow, "Whose shoulder, eyes and marks: expert, or the number of a learner");
  add_number(verb, "--at", options.at, {"", "s", 0, 1e6, "Seconds since the episode began"});
  verb.add_option("--size", options.size, "WIDTHxHEIGHT in pixels");
  verb.add_flag("--alone", options.alone, "Leave out the other learners");
  verb.add_flag("--lidar", options.lidar, "Show what the LIDAR of the followed player meets");
  verb.add_flag("--order", options.order, "Show the order of the goals");
  verb.add_flag("--plain", options.plain, "No text, scores and map over the picture");
}

PixelSize parse_size(const std::string& text) {
  PixelSize size{0, 0};
  const char* const end = text.data() + text.size();
  const auto width = std::from_chars(text.data(), end, size.width);
  if (width.ec == std::errc() && width.ptr != end && *width.ptr == 'x') {
    const auto height = std::from_chars(width.ptr + 1, end, size.height);
    if (height.ec == std::errc() && height.ptr == end && std::min(size.width, size.height) >= 16 &&
        std::max(size.width, size.height) <= kMostPixels)
      return size;
  }
  throw UserError(
      fmt::format("--size {}: write WIDTHxHEIGHT with 16 to {} pixels each, such as 1280x720", text, kMostPixels));
}

Shot::Shot(const ShotOptions& options, double until) : Shot(options, play(options, until)) {}

Shot::Shot(const ShotOptions& options, PlayedEpisode played)
    : size_(parse_size(options.size)),
      kind_(choice_of<CameraKind>(kCameraNames, options.camera)),
      lidar_(options.lidar),
      order_(options.order),
      subject_(parse_subject(options, static_cast<int>(played.spec.presence.size()))),
      played_(std::move(played)),
      views_(played_.timeline.task(), cast_of(played_.spec, options.alone ? subject_ : kEverybody), played_.lidar) {
  if (options.at > end() + 1e-3)
    throw UserError(fmt::format("--at {:g}: the episode ends after {:g} s", options.at, end()));
}

double Shot::end() const {
  return played_.timeline.last_step() / static_cast<double>(played_.spec.parameters.control_rate);
}

SessionView Shot::view(double seconds) const {
  const auto rate = static_cast<double>(played_.spec.parameters.control_rate);
  const double steps = std::clamp(seconds, 0.0, end()) * rate;
  const int step = static_cast<int>(std::ceil(steps - kStepTolerance));
  SessionView view = views_.view(played_.timeline, step, subject_ - 1);
  view.share = static_cast<float>(std::clamp(steps - (step - 1), 0.0, 1.0));
  view.steps = played_.spec.steps;
  view.seconds = steps / rate;
  view.total_seconds = view.steps / rate;
  return view;
}

Scene Shot::scene(const SessionView& view) const {
  Scene scene = scene_of(view, {.order = order_});
  SceneAvatar* subject = find_player(scene, subject_);
  if (follows() && subject != nullptr) subject->name.clear();  // its tag would stand in the way
  if (lidar_ && subject != nullptr) scene.lidar = cast_lidar(scene, subject->state, played_.lidar);
  return scene;
}

Camera Shot::camera(const Scene& scene) const {
  const SceneAvatar* subject = find_player(scene, subject_);
  if (kind_ == CameraKind::top) return top_camera(*scene.task, size_);
  if (kind_ == CameraKind::overview || subject == nullptr) return overview_camera(*scene.task, size_);
  return kind_ == CameraKind::shoulder ? shoulder_camera(*scene.task, subject->state)
                                       : first_person_camera(subject->state);
}

}  // namespace medal
