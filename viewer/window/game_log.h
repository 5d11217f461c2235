#pragma once

#include <filesystem>
#include <fstream>

#include "sim/episode/episode.h"
#include "viewer/sessions/session_view.h"

namespace medal {

/// Tells another program what happens, in lines of JSON: `begin` writes goals and order, `step` poses and scores.
class GameLog {
 public:
  /// Throws UserError where the file cannot be written.
  explicit GameLog(const std::filesystem::path& file);

  void begin(const SessionView& view, std::uint64_t seed);
  /// Nothing where the step has been written already.
  void step(const SessionView& view);

 private:
  std::ofstream stream_;
  int written_ = -1;
};

}  // namespace medal
