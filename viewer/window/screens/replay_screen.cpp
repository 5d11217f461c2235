#include "viewer/window/screens/replay_screen.h"

#include <fmt/format.h>
#define GLFW_INCLUDE_NONE
#include <GLFW/glfw3.h>

#include <algorithm>
#include <cmath>

#include "sim/base/error.h"
#include "viewer/overlay/overlay_parts.h"
#include "viewer/sessions/game.h"
#include "viewer/window/panels/clock_row.h"
#include "viewer/window/panels/help_panel.h"
#include "viewer/window/theme.h"

namespace medal {
namespace {

constexpr float kBar = 97, kBarWithoutClip = 70;  // pixels at scale 1

constexpr KeyLine kKeys[] = {
    {"Space, P", "play and pause"},
    {"Left, Right", "a step back, a step on (Shift: a second)"},
    {"Home, End", "the beginning, the end"},
    {"-, +", "slower, faster (0.25x to 16x)"},
    {"Tab", "camera: shoulder, first person, overview, top"},
    {"F", "follow the next avatar"},
    {"Drag", "turn the overview"},
    {"B, E, S", "the clip begins here, ends here; save it"},
    {"K", "what the agent knows (with --agent)"},
    {"L", "what the learner's LIDAR meets"},
    {"O", "the order of the goals"},
    {"M", "map and legend"},
    {"Q", "quit"},
};

}  // namespace

ReplayScreen::ReplayScreen(Window& window, std::vector<std::filesystem::path> files,
                           std::shared_ptr<const LoadedAgent> agent, CameraKind camera)
    : window_(window), files_(std::move(files)) {
  if (files_.size() == 1) {
    single_.emplace(load_replay(files_[0]), agent);
    clip_begin_ = single_->first_step();
    clip_end_ = single_->last_step();
  } else {
    comparison_.emplace(ReplaySession(load_replay(files_[0]), agent), ReplaySession(load_replay(files_[1]), agent));
  }
  for (std::size_t side = 0; side < files_.size(); ++side) {
    panes_.push_back(std::make_unique<WorldPane>(window, camera));
    panes_.back()->choices.order = false;
    panes_.back()->legend = files_.size() == 1;
  }
  follow(1);
}

float ReplayScreen::bar_height() const {
  return std::round((compares() ? kBarWithoutClip : kBar) * window_.style().scale);
}

double ReplayScreen::seconds() const { return compares() ? comparison_->seconds() : single_->seconds(); }

double ReplayScreen::total_seconds() const {
  return compares() ? comparison_->total_seconds() : single_->total_seconds();
}

void ReplayScreen::seek(double seconds) {
  if (compares())
    comparison_->seek_seconds(seconds);
  else
    single_->seek_seconds(seconds);
}

void ReplayScreen::step_by(int steps) {
  pacing().set_paused(true);
  seek(seconds() + steps / pacing().control_rate());
}

/// At the end, from the beginning again.
void ReplayScreen::play_or_pause() {
  if (seconds() >= total_seconds() - 1e-6) {
    seek(0);
    pacing().set_paused(false);
  } else {
    pacing().set_paused(!pacing().paused());
  }
}

void ReplayScreen::follow(int avatar) {
  for (std::size_t side = 0; side < panes_.size(); ++side) {
    ReplaySession& session = compares() ? (side == 0 ? comparison_->left() : comparison_->right()) : *single_;
    const int learners = static_cast<int>(session.replay().spec.presence.size());
    panes_[side]->subject = std::clamp(avatar, 0, learners);
    if (avatar > 0) session.watch_learner(avatar - 1);
  }
}

void ReplayScreen::read_keys() {
  const int second = static_cast<int>(std::lround(pacing().control_rate()));
  const int stride = window_.keyboard().slow ? second : 1;
  if (window_.pressed(GLFW_KEY_F1)) help_ = !help_;
  if (window_.pressed(GLFW_KEY_SPACE) || window_.pressed(GLFW_KEY_P)) play_or_pause();
  if (window_.pressed(GLFW_KEY_LEFT)) step_by(-stride);
  if (window_.pressed(GLFW_KEY_RIGHT)) step_by(stride);
  if (window_.pressed(GLFW_KEY_HOME)) seek(0);
  if (window_.pressed(GLFW_KEY_END)) seek(total_seconds());
  if (window_.pressed(GLFW_KEY_MINUS) || window_.pressed(GLFW_KEY_KP_SUBTRACT)) pacing().slower();
  if (window_.pressed(GLFW_KEY_EQUAL) || window_.pressed(GLFW_KEY_KP_ADD)) pacing().faster();
  if (window_.pressed(GLFW_KEY_K)) knowledge_.open = !knowledge_.open;
  if (single_) {
    if (window_.pressed(GLFW_KEY_B)) clip_begin_ = single_->step();
    if (window_.pressed(GLFW_KEY_E)) clip_end_ = single_->step();
    if (window_.pressed(GLFW_KEY_S)) save_clip();
    const int learners = static_cast<int>(single_->replay().spec.presence.size());
    if (window_.pressed(GLFW_KEY_F)) follow((panes_[0]->subject + 1) % (learners + 1));
  } else if (window_.pressed(GLFW_KEY_F)) {
    follow(1 - std::min(1, panes_[0]->subject));
  }
  if (window_.pressed(GLFW_KEY_Q)) window_.close();
  for (const auto& pane : panes_) {
    pane->read_input();
    pane->choices.belief = knowledge_.open;
  }
}

void ReplayScreen::frame(double seconds) {
  read_keys();
  const PixelSize size = window_.size();
  const float s = window_.style().scale, bar = bar_height();
  const float width = static_cast<float>(size.width), height = static_cast<float>(size.height) - bar;
  if (single_) {
    single_->advance(seconds);
    const SessionView view = single_->view();
    const OverlayArea area{{0, 0}, {width, height}};
    draw_side(0, view, area, seconds);
    knowledge_.show(window_, view, panes_[0]->panel_bottom(area));
  } else {
    comparison_->advance(seconds);
    const float middle = std::floor(0.5F * width);
    draw_side(0, comparison_->left_view(), {{0, 0}, {middle, height}}, seconds);
    draw_side(1, comparison_->right_view(), {{middle, 0}, {width, height}}, seconds);
    ImGui::GetBackgroundDrawList()->AddLine({middle, 0}, {middle, height}, IM_COL32(0, 0, 0, 255), 2 * s);
  }
  show_bar();
  if (message_.shown())
    draw_banner(*ImGui::GetBackgroundDrawList(), {message_.text()}, {{0, 0}, {width, height}}, 0.8F * height,
                window_.style());
  if (help_) show_help(window_, "Keys", kKeys);
}

void ReplayScreen::draw_side(std::size_t side, const SessionView& view, const OverlayArea& area, double seconds) {
  panes_[side]->draw(view, area, seconds, compares() ? 0 : knowledge_.width(window_, view));
  ImDrawList& list = *ImGui::GetBackgroundDrawList();
  const OverlayStyle& style = window_.style();
  draw_banner(list, view.notice, area, 0.22F * area.high.y, style);
  if (!compares()) return;
  const std::string name = files_[side].filename().string();
  const float line = kTextHeight * style.scale, gap = kGap * style.scale, text = text_size(name, line).x;
  put_plate(list,
            {{area.low.x + gap, area.high.y - gap - 1.8F * line}, {area.low.x + 2 * gap + text, area.high.y - gap}},
            style.scale);
  put_text(list, {area.low.x + 1.5F * gap, area.high.y - gap - 1.4F * line}, line, IM_COL32_WHITE, name);
}

void ReplayScreen::show_bar() {
  const float s = window_.style().scale;
  const PixelSize size = window_.size();
  const auto width = static_cast<float>(size.width), height = static_cast<float>(size.height);
  begin_panel("bar", {{0, height - bar_height()}, {width, height}});
  float now = static_cast<float>(seconds());
  const auto whole = static_cast<float>(total_seconds());
  ImGui::SetNextItemWidth(-1);
  if (ImGui::SliderFloat("##scrub", &now, 0, whole, "", ImGuiSliderFlags_NoInput)) seek(static_cast<double>(now));
  tooltip("Drag to any moment", s);
  if (ImGui::Button(pacing().paused() ? "Play" : "Pause", {64 * s, 0})) play_or_pause();
  ImGui::SameLine();
  if (ImGui::Button("<")) step_by(-1);
  tooltip("One control step back", s);
  ImGui::SameLine();
  if (ImGui::Button(">")) step_by(1);
  tooltip("One control step on", s);
  ImGui::SameLine();
  show_speed(pacing(), s);
  ImGui::SameLine();
  ImGui::TextUnformatted(fmt::format("{:.1f} of {:.1f} s", seconds(), total_seconds()).c_str());
  ImGui::SameLine();
  dim_text(single_ ? files_[0].filename().string() + "   " + single_->replay().title : "two recordings on one clock");
  if (single_) show_clip_row();
  ImGui::SameLine(width - 110 * s);
  dim_text("F1: all keys");
  ImGui::End();
}

void ReplayScreen::show_clip_row() {
  const float s = window_.style().scale;
  const double rate = pacing().control_rate();
  const int first = single_->first_step();
  if (ImGui::Button("Clip begins here")) clip_begin_ = single_->step();
  ImGui::SameLine();
  if (ImGui::Button("ends here")) clip_end_ = single_->step();
  ImGui::SameLine();
  ImGui::TextUnformatted(
      fmt::format("{:.1f} .. {:.1f} s", (clip_begin_ - first) / rate, (clip_end_ - first) / rate).c_str());
  ImGui::SameLine();
  if (ImGui::Button("Save clip")) save_clip();
  tooltip("As a replay of its own, beside this one (B, E, S)", s);
}

void ReplayScreen::save_clip() {
  try {
    const std::filesystem::path file = save_recording(files_[0].parent_path(), files_[0].stem().string() + "-clip",
                                                      cut_clip(single_->replay(), clip_begin_, clip_end_));
    message_.say("saved to " + file.string());
  } catch (const UserError& error) {
    message_.say(error.what());
  }
}

}  // namespace medal
