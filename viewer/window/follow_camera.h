#pragma once

#include <optional>

#include "viewer/drawing/scene/camera.h"

namespace medal {

/// From where a scene is watched, frame after frame.
class FollowCamera {
 public:
  explicit FollowCamera(CameraKind kind) : kind_(kind) {}

  CameraKind kind() const { return kind_; }
  void set_kind(CameraKind kind);
  void next_kind();
  /// Whether it looks with or after one avatar.
  bool follows() const { return kind_ == CameraKind::shoulder || kind_ == CameraKind::first_person; }
  /// Turns the overview (rad); has no meaning for the others.
  void orbit(float angle) { orbit_ += angle; }
  /// Looks up or down (rad) where it follows; kept within what a neck can do.
  void tilt(float angle);

  /// The camera after another `seconds`. `subject` is the avatar that is followed, as it is drawn; null where there is
  /// none, which gives the overview.
  Camera update(const Task& task, const AvatarState* subject, PixelSize size, double seconds);

 private:
  CameraKind kind_;
  float orbit_ = 0, tilt_ = 0;
  std::optional<Camera> settled_;  ///< behind the shoulder, in the avatar's own frame: turning needs no catching up
};

}  // namespace medal
