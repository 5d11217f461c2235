#include <algorithm>
#include <cstdio>

#include "viewer/overlay/overlay.h"
#include "viewer/overlay/overlay_parts.h"

namespace medal {
namespace {

constexpr std::size_t kShownEntries = 8;
constexpr float kLine = 26;        // pixels at scale 1
constexpr float kNameWidth = 112;  // pixels at scale 1, at least
constexpr float kMostNameWidth = 220;
constexpr float kScoreWidth = 46;
constexpr float kEntryWidth = 23;

std::string clock_text(float seconds) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f s", static_cast<double>(seconds));
  return text;
}

std::string score_text(float score) {
  char text[32];
  std::snprintf(text, sizeof text, "%+.0f", static_cast<double>(score == 0 ? 0.0F : score));
  return score == 0 ? "0" : text;
}

/// Wide enough for the longest name, within bounds; pixels at scale 1.
float name_width(const Scoreboard& board, float scale) {
  float width = kNameWidth;
  for (const PlayerLine& player : board.players)
    width = std::max(width, text_size(player.name, kTextHeight * scale).x / scale + 30);
  return std::min(width, kMostNameWidth);
}

/// The name, or as much of it as fits, and dots.
std::string fitted(const std::string& name, float width, float height) {
  if (text_size(name, height).x <= width) return name;
  std::size_t length = name.size();
  while (length > 1 && text_size(name.substr(0, length) + "...", height).x > width) --length;
  return name.substr(0, length) + "...";
}

void put_player(ImDrawList& list, const PlayerLine& player, const Task& task, ImVec2 low, float names,
                const OverlayStyle& style) {
  const float s = style.scale, middle = low.y + 0.5F * kLine * s, height = kTextHeight * s;
  const float text_top = middle - 0.5F * height;
  list.AddCircleFilled({low.x + 6 * s, middle}, 6 * s, to_colour(style.palette.avatar(player.role, player.index)), 20);
  put_text(list, {low.x + 20 * s, text_top}, height, IM_COL32(235, 240, 245, 255),
           fitted(player.name, (names - 28) * s, height));
  const std::string score = score_text(player.score);
  const float right = low.x + (names + kScoreWidth - 10) * s;
  put_text(list, {right - text_size(score, 1.15F * height).x, text_top - 0.08F * height}, 1.15F * height,
           IM_COL32_WHITE, score);
  const std::size_t first = player.entries.size() > kShownEntries ? player.entries.size() - kShownEntries : 0;
  float x = low.x + (names + kScoreWidth + 10) * s;
  for (std::size_t k = first; k < player.entries.size(); ++k, x += kEntryWidth * s) {
    const ScoredEntry& entry = player.entries[k];
    put_entry(list, {x, middle - 1.5F * s}, 8 * s, task.goals[static_cast<std::size_t>(entry.goal)].colour,
              entry.reward, style.palette);
  }
}

}  // namespace

OverlayArea draw_scoreboard(ImDrawList& list, const Scoreboard& board, const Task& task, ImVec2 low,
                            const OverlayStyle& style) {
  const float s = style.scale, pad = kPadding * s;
  const float names = name_width(board, s);
  const float width = (names + kScoreWidth + kEntryWidth * static_cast<float>(kShownEntries)) * s;
  const OverlayArea area{
      low, {low.x + width + 2 * pad, low.y + 2 * pad + (kLine * static_cast<float>(board.players.size()) + 30) * s}};
  put_plate(list, area, s);
  const float x = low.x + pad;
  float y = low.y + pad;
  const std::string time = clock_text(board.seconds), whole = "of " + clock_text(board.duration);
  put_text(list, {x, y}, 1.2F * kTextHeight * s, IM_COL32_WHITE, time);
  put_text(list, {x + 72 * s, y + 3 * s}, kTextHeight * s, IM_COL32(160, 172, 186, 255), whole);
  const float share = board.duration > 0 ? std::clamp(board.seconds / board.duration, 0.0F, 1.0F) : 0;
  y += 23 * s;
  list.AddRectFilled({x, y}, {x + width, y + 3 * s}, IM_COL32(255, 255, 255, 45), 1.5F * s);
  list.AddRectFilled({x, y}, {x + share * width, y + 3 * s}, IM_COL32(255, 255, 255, 210), 1.5F * s);
  y += 7 * s;
  for (const PlayerLine& player : board.players) {
    put_player(list, player, task, {x, y}, names, style);
    y += kLine * s;
  }
  return area;
}

}  // namespace medal
