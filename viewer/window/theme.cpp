#include "viewer/window/theme.h"

namespace medal {
namespace {

constexpr ImGuiWindowFlags kFixed = ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoResize | ImGuiWindowFlags_NoMove |
                                    ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoFocusOnAppearing |
                                    ImGuiWindowFlags_NoNav;
const ImVec4 kAccent(0.337F, 0.706F, 0.914F, 1);  // okabe_ito::sky_blue

ImVec4 accent(float opacity) { return {kAccent.x, kAccent.y, kAccent.z, opacity}; }

}  // namespace

void apply_theme(const OverlayStyle& style) {
  ImGui::StyleColorsDark();
  ImGuiStyle& look = ImGui::GetStyle();
  look.WindowRounding = 7;
  look.FrameRounding = look.GrabRounding = look.PopupRounding = 4;
  look.WindowPadding = {10, 9};
  look.ItemSpacing = {7, 5};
  look.FramePadding = {6, 3};
  look.ScrollbarSize = 11;
  look.WindowBorderSize = 1;
  look.ScaleAllSizes(style.scale);
  ImVec4* colours = look.Colors;
  colours[ImGuiCol_WindowBg] = {0.047F, 0.067F, 0.102F, 0.90F};
  colours[ImGuiCol_PopupBg] = {0.06F, 0.08F, 0.12F, 0.97F};
  colours[ImGuiCol_Border] = {1, 1, 1, 0.12F};
  colours[ImGuiCol_Text] = {0.92F, 0.94F, 0.96F, 1};
  colours[ImGuiCol_TextDisabled] = {0.66F, 0.71F, 0.76F, 1};
  colours[ImGuiCol_FrameBg] = {1, 1, 1, 0.10F};
  colours[ImGuiCol_FrameBgHovered] = {1, 1, 1, 0.17F};
  colours[ImGuiCol_FrameBgActive] = {1, 1, 1, 0.24F};
  colours[ImGuiCol_Button] = accent(0.30F);
  colours[ImGuiCol_ButtonHovered] = accent(0.50F);
  colours[ImGuiCol_ButtonActive] = accent(0.70F);
  colours[ImGuiCol_SliderGrab] = accent(0.85F);
  colours[ImGuiCol_SliderGrabActive] = kAccent;
  colours[ImGuiCol_CheckMark] = kAccent;
  colours[ImGuiCol_Header] = accent(0.30F);
  colours[ImGuiCol_HeaderHovered] = accent(0.45F);
  colours[ImGuiCol_HeaderActive] = accent(0.60F);
  colours[ImGuiCol_PlotHistogram] = kAccent;
}

bool begin_panel(const char* name, const OverlayArea& area) {
  ImGui::SetNextWindowPos(area.low);
  ImGui::SetNextWindowSize({area.high.x - area.low.x, area.high.y - area.low.y});
  return ImGui::Begin(name, nullptr, kFixed);
}

bool begin_fitting_panel(const char* name, ImVec2 place, ImVec2 pivot, float width) {
  ImGui::SetNextWindowPos(place, ImGuiCond_Always, pivot);
  if (width > 0) ImGui::SetNextWindowSizeConstraints({width, 0}, {width, 1e6F});
  return ImGui::Begin(name, nullptr, kFixed | ImGuiWindowFlags_AlwaysAutoResize);
}

void heading(const char* text) { ImGui::TextColored(kAccent, "%s", text); }

void dim_text(const std::string& text) { ImGui::TextDisabled("%s", text.c_str()); }

void tooltip(const std::string& text, float scale) {
  if (!ImGui::IsItemHovered(ImGuiHoveredFlags_AllowWhenDisabled)) return;
  ImGui::BeginTooltip();
  ImGui::PushTextWrapPos(360 * scale);
  ImGui::TextUnformatted(text.c_str());
  ImGui::PopTextWrapPos();
  ImGui::EndTooltip();
}

}  // namespace medal
