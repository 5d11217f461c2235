#include "viewer/window/panels/clock_row.h"

#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "viewer/window/theme.h"

namespace medal {
namespace {

constexpr std::array<const char*, 7> kSpeedNames = {"0.25x", "0.5x", "1x", "2x", "4x", "8x", "16x"};

int speed_index(double speed) {
  return static_cast<int>(std::lround(std::log2(std::clamp(speed, Pacing::kSlowest, Pacing::kFastest)))) + 2;
}

}  // namespace

void show_speed(Pacing& pacing, float scale) {
  int index = speed_index(pacing.speed());
  ImGui::SetNextItemWidth(76 * scale);
  if (ImGui::Combo("speed", &index, kSpeedNames.data(), static_cast<int>(kSpeedNames.size())))
    pacing.set_speed(std::exp2(index - 2));
  tooltip("Times real time ( - and + )", scale);
}

void show_clock_row(Pacing& pacing, float scale) {
  if (ImGui::Button(pacing.paused() ? "Go on" : "Pause", {64 * scale, 0})) pacing.set_paused(!pacing.paused());
  tooltip("P", scale);
  ImGui::SameLine();
  if (ImGui::Button("Step")) pacing.step_once();
  tooltip("One control step ( . )", scale);
  ImGui::SameLine();
  show_speed(pacing, scale);
}

}  // namespace medal
