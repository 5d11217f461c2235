#include "agents/scores/probe_result.h"

#include <nlohmann/json.hpp>

namespace medal {

std::string probe_to_json(const ProbeResult& result) {
  using Json = nlohmann::ordered_json;
  Json json = Json::parse(evaluation_to_json(result.total));
  Json files = Json::array();
  for (const ProbeResult::Part& part : result.parts) {
    const Json one = Json::parse(evaluation_to_json(part.result));
    files.push_back({{"file", part.name},
                     {"title", part.title},
                     {"expert_player", part.expert_player},
                     {"steps", part.steps},
                     {"ct", one.at("ct")},
                     {"score", one.at("score")},
                     {"remembered",
                      {{"full", to_json(part.remembered[0])},
                       {"half", to_json(part.remembered[1])},
                       {"solo", to_json(part.remembered[2])}}},
                     {"repetitions", one.at("task_scores")}});
  }
  json["probe"] = {{"repeats", result.repeats}, {"files", std::move(files)}};
  return json.dump(2) + "\n";
}

}  // namespace medal
