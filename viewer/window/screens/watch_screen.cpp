#include "viewer/window/screens/watch_screen.h"

#include <fmt/format.h>
#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include <algorithm>
#include <cmath>

#include "sim/base/error.h"
#include "viewer/sessions/game.h"
#include "viewer/window/panels/clock_row.h"
#include "viewer/window/panels/help_panel.h"
#include "viewer/window/theme.h"

namespace medal {
namespace {

constexpr float kPanelWidth = 374;  // pixels at scale 1

constexpr KeyLine kKeys[] = {
    {"P", "pause and go on"},
    {"Period", "one control step"},
    {"-, +", "slower, faster (0.25x to 16x)"},
    {"N, R", "the next task; this one again"},
    {"Tab", "camera: shoulder, first person, overview, top"},
    {"F", "follow the next avatar"},
    {"Drag", "turn the overview"},
    {"V", "the expert vanishes for the watched learner, or returns"},
    {"K", "what the agent knows"},
    {"H", "holds half of its memory's cells still: the most telling, others, none"},
    {"L", "what its LIDAR meets"},
    {"O", "the order of the goals"},
    {"T", "the panel with the task's knobs"},
    {"M", "map and legend"},
    {"Q", "quit"},
};

/// Where a banner is whole beside the panel at the right, if there is room for one.
OverlayArea between_panels(OverlayArea area, float right, float scale) {
  constexpr float kLeast = 300;  // pixels at scale 1
  if (area.high.x - right - area.low.x > kLeast * scale) area.high.x -= right;
  return area;
}

}  // namespace

WatchScreen::WatchScreen(Window& window, WatchOptions options, CameraKind camera, std::filesystem::path recordings)
    : window_(window),
      session_(std::move(options)),
      recordings_(std::move(recordings)),
      knobs_(knobs_of(session_.options().parameters)),
      seed_(static_cast<int>(session_.options().seed)),
      pane_(window, camera) {
  pane_.choices.order = false;
  follow(session_.options().agent ? 1 : 0);
}

void WatchScreen::follow(int avatar) {
  pane_.subject = std::clamp(avatar, 0, session_.episode().learners());
  if (avatar == 0) return;
  session_.hold_cells(hold_ = CellHold::none);
  session_.watch_learner(avatar - 1);
}

/// All cells are free in a new game, and in another learner's head.
void WatchScreen::hold_next() {
  hold_ = hold_ == CellHold::none ? CellHold::telling : hold_ == CellHold::telling ? CellHold::random : CellHold::none;
  const int held = session_.hold_cells(hold_);
  if (hold_ == CellHold::none) {
    message_.say("All cells of its memory are free");
  } else if (held == 0) {
    hold_ = CellHold::none;
    message_.say(
        fmt::format("Cells can be held once it has been {} steps with the expert and without", kLeastTellingSteps));
  } else {
    message_.say(hold_ == CellHold::telling ? fmt::format("Held: the {} cells that tell most of the expert", held)
                                            : fmt::format("Held: {} cells by chance", held));
  }
}

void WatchScreen::new_task() {
  hold_ = CellHold::none;
  message_.clear();
  try {
    session_.new_task(with_knobs(session_.options().parameters, knobs_), static_cast<std::uint64_t>(seed_));
    changed_ = false;
  } catch (const UserError& error) {
    message_.say(error.what());
  }
}

/// With other learners; the clock goes on as it was.
void WatchScreen::restart(const WatchOptions& options) {
  hold_ = CellHold::none;
  message_.clear();
  try {
    WatchSession session(options);
    session.pacing().set_speed(session_.pacing().speed());
    session.pacing().set_paused(session_.pacing().paused());
    session_ = std::move(session);
    follow(pane_.subject);
  } catch (const UserError& error) {
    message_.say(error.what());
  }
}

void WatchScreen::save() {
  try {
    const std::filesystem::path file =
        save_recording(recordings_, fmt::format("watch-seed{}", seed_), session_.recording());
    message_.say("saved to " + file.string());
  } catch (const UserError& error) {
    message_.say(error.what());
  }
}

void WatchScreen::read_keys() {
  if (window_.pressed(GLFW_KEY_F1)) help_ = !help_;
  if (window_.pressed(GLFW_KEY_K)) knowledge_.open = !knowledge_.open;
  if (window_.pressed(GLFW_KEY_T)) panel_open_ = !panel_open_;
  pane_.read_input();
  pane_.choices.belief = knowledge_.open;
  Pacing& pacing = session_.pacing();
  if (window_.pressed(GLFW_KEY_P)) pacing.set_paused(!pacing.paused());
  if (window_.pressed(GLFW_KEY_PERIOD)) pacing.step_once();
  if (window_.pressed(GLFW_KEY_MINUS) || window_.pressed(GLFW_KEY_KP_SUBTRACT)) pacing.slower();
  if (window_.pressed(GLFW_KEY_EQUAL) || window_.pressed(GLFW_KEY_KP_ADD)) pacing.faster();
  if (window_.pressed(GLFW_KEY_F)) follow((pane_.subject + 1) % (session_.episode().learners() + 1));
  if (window_.pressed(GLFW_KEY_V)) session_.toggle_expert(session_.view().watched_learner);
  if (window_.pressed(GLFW_KEY_N)) {
    ++seed_;
    new_task();
  }
  if (window_.pressed(GLFW_KEY_R)) new_task();
  if (window_.pressed(GLFW_KEY_H)) hold_next();
  if (window_.pressed(GLFW_KEY_Q)) window_.close();
}

void WatchScreen::frame(double seconds) {
  read_keys();
  session_.advance(seconds);
  const SessionView view = session_.view();
  const PixelSize size = window_.size();
  OverlayArea area{{0, 0}, {static_cast<float>(size.width), static_cast<float>(size.height)}};
  const float s = window_.style().scale;
  area.low.x = panel_open_ ? std::round(kPanelWidth * s) : 0;
  pane_.draw(view, area, seconds, knowledge_.width(window_, view));
  knowledge_.show(window_, view, pane_.panel_bottom(area));
  if (panel_open_) show_panel(view);
  const OverlayArea between = between_panels(area, knowledge_.width(window_, view), s);
  ImDrawList& list = *ImGui::GetBackgroundDrawList();
  if (message_.shown())
    draw_banner(list, {message_.text()}, between, 0.25F * area.high.y, window_.style());
  else if (view.finished)
    draw_banner(list, {"The episode is over", "N: the next task   R: again"}, between, 0.25F * area.high.y,
                window_.style());
  if (help_)
    show_help(window_, "Keys", kKeys);
  else
    show_help_hint(window_, area, pane_.overlays);
}

void WatchScreen::show_panel(const SessionView& view) {
  const float s = window_.style().scale;
  begin_panel("task", {{0, 0}, {std::round(kPanelWidth * s), static_cast<float>(window_.size().height)}});
  show_clock_row(session_.pacing(), s);
  show_game_controls(view);
  ImGui::Separator();
  heading(changed_ ? "The next task" : "The task");
  ImGui::SameLine();
  dim_text("(knobs count from the next one on)");
  ImGui::BeginChild("knobs");
  changed_ = show_knobs(knobs_, s) || changed_;
  ImGui::EndChild();
  ImGui::End();
}

void WatchScreen::show_game_controls(const SessionView& view) {
  const float s = window_.style().scale;
  if (ImGui::Button("New task")) {
    if (!changed_) ++seed_;
    new_task();
  }
  tooltip("Makes the task of these knobs and that seed; where nothing was changed, of the next seed.", s);
  ImGui::SameLine();
  ImGui::SetNextItemWidth(118 * s);
  if (ImGui::InputInt("seed", &seed_)) changed_ = true;
  seed_ = std::max(0, seed_);
  ImGui::SameLine();
  if (ImGui::Button("Save")) save();
  tooltip("Records the episode so far to '" + recordings_.string() + "'.", s);
  show_subject_choice(view);
  bool sample = session_.options().sample_actions;
  if (session_.options().agent && ImGui::Checkbox("draw actions", &sample)) session_.set_sampling(sample);
  if (session_.options().agent) {
    tooltip("On: actions are drawn from the policy, as in training. Off: it takes the likeliest ones.", s);
    ImGui::SameLine();
  }
  bool three = session_.options().presence == WatchPresence::three_conditions;
  if (ImGui::Checkbox("full, half, solo", &three)) {
    WatchOptions options = session_.options();
    options.presence = three ? WatchPresence::three_conditions : WatchPresence::schedule;
    restart(options);
  }
  tooltip("Three learners from one spawn, who see the expert always, until half-time, never: as evaluation does.", s);
}

void WatchScreen::show_subject_choice(const SessionView& view) {
  const float s = window_.style().scale;
  ImGui::SetNextItemWidth(130 * s);
  if (ImGui::BeginCombo("##subject", view.avatars[static_cast<std::size_t>(pane_.subject)].name.c_str())) {
    for (std::size_t i = 0; i < view.avatars.size(); ++i) {
      ImGui::PushID(static_cast<int>(i));
      if (ImGui::Selectable(view.avatars[i].name.c_str(), static_cast<int>(i) == pane_.subject))
        follow(static_cast<int>(i));
      ImGui::PopID();
    }
    ImGui::EndCombo();
  }
  tooltip("Whom the camera follows (F)", s);
  ImGui::SameLine();
  constexpr const char* names[] = {"overview", "top", "shoulder", "first person"};
  int kind = static_cast<int>(pane_.camera.kind());
  ImGui::SetNextItemWidth(120 * s);
  if (ImGui::Combo("##camera", &kind, names, 4)) pane_.camera.set_kind(static_cast<CameraKind>(kind));
  tooltip("Camera (Tab)", s);
}

}  // namespace medal
