#pragma once

#include <imgui.h>

#include <string>

#include "viewer/overlay/overlay.h"

namespace medal {

inline constexpr float kTextHeight = 15;  ///< pixels at scale 1
inline constexpr float kPadding = 9;      ///< pixels at scale 1

ImU32 to_colour(const Vec3& srgb, float opacity = 1);
ImVec2 text_size(const std::string& text, float height);
/// `place` is the upper left corner.
void put_text(ImDrawList& list, ImVec2 place, float height, ImU32 colour, const std::string& text);
/// The dark translucent plate below text.
void put_plate(ImDrawList& list, const OverlayArea& area, float scale);
/// A goal's disc with the sign of what entering it brought.
void put_entry(ImDrawList& list, ImVec2 center, float radius, const Vec3& colour, int reward, const Palette& palette);
/// The place of a goal in the task's order, from 1.
int place_in_order(const Task& task, int goal);

}  // namespace medal
