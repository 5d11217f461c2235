#include "viewer/sessions/controls.h"

#include <algorithm>
#include <cmath>

#include "sim/task/avatar.h"

namespace medal {
namespace {

// Places in GLFW's standard layout.
enum Axis { kLeftX, kLeftY, kRightX, kRightY, kLeftTrigger, kRightTrigger };
enum Button {
  kA,
  kB,
  kX,
  kY,
  kLeftBumper,
  kRightBumper,
  kBack,
  kStart,
  kGuide,
  kLeftThumb,
  kRightThumb,
  kUp,
  kRight,
  kDown,
  kLeft
};

constexpr float kTriggerPressed = 0.0F;
constexpr float kFarthestPending = 1.5F;  // rad: a mouse thrown across the table must not turn for seconds

float balance(bool positive, bool negative) { return (positive ? 1.0F : 0.0F) - (negative ? 1.0F : 0.0F); }
float on_off(bool on) { return on ? 1.0F : -1.0F; }

bool held(const GamepadState& gamepad, Button button) { return gamepad.connected && gamepad.buttons[button] != 0; }

std::array<float, 2> stick(const GamepadState& gamepad, Axis x, Axis y, const GamepadOptions& options) {
  return shape_stick(gamepad.axes[x], gamepad.axes[y], options);
}

}  // namespace

std::array<float, 2> shape_stick(float x, float y, const GamepadOptions& options) {
  const float length = std::hypot(x, y);
  if (!std::isfinite(length) || length <= options.dead_zone) return {0.0F, 0.0F};
  const float beyond = (std::min(length, 1.0F) - options.dead_zone) / (1.0F - options.dead_zone);
  const float scale = std::pow(beyond, options.curve) / length;
  return {x * scale, y * scale};
}

Action keyboard_action(const KeyboardState& keyboard) {
  const float speed = keyboard.slow ? 0.5F : 1.0F;
  return {.forward = speed * balance(keyboard.forward, keyboard.backward),
          .strafe = speed * balance(keyboard.left, keyboard.right),
          .turn = balance(keyboard.turn_left, keyboard.turn_right),
          .jump = on_off(keyboard.jump),
          .crouch = on_off(keyboard.crouch)};
}

Action gamepad_action(const GamepadState& gamepad, const GamepadOptions& options) {
  if (!gamepad.connected) return {};
  const auto [x, y] = stick(gamepad, kLeftX, kLeftY, options);
  const float turn = stick(gamepad, kRightX, kRightY, options)[0];
  const bool jump = held(gamepad, kA) || gamepad.axes[kRightTrigger] > kTriggerPressed;
  const bool crouch = held(gamepad, kB) || gamepad.axes[kLeftTrigger] > kTriggerPressed;
  const Action pad = {.forward = balance(held(gamepad, kUp), held(gamepad, kDown)),
                      .strafe = balance(held(gamepad, kLeft), held(gamepad, kRight)),
                      .jump = on_off(jump),
                      .crouch = on_off(crouch)};
  return combine({.forward = -y, .strafe = -x, .turn = -turn}, pad);
}

Action combine(const Action& a, const Action& b) {
  Action both;
  for (const ActionComponent& component : kActionComponents) {
    const float of_a = a.*component.value, of_b = b.*component.value, idle = component.idle();
    both.*component.value = std::abs(of_b - idle) > std::abs(of_a - idle) ? of_b : of_a;
  }
  return both;
}

GamepadCommands gamepad_commands(const GamepadState& before, const GamepadState& now) {
  const auto pressed = [&](Button button) { return held(now, button) && !held(before, button); };
  return {pressed(kY), pressed(kStart), pressed(kBack), pressed(kX), pressed(kRightBumper), pressed(kLeftBumper)};
}

float gamepad_tilt(const GamepadState& gamepad, const GamepadOptions& options) {
  return gamepad.connected ? -stick(gamepad, kRightX, kRightY, options)[1] : 0.0F;
}

void PersonControls::update(const KeyboardState& keyboard, const GamepadState& gamepad, float mouse_turn,
                            const GamepadOptions& options) {
  held_ = combine(keyboard_action(keyboard), gamepad_action(gamepad, options));
  jump_tapped_ = jump_tapped_ || held_.jump > 0.0F;
  pending_turn_ = std::clamp(pending_turn_ + mouse_turn, -kFarthestPending, kFarthestPending);
}

Action PersonControls::take(float seconds) {
  Action action = held_;
  if (jump_tapped_) action.jump = 1.0F;
  jump_tapped_ = false;
  const float most = kAvatar.turn_rate * seconds;
  const float mouse = std::clamp(pending_turn_, -most, most);
  pending_turn_ -= mouse;
  action.turn = std::clamp(action.turn + mouse / most, -1.0F, 1.0F);
  return action;
}

}  // namespace medal
