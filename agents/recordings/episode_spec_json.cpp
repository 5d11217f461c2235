#include "agents/recordings/episode_spec_json.h"

#include "curriculum/episode_tag.h"
#include "sim/base/error.h"
#include "sim/base/shown_text.h"
#include "sim/base/version.h"
#include "sim/task/parameters_json.h"

namespace medal {
namespace {

using nlohmann::json;

constexpr int kMostSteps = 600 * 60;  // the longest episode at the highest rate

json timeline_to_json(const PresenceTimeline& timeline) {
  return {{"kind", name_of(timeline.kind)}, {"at_start", timeline.at_start}, {"toggles", timeline.toggles}};
}

PresenceTimeline timeline_from_json(const json& source, const std::string& writer) {
  const auto name = source.at("kind").get<std::string>();
  const int kind = choice_index(kPresenceNames, name);
  if (kind < 0) throw UserError("presence '" + shown_text(name) + "' is not known here" + writer_text(writer));
  return {static_cast<PresenceKind>(kind), source.at("at_start").get<bool>(),
          source.at("toggles").get<std::vector<int>>()};
}

/// Medal 0.1.0 wrote out what the tag holds, and no boundary where the task was replaced.
std::int64_t tag_from_json(const json& source) {
  if (source.contains("tag")) return source.at("tag").get<std::int64_t>();
  return pack_tag({source.at("boundary").get<int>(), source.at("counts").get<bool>()});
}

}  // namespace

json episode_spec_to_json(const EpisodeSpec& spec) {
  json presence = json::array();
  for (const PresenceTimeline& timeline : spec.presence) presence.push_back(timeline_to_json(timeline));
  return {{"parameters", parameters_to_json(spec.parameters)},
          {"seed", spec.seed},
          {"geometry_seed", spec.geometry_seed},
          {"presence", presence},
          {"common_spawn", spec.common_spawn},
          {"steps", spec.steps},
          {"tag", spec.tag}};
}

EpisodeSpec episode_spec_from_json(const json& source, const std::string& writer) {
  try {
    EpisodeSpec spec;
    spec.parameters = parameters_from_json(source.at("parameters"), writer);
    spec.seed = source.at("seed").get<std::uint64_t>();
    spec.geometry_seed = source.at("geometry_seed").get<std::uint64_t>();
    for (const json& timeline : source.at("presence")) spec.presence.push_back(timeline_from_json(timeline, writer));
    spec.common_spawn = source.at("common_spawn").get<bool>();
    spec.steps = source.at("steps").get<int>();
    if (spec.presence.size() > kMaximumLearners || spec.steps < 0 || spec.steps > kMostSteps)
      throw UserError("episode record is malformed: there are no episodes of so many learners or steps");
    spec.tag = tag_from_json(source);
    return spec;
  } catch (const json::exception& error) {
    throw UserError(std::string("episode record is malformed: ") + error.what());
  }
}

}  // namespace medal
