#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "sim/episode/episode.h"

namespace medal {

/// Lossless JSON of what decides an episode; checkpoints and replays store it.
nlohmann::json episode_spec_to_json(const EpisodeSpec& spec);

/// `writer` is the version of the program that wrote the text. Throws UserError on missing fields, and on knobs and
/// kinds that this program does not know.
EpisodeSpec episode_spec_from_json(const nlohmann::json& json, const std::string& writer);

}  // namespace medal
