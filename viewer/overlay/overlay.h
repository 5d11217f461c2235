#pragma once

#include <imgui.h>

#include <string>
#include <vector>

#include "viewer/drawing/scene/camera.h"
#include "viewer/drawing/scene/palette.h"
#include "viewer/drawing/scene/scene.h"
#include "viewer/drawing/scene/scoreboard.h"

namespace medal {

/// How text and panels over a picture look. All functions here only add to a draw list, of the window or of a picture
/// without one; places are in pixels from the upper left corner.
struct OverlayStyle {
  float scale = 1;  ///< 1 for 1280x720 on an ordinary screen
  Palette palette;
};

/// A rectangle in pixels.
struct OverlayArea {
  ImVec2 low = {0, 0};
  ImVec2 high = {0, 0};
};

inline constexpr float kGap = 14;       ///< pixels at scale 1, between what lies over a picture and its edges
inline constexpr float kMapSide = 190;  ///< pixels at scale 1
inline constexpr float kMapBorder = 5;  ///< pixels at scale 1, of its plate
/// What the map takes of a corner each way, with a gap on both sides; pixels at scale 1.
inline constexpr float kMapReach = kGap + kMapSide + kMapBorder + kGap;

/// What is written over a scene that `camera` drew into `world`: tags there, and over the whole `area` the scores, the
/// map at the lower right and the legend at the lower left. A small area has the scores alone, and a picture that is a
/// map itself no map.
struct OverlayChoices {
  bool map = true, legend = true;
};
void draw_overlays(ImDrawList& list, const Scene& scene, const Scoreboard& board, const Camera& camera,
                   const OverlayArea& world, const OverlayArea& area, const OverlayStyle& style,
                   const OverlayChoices& choices = {});

/// Names above the avatars and, for a short while after an entry, +1 or -1 above the goal; with scene.show_order the
/// place of each goal in the order. `area` is where the scene was drawn with that camera.
void draw_name_tags(ImDrawList& list, const Scene& scene, const Camera& camera, const OverlayArea& area,
                    const OverlayStyle& style);

/// The arena from above: ground by height, obstacles, goals, trails, avatars with their headings.
void draw_minimap(ImDrawList& list, const Scene& scene, const OverlayArea& area, const OverlayStyle& style);

/// Time and, for each player, its name, score and last entries. Returns its area; `low` is its upper left corner.
OverlayArea draw_scoreboard(ImDrawList& list, const Scoreboard& board, const Task& task, ImVec2 low,
                            const OverlayStyle& style);

/// What the colours mean, as far as they occur in the scene. `low_left` is its lower left corner.
OverlayArea draw_legend(ImDrawList& list, const Scene& scene, ImVec2 low_left, const OverlayStyle& style);

/// A short message in the middle of an area's width, `lines` below each other, the first one large. `y` is its upper
/// edge.
void draw_banner(ImDrawList& list, const std::vector<std::string>& lines, const OverlayArea& area, float y,
                 const OverlayStyle& style);

}  // namespace medal
