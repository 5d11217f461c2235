#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "viewer/sessions/replay_session.h"

namespace medal {

/// All that a page shows of a replay. Numbers that change with the step are packed (packed_numbers.h), one row for each
/// step first_step .. last_step.
nlohmann::ordered_json page_data(const ReplaySession& session);

/// How every page begins.
inline constexpr std::string_view kPageBegin = "<!doctype html>";

/// The replay as one HTML file that needs nothing else: no network, no other file. Names from the replay are data in
/// it, never markup, and its policy lets no other script run than its own.
std::string replay_page(const ReplaySession& session);

}  // namespace medal
