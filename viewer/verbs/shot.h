#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "viewer/drawing/scene/camera.h"
#include "viewer/drawing/scene/scene.h"
#include "viewer/sessions/session_view.h"

namespace CLI {
class App;
}

namespace medal {

/// What pictures and videos have in common: which episode, seen how.
struct ShotOptions {
  std::string out;
  std::string config;
  std::vector<std::string> overrides;
  std::uint64_t seed = 1;
  std::string replay;
  int learners = 1;
  std::string camera = "overview";
  std::string follow;
  double at = 0;
  std::string size = "1280x720";
  bool alone = false, lidar = false, order = false, plain = false;
};
void add_shot_options(CLI::App& verb, ShotOptions& options);

/// "1280x720". Throws UserError.
PixelSize parse_size(const std::string& text);

/// An episode that has been played, and what its learners sense.
struct PlayedEpisode {
  Timeline timeline;
  EpisodeSpec spec;
  LidarOptions lidar;
};
/// A held-out task of the config, in which the config's expert walks and learners stand, up to `until` seconds.
PlayedEpisode walk_with_expert(const ShotOptions& options, double until);
/// The whole recorded episode. Throws UserError where it does not come out as recorded.
PlayedEpisode play_replay(const ShotOptions& options);

/// An episode that has been played, and how it is looked at.
class Shot {
 public:
  /// Plays the episode up to `until` seconds, or plays the replay again. Throws UserError where options.at lies behind
  /// the end, or the replay does not come out as recorded.
  Shot(const ShotOptions& options, double until);

  PixelSize size() const { return size_; }
  /// Last moment that can be shown, s.
  double end() const;
  /// A moment, between control steps too; clamped to 0 .. end().
  SessionView view(double seconds) const;
  Scene scene(const SessionView& view) const;
  Camera camera(const Scene& scene) const;
  /// Whether the camera moves with an avatar.
  bool follows() const { return kind_ == CameraKind::shoulder || kind_ == CameraKind::first_person; }

 private:
  Shot(const ShotOptions& options, PlayedEpisode played);

  PixelSize size_;
  CameraKind kind_;
  bool lidar_, order_;
  int subject_;  ///< whose camera: 0 the expert, k the k-th learner
  PlayedEpisode played_;
  ViewMaker views_;
};

}  // namespace medal
