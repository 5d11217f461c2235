#pragma once

#include "viewer/drawing/scene/scene.h"
#include "viewer/drawing/scene/scoreboard.h"
#include "viewer/sessions/session_view.h"

namespace medal {

/// What is drawn beside the world itself.
struct SceneChoices {
  bool order = true;   ///< the hint, where the view has an order
  bool lidar = false;  ///< what the watched learner's LIDAR meets
  bool belief = true;  ///< where an agent believes the expert to be
  float trail_seconds = 12;
};

/// The scene of a moment of a session. To a person who is a learner it shows of the expert what that learner sees:
/// nothing while it is away, and never where it has been.
Scene scene_of(const SessionView& view, const SceneChoices& choices = {});

/// The scores of that moment. A person who is a learner is not told what the expert entered: that would be the order.
Scoreboard scoreboard_of(const SessionView& view);

}  // namespace medal
