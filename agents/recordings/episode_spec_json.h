#pragma once

#include <nlohmann/json.hpp>

#include "sim/episode/episode.h"

namespace medal {

/// Lossless JSON of what decides an episode; checkpoints and replays store it. `from` throws UserError on unknown or
/// missing fields.
nlohmann::json episode_spec_to_json(const EpisodeSpec& spec);
EpisodeSpec episode_spec_from_json(const nlohmann::json& json);

}  // namespace medal
