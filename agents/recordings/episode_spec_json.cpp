#include "agents/recordings/episode_spec_json.h"

#include <algorithm>

#include "sim/base/error.h"
#include "sim/task/parameters_json.h"

namespace medal {

using nlohmann::json;

json episode_spec_to_json(const EpisodeSpec& spec) {
  json presence = json::array();
  for (const PresenceTimeline& timeline : spec.presence)
    presence.push_back({{"kind", kPresenceNames[static_cast<std::size_t>(timeline.kind)]},
                        {"at_start", timeline.at_start},
                        {"toggles", timeline.toggles}});
  return {{"parameters", parameters_to_json(spec.parameters)},
          {"seed", spec.seed},
          {"geometry_seed", spec.geometry_seed},
          {"presence", presence},
          {"common_spawn", spec.common_spawn},
          {"steps", spec.steps},
          {"boundary", spec.boundary},
          {"counts", spec.counts}};
}

EpisodeSpec episode_spec_from_json(const json& source) {
  try {
    EpisodeSpec spec;
    spec.parameters = parameters_from_json(source.at("parameters"));
    spec.seed = source.at("seed").get<std::uint64_t>();
    spec.geometry_seed = source.at("geometry_seed").get<std::uint64_t>();
    for (const json& item : source.at("presence")) {
      PresenceTimeline timeline;
      const auto name = item.at("kind").get<std::string>();
      const auto found = std::find(kPresenceNames.begin(), kPresenceNames.end(), name);
      if (found == kPresenceNames.end()) throw UserError("episode record names an unknown presence '" + name + "'");
      timeline.kind = static_cast<PresenceKind>(found - kPresenceNames.begin());
      timeline.at_start = item.at("at_start").get<bool>();
      timeline.toggles = item.at("toggles").get<std::vector<int>>();
      spec.presence.push_back(std::move(timeline));
    }
    spec.common_spawn = source.at("common_spawn").get<bool>();
    spec.steps = source.at("steps").get<int>();
    spec.boundary = source.at("boundary").get<int>();
    spec.counts = source.at("counts").get<bool>();
    return spec;
  } catch (const json::exception& error) {
    throw UserError(std::string("episode record is malformed: ") + error.what());
  }
}

}  // namespace medal
