#include "viewer/verbs/shot.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>

#include "sim/base/error.h"

namespace medal {
namespace {

constexpr int kMostPixels = 16384;  // each way

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

}  // namespace

void add_shot_options(CLI::App& verb, ShotOptions& options) {
  verb.add_option("--out", options.out, "File to write")->required();
  verb.add_option("--seed", options.seed, "Which task");
  verb.add_option("--config", options.config, "Preset or TOML file; its held-out tasks are drawn from");
  verb.add_option("--set", options.overrides, "Override one option: section.key=value; may be repeated")
      ->allow_extra_args(false);
  verb.add_option("--replay", options.replay, "A recorded episode, in place of an expert that walks a task")
      ->excludes("--seed");
  verb.add_option("--learners", options.learners, "How many learners stand in a task that no replay plays")
      ->check(CLI::Range(0, kMaximumLearners));
  verb.add_option("--camera", options.camera, "Where it is seen from: overview, top, shoulder or first (person)")
      ->check(CLI::IsMember(std::vector<std::string>(kCameraNames.begin(), kCameraNames.end())));
  verb.add_option("--follow", options.follow, "Whose shoulder, eyes and marks: expert, or the number of a learner");
  verb.add_option("--at", options.at, "Seconds since the episode began")->check(CLI::NonNegativeNumber);
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
      kind_(static_cast<CameraKind>(std::find(kCameraNames.begin(), kCameraNames.end(), options.camera) -
                                    kCameraNames.begin())),
      lidar_(options.lidar),
      order_(options.order),
      subject_(parse_subject(options, played.learners)),
      lidar_options_(std::move(played.lidar)),
      timeline_(std::move(played.timeline)),
      view_{subject_ - 1, !options.alone} {
  if (options.at > static_cast<double>(end()) + 1e-3)
    throw UserError(fmt::format("--at {:g}: the episode ends after {:g} s", options.at, static_cast<double>(end())));
}

Scene Shot::scene(float seconds) const {
  Scene scene = timeline_.scene(seconds, view_);
  scene.show_order = order_;
  SceneAvatar* subject = find_player(scene, subject_);
  if (follows() && subject != nullptr) subject->name.clear();  // its tag would stand in the way
  if (lidar_ && subject != nullptr) scene.lidar = cast_lidar(scene, subject->state, lidar_options_);
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
