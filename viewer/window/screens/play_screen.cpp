#include "viewer/window/screens/play_screen.h"

#include <fmt/format.h>
#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include "experiments/processes/command_text.h"
#include "sim/base/error.h"
#include "viewer/window/panels/help_panel.h"

namespace medal {
namespace {

constexpr float kTiltPerFrame = 0.03F;  // rad, of a gamepad's stick at its rim

constexpr KeyLine kKeys[] = {
    {"W A S D, Up, Down", "walk"},
    {"Left, Right", "turn; or click and use the mouse (Esc lets it go)"},
    {"Space", "jump over red bars"},
    {"C, Ctrl", "crouch under blue bars"},
    {"Shift", "walk and turn slowly"},
    {"V", "vanish for the agent, and return"},
    {"Tab", "camera: shoulder, first person, overview, top"},
    {"K", "what the agent knows"},
    {"L", "what its LIDAR meets"},
    {"O", "the order of the goals, if you may know it"},
    {"M", "map and legend"},
    {"P", "pause"},
    {"R, N", "play this task again, or the next one"},
    {"Q", "quit; the game is recorded"},
    {"Gamepad", "sticks walk and turn, A jumps, B crouches, Y vanishes"},
};

OverlayArea whole(PixelSize size) {
  return {{0, 0}, {static_cast<float>(size.width), static_cast<float>(size.height)}};
}

}  // namespace

PlayScreen::PlayScreen(Window& window, PlaySetup setup)
    : window_(window), setup_(std::move(setup)), pane_(window, setup_.camera) {
  if (!setup_.log.empty()) log_.emplace(setup_.log);
  pane_.subject = person_is_expert() ? 0 : 1;
  session_ = std::make_unique<PlaySession>(setup_.game);
  begin(setup_.game.seed);
}

/// Of the session that is there.
void PlayScreen::begin(std::uint64_t seed) {
  setup_.game.seed = seed;
  controls_.release();
  waiting_ = setup_.wait;
  session_->pacing().set_paused(waiting_);
  if (log_) log_->begin(session_->view(), seed);
}

void PlayScreen::read_controls() {
  const Vec2 looked = window_.looked();
  const GamepadState gamepad = window_.gamepad();
  controls_.update(window_.keyboard(), gamepad, looked.x());
  pane_.camera.tilt(looked.y() + kTiltPerFrame * gamepad_tilt(gamepad));
  if (window_.clicked()) window_.capture_mouse(true);
  const GamepadCommands commands = gamepad_commands(gamepad_, gamepad);
  gamepad_ = gamepad;
  if (commands.pause && !waiting_) session_->pacing().set_paused(!session_->pacing().paused());
  if (commands.camera) pane_.camera.next_kind();
  if (commands.vanish) session_->toggle_expert();
  if (waiting_ && !is_idle(combine(keyboard_action(window_.keyboard()), gamepad_action(gamepad)))) {
    waiting_ = false;
    session_->pacing().set_paused(false);
  }
}

void PlayScreen::read_keys() {
  if (window_.pressed(GLFW_KEY_F1)) help_ = !help_;
  if (window_.pressed(GLFW_KEY_K)) knowledge_.open = !knowledge_.open;
  pane_.read_input();
  pane_.choices.belief = knowledge_.open;
  if (window_.pressed(GLFW_KEY_ESCAPE)) window_.capture_mouse(false);
  if (window_.pressed(GLFW_KEY_P) && !waiting_) session_->pacing().set_paused(!session_->pacing().paused());
  if (window_.pressed(GLFW_KEY_V)) session_->toggle_expert();
  if (window_.pressed(GLFW_KEY_Q)) window_.close();
  const bool next = window_.pressed(GLFW_KEY_N);
  if (!next && !window_.pressed(GLFW_KEY_R)) return;
  session_->finish();
  PlayOptions wanted = setup_.game;
  wanted.seed += next ? 1 : 0;
  try {
    wanted.parameters = setup_.parameters(wanted.seed);
    session_ = std::make_unique<PlaySession>(wanted);
    setup_.game.parameters = wanted.parameters;
    trouble_.clear();
    begin(wanted.seed);
  } catch (const UserError& error) {
    trouble_ = error.what();  // a seed without a layout; the next one may have one
    setup_.game.seed = wanted.seed;
  }
}

void PlayScreen::frame(double seconds) {
  read_keys();
  read_controls();
  const auto person = [&](int) {
    const float before = controls_.pending_turn();
    const Action action = controls_.take(static_cast<float>(1 / session_->pacing().control_rate()));
    turned_by_mouse_ = before - controls_.pending_turn();
    return action;
  };
  session_->advance(seconds, person);
  const SessionView view = session_->view();
  if (log_) log_->step(view);

  const OverlayArea area = whole(window_.size());
  // What the mouse has turned is seen at once; the avatar follows by whole control steps.
  const float yaw_ahead = controls_.pending_turn() + (1 - view.share) * turned_by_mouse_;
  pane_.draw(view, area, seconds, knowledge_.width(window_, view), yaw_ahead);
  knowledge_.show(window_, view, pane_.panel_bottom(area));
  show_messages(view);
  if (help_) show_help(window_, "Keys", kKeys);
}

namespace {

/// "It goes on alone: 3 right, 1 wrong"
std::string alone_text(const SessionView& view) {
  if (!view.alone || view.alone->right + view.alone->wrong == 0) return "What does it do alone?";
  return fmt::format("It goes on alone: {} right, {} wrong", view.alone->right, view.alone->wrong);
}

}  // namespace

std::vector<std::string> PlayScreen::messages(const SessionView& view) const {
  const AvatarView &expert = view.avatars[0], &learner = view.avatars[1];
  if (!trouble_.empty()) return {"There is no such game", trouble_, "N: the next task"};
  if (view.finished) return result(view);
  if (waiting_) {
    std::vector<std::string> lines = {
        person_is_expert() ? "You are the expert: walk the numbered goals in their order"
                           : "You are the learner: find out the order of the goals",
        "W A S D walk, the arrows or the mouse (click) turn; time begins with your first step"};
    if (person_is_expert() && learner.present)
      lines.push_back("Walk two rounds, then press V to vanish, and watch what the agent remembers");
    if (person_is_expert() && !learner.present)
      lines.push_back("Nobody watches you; name an agent to play with one: medal viewer play AGENT");
    return lines;
  }
  if (view.paused) return {"Paused", "P goes on"};
  if (person_is_expert() && learner.present && !expert.seen)
    return {"You have vanished: the agent does not see you", alone_text(view), "V returns"};
  if (!person_is_expert() && expert.present && !expert.seen) return {"The expert is away"};
  return {};
}

namespace {

std::string count_text(const EntryCount& count) { return fmt::format("{} right, {} wrong", count.right, count.wrong); }

/// "With you it entered 11 right, 1 wrong in 34 s; without you 8 right, 0 wrong in 26 s"
std::string learnt_text(const GameHalves& halves) {
  if (halves.seconds_without == 0)
    return fmt::format("With you it entered {}; next time press V and see what it remembers",
                       count_text(halves.with_expert));
  return fmt::format("With you it entered {} in {:.0f} s; without you {} in {:.0f} s", count_text(halves.with_expert),
                     halves.seconds_with, count_text(halves.without_expert), halves.seconds_without);
}

}  // namespace

std::vector<std::string> PlayScreen::result(const SessionView& view) const {
  const AvatarView& self = view.avatars[person_is_expert() ? 0 : 1];
  const AvatarView& other = view.avatars[person_is_expert() ? 1 : 0];
  std::vector<std::string> lines = {fmt::format("The game is over: you scored {:g}", self.score)};
  if (other.present) lines.push_back(fmt::format("{} scored {:g}", other.name, other.score));
  if (other.present && person_is_expert() && view.halves) lines.push_back(learnt_text(*view.halves));
  lines.insert(lines.end(), view.notice.begin(), view.notice.end());
  if (!session_->recording_file().empty() && person_is_expert()) {
    lines.push_back("How much an agent learns from it is told by:");
    lines.push_back(fmt::format("{} eval {} --probe {}", medal_command(),
                                setup_.agent_name.empty() ? "AGENT" : shell_word(setup_.agent_name),
                                shell_word(session_->recording_file().string())));
  }
  lines.push_back("R: again   N: the next task   Q: quit");
  return lines;
}

void PlayScreen::show_messages(const SessionView& view) {
  const OverlayArea area = whole(window_.size());
  const float y = view.finished || waiting_ ? 0.36F * area.high.y : 0.25F * area.high.y;
  const OverlayArea beside{area.low, {area.high.x - knowledge_.width(window_, view), area.high.y}};
  draw_banner(*ImGui::GetBackgroundDrawList(), messages(view), beside, y, window_.style());
  if (!help_) show_help_hint(window_, area, pane_.overlays);
}

std::filesystem::path PlayScreen::finish() {
  session_->finish();
  return session_->recording_file();
}

}  // namespace medal
