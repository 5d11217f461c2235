#pragma once

#include <nlohmann/json.hpp>

#include "viewer/sessions/replay_session.h"

namespace medal {

/// Who plays: for each avatar its name, role and colour, and what it was in each step that is shown: poses (feet and
/// heading), whether it crouches, whether it sees the expert; and what the agent makes of it, where the session has
/// one.
nlohmann::ordered_json page_players(const ReplaySession& session);

/// Paid and punished entries of all players, oldest first, those before a clip's beginning too.
nlohmann::ordered_json page_entries(const ReplaySession& session);

}  // namespace medal
