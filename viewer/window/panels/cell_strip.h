#pragma once

#include <imgui.h>

#include <cstdint>
#include <vector>

#include "viewer/drawing/opengl/gl_object.h"
#include "viewer/sessions/mind/agent_knowledge.h"

namespace medal {

/// Steps that the panel shows of what an agent knows, the last ones.
inline constexpr int kShownSteps = 200;
/// Where the last `most` steps begin in the history.
std::size_t first_shown(const AgentKnowledge& knowledge, int most);

/// A picture of a memory over time: a column for each step, oldest left, a row for each cell.
struct CellPicture {
  int steps = 0, cells = 0;
  std::vector<std::uint8_t> pixels;  ///< steps * cells * 4, rows from the top
};
/// Of the last `most` steps. Blue is negative, orange positive, dark is 0.
CellPicture cell_picture(const AgentKnowledge& knowledge, int most);

/// The picture in a panel, with the telling cell marked and drawn as a curve below, over bands of the steps in which
/// the expert was seen.
class CellStrip {
 public:
  /// Of the given width, at the cursor of the current ImGui window. `height` is of the picture alone.
  void show(const AgentKnowledge& knowledge, float width, float height, float scale);

 private:
  GlTexture texture_;
  std::shared_ptr<const AgentThought> shown_;  ///< newest in the texture
};

}  // namespace medal
