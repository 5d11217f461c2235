#include "viewer/sessions/controls.h"

#include <cmath>
#include <limits>

#include "sim/task/avatar.h"
#include "tests/support/catch.h"

using namespace medal;

namespace {

GamepadState resting_pad() {
  GamepadState pad;
  pad.connected = true;
  return pad;
}

GamepadState pad_with_axis(std::size_t axis, float value) {
  GamepadState pad = resting_pad();
  pad.axes[axis] = value;
  return pad;
}

GamepadState pad_with_button(std::size_t button) {
  GamepadState pad = resting_pad();
  pad.buttons[button] = 1;
  return pad;
}

}  // namespace

TEST_CASE("keys move the way they say, and opposite keys cancel") {
  KeyboardState keys;
  CHECK(is_idle(keyboard_action(keys)));
  keys.forward = keys.left = keys.turn_left = keys.jump = true;
  const Action action = keyboard_action(keys);
  CHECK(action.forward == 1.0F);
  CHECK(action.strafe == 1.0F);
  CHECK(action.turn == 1.0F);
  CHECK(action.jump > 0.0F);
  CHECK(action.crouch < 0.0F);
  keys.backward = true;
  CHECK(keyboard_action(keys).forward == 0.0F);
  keys.forward = false;
  keys.slow = true;
  CHECK(keyboard_action(keys).forward == -0.5F);
}

TEST_CASE("a gamepad at rest, within its dead zone, without a connection or with broken numbers moves nobody") {
  CHECK(is_idle(gamepad_action(resting_pad())));
  CHECK(is_idle(gamepad_action(pad_with_axis(1, 0.1F))));
  CHECK(is_idle(gamepad_action(pad_with_axis(2, -0.14F))));
  CHECK(is_idle(gamepad_action(pad_with_axis(0, std::numeric_limits<float>::quiet_NaN()))));
  GamepadState gone = pad_with_button(0);
  gone.axes[1] = -1;
  gone.connected = false;
  CHECK(is_idle(gamepad_action(gone)));
}

TEST_CASE("sticks point as on GLFW's pads: left stick up is forward, right stick right turns clockwise") {
  CHECK(gamepad_action(pad_with_axis(1, -1)).forward == Approx(1));
  CHECK(gamepad_action(pad_with_axis(1, 1)).forward == Approx(-1));
  CHECK(gamepad_action(pad_with_axis(0, -1)).strafe == Approx(1));
  CHECK(gamepad_action(pad_with_axis(2, 1)).turn == Approx(-1));
  CHECK(gamepad_tilt(pad_with_axis(3, -1)) == Approx(1));
}

TEST_CASE("a stick rises steadily from the dead zone to the rim, keeps its direction and never exceeds 1") {
  const GamepadOptions options;
  float last = 0.0F;
  for (float x = options.dead_zone + 0.01F; x < 1.0F; x += 0.01F) {
    const float now = shape_stick(x, 0, options)[0];
    CHECK(now > last);
    last = now;
  }
  CHECK(shape_stick(options.dead_zone + 0.01F, 0, options)[0] < 0.05F);
  CHECK(shape_stick(0.5F, 0, options)[0] < 0.5F);  // finer near the middle
  const auto corner = shape_stick(1, 1, options);
  CHECK(std::hypot(corner[0], corner[1]) == Approx(1));
  const auto slanted = shape_stick(0.6F, -0.3F, options);
  CHECK(slanted[0] / slanted[1] == Approx(-2));
}

TEST_CASE("buttons and triggers jump and crouch, the pad walks") {
  CHECK(gamepad_action(pad_with_button(0)).jump > 0);
  CHECK(gamepad_action(pad_with_axis(5, 1)).jump > 0);
  CHECK(gamepad_action(pad_with_button(1)).crouch > 0);
  CHECK(gamepad_action(pad_with_axis(4, 1)).crouch > 0);
  CHECK(gamepad_action(pad_with_button(11)).forward == 1);
  CHECK(gamepad_action(pad_with_button(13)).forward == -1);
  CHECK(gamepad_action(pad_with_button(14)).strafe == 1);
  CHECK(gamepad_action(pad_with_button(12)).strafe == -1);
}

TEST_CASE("a command is given once, when its button goes down") {
  const GamepadState rest = resting_pad(), pressed = pad_with_button(3);
  CHECK(gamepad_commands(rest, pressed).vanish);
  CHECK_FALSE(gamepad_commands(pressed, pressed).vanish);
  CHECK_FALSE(gamepad_commands(pressed, rest).vanish);
  CHECK(gamepad_commands(rest, pad_with_button(7)).pause);
  CHECK(gamepad_commands(rest, pad_with_button(6)).camera);
  CHECK(gamepad_commands(rest, pad_with_button(2)).step);
  CHECK(gamepad_commands(rest, pad_with_button(5)).faster);
  CHECK(gamepad_commands(rest, pad_with_button(4)).slower);
}

TEST_CASE("a jump tapped between two control steps still counts, once") {
  PersonControls controls;
  KeyboardState keys;
  keys.jump = true;
  controls.update(keys, {});
  controls.update({}, {});
  CHECK(controls.take(0.1F).jump > 0);
  CHECK(controls.take(0.1F).jump < 0);
}

TEST_CASE("the mouse turns exactly as far as it was moved, over as many control steps as that takes") {
  PersonControls controls;
  const float step = 0.1F, wanted = -0.9F;
  controls.update({}, {}, wanted / 2);
  controls.update({}, {}, wanted / 2);
  float turned = 0;
  for (int i = 0; i < 5; ++i) {
    const Action action = controls.take(step);
    CHECK(std::abs(action.turn) <= 1.0F);
    turned += action.turn * kAvatar.turn_rate * step;
  }
  CHECK(turned == Approx(wanted));
  CHECK(controls.pending_turn() == Approx(0).margin(1e-6));
}

TEST_CASE("nothing stays held when the window loses the focus") {
  PersonControls controls;
  KeyboardState keys;
  keys.forward = keys.jump = true;
  controls.update(keys, {}, 0.5F);
  controls.release();
  CHECK(is_idle(controls.take(0.1F)));
}
