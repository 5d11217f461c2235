#pragma once

#include <filesystem>
#include <vector>

#include "experiments/card/card_run.h"

namespace medal {

/// A game of a subject, to be watched.
struct Game {
  const CardSubject* subject = nullptr;
  std::filesystem::path replay;
};

/// Lets each subject play a game in an empty and one in a complex world, as they are played for the card: 5 goals, a
/// minute, an expert that is gone for the second half. Writes their replays into `folder`, which exists. Throws
/// UserError.
std::vector<Game> record_games(const CardRequest& request, const std::filesystem::path& folder);

/// Makes of each a page of HTML in `folder`, by the viewer's program that was built beside this one; none where there
/// is no such program. Throws UserError with what it said.
std::vector<std::filesystem::path> game_pages(const std::vector<Game>& games, const std::filesystem::path& folder);

}  // namespace medal
