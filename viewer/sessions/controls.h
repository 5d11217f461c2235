#pragma once

#include <array>

#include "sim/task/action.h"

namespace medal {

/// Which movement keys are held now.
struct KeyboardState {
  bool forward = false, backward = false, left = false, right = false;  ///< left and right: sideways
  bool turn_left = false, turn_right = false;
  bool jump = false, crouch = false;
  bool slow = false;  ///< half speed
};

/// A gamepad in GLFW's standard layout.
struct GamepadState {
  bool connected = false;
  /// Left stick x, y; right stick x, y (right and down positive); left and right trigger (-1 released, 1 pressed).
  std::array<float, 6> axes = {0, 0, 0, 0, -1, -1};
  /// A, B, X, Y, left and right bumper, back, start, guide, left and right thumb, pad up, right, down, left: 1 pressed.
  std::array<unsigned char, 15> buttons = {};
};

struct GamepadOptions {
  float dead_zone = 0.15F;  ///< radius of the sticks' middle that counts as rest, in [0, 1)
  float curve = 1.6F;       ///< exponent over what is left: above 1 gives finer control near the middle
};

/// What a stick at (x, y) asks for: 0 inside the dead zone, then rising along the curve to length 1 at the rim; the
/// direction is kept. Values that are no numbers count as rest.
std::array<float, 2> shape_stick(float x, float y, const GamepadOptions& options);

/// Wish of the keys held.
Action keyboard_action(const KeyboardState& keyboard);
/// Left stick or pad: walk; right stick: turn; A or right trigger: jump; B or left trigger: crouch. At rest while not
/// connected.
Action gamepad_action(const GamepadState& gamepad, const GamepadOptions& options = {});
/// Of each component the stronger wish: the one farther from rest.
Action combine(const Action& a, const Action& b);

/// Wishes beside movement: true in the frame in which the button goes down. Y: vanish or return; start: pause; back:
/// change the camera; X: one step; right bumper and left bumper: faster and slower.
struct GamepadCommands {
  bool vanish = false, pause = false, camera = false, step = false, faster = false, slower = false;
};
GamepadCommands gamepad_commands(const GamepadState& before, const GamepadState& now);
/// How fast the camera shall tilt up, in [-1, 1] (right stick up).
float gamepad_tilt(const GamepadState& gamepad, const GamepadOptions& options = {});

/// Gathers a person's input over frames and gives one action for each control step: a key tapped between two steps
/// still jumps, and what the mouse has turned further than one step can is kept for the next ones.
class PersonControls {
 public:
  /// Each frame. `mouse_turn` (rad, counter-clockwise positive) is what the mouse has moved since the last frame.
  void update(const KeyboardState& keyboard, const GamepadState& gamepad, float mouse_turn = 0.0F,
              const GamepadOptions& options = {});
  /// Once for each control step of `seconds`.
  Action take(float seconds);
  /// What the mouse has asked for and no step has turned yet (rad): a camera may run ahead by it.
  float pending_turn() const { return pending_turn_; }
  /// Forgets everything held or pending (the window lost the focus).
  void release() { *this = {}; }

 private:
  Action held_;
  bool jump_tapped_ = false;
  float pending_turn_ = 0.0F;
};

}  // namespace medal
