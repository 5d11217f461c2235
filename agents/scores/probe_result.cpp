#include "agents/scores/probe_result.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>

namespace medal {

namespace {

using Json = nlohmann::ordered_json;

Json json_of(const ProbeResult& result) {
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
  return json;
}

/// 0 .. count - 1, the one with the highest score first.
template <class Score>
std::vector<std::size_t> ranked(std::size_t count, Score score) {
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return score(a) > score(b); });
  return order;
}

}  // namespace

std::string probe_to_json(const ProbeResult& result) { return json_of(result).dump(2) + "\n"; }

std::string probes_to_json(const std::vector<ProbedAgent>& agents) {
  Json list = Json::array();
  for (const ProbedAgent& agent : agents) {
    list.push_back({{"agent", agent.name}});
    list.back().update(json_of(agent.result));
  }
  return Json{{"agents", std::move(list)}}.dump(2) + "\n";
}

double taught_share(const std::vector<ProbedAgent>& agents, std::size_t demonstration) {
  double sum = 0;
  for (const ProbedAgent& agent : agents) sum += agent.result.parts[demonstration].result.half_share.mean;
  return sum / static_cast<double>(agents.size());
}

ProbeRanking rank_probes(const std::vector<ProbedAgent>& agents) {
  return {ranked(agents.size(), [&](std::size_t i) { return agents[i].result.total.half_share.mean; }),
          ranked(agents.front().result.parts.size(), [&](std::size_t part) { return taught_share(agents, part); })};
}

}  // namespace medal
