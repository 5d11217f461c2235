#pragma once

#include <string>
#include <vector>

#include "viewer/drawing/scene/scene.h"

namespace medal {

/// One entry into a goal that paid or cost.
struct ScoredEntry {
  int goal = 0;
  int reward = 1;     ///< +1 or -1
  float seconds = 0;  ///< since the episode began
};

/// One player's line above the picture.
struct PlayerLine {
  std::string name;
  AvatarRole role = AvatarRole::learner;
  int index = 0;
  float score = 0;                   ///< at penalty 1
  std::vector<ScoredEntry> entries;  ///< oldest first
};

/// What is written above a picture.
struct Scoreboard {
  float seconds = 0;   ///< since the episode began
  float duration = 0;  ///< s, of the whole episode
  std::vector<PlayerLine> players;
};

}  // namespace medal
