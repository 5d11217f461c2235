#include "agents/training/result_exchange.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <tuple>

#include "sim/base/version.h"
#include "sim/task/parameters_json.h"

namespace medal {
namespace {

using nlohmann::json;

json score_to_json(const PlayerScore& score) {
  return {score.reward, score.unit_penalty_score, score.history.correct, score.history.wrong};
}

PlayerScore score_from_json(const json& source) {
  PlayerScore score;
  score.reward = source.at(0).get<float>();
  score.unit_penalty_score = source.at(1).get<float>();
  score.history.correct = source.at(2).get<int>();
  score.history.wrong = source.at(3).get<int>();
  return score;
}

}  // namespace

std::string pack_results(std::span<const EpisodeResult> results) {
  json packed = json::array();
  for (const EpisodeResult& result : results) {
    json kinds = json::array(), learners = json::array();
    for (const PresenceTimeline& timeline : result.spec.presence) kinds.push_back(name_of(timeline.kind));
    for (const PlayerScore& score : result.learners) learners.push_back(score_to_json(score));
    packed.push_back({result.world, result.episode, result.spec.tag, result.task_replaced, kinds,
                      score_to_json(result.expert), learners, parameters_to_json(result.spec.parameters)});
  }
  std::string bytes;
  json::to_cbor(packed, bytes);
  return bytes;
}

std::vector<EpisodeResult> merge_results(const std::vector<std::string>& packed) {
  std::vector<EpisodeResult> results;
  for (const std::string& bytes : packed)
    for (const json& item : json::from_cbor(bytes)) {
      EpisodeResult result;
      result.world = item.at(0).get<int>();
      result.episode = item.at(1).get<std::int64_t>();
      result.spec.tag = item.at(2).get<std::int64_t>();
      result.task_replaced = item.at(3).get<bool>();
      for (const json& kind : item.at(4)) {
        PresenceTimeline timeline;
        timeline.kind = static_cast<PresenceKind>(choice_index(kPresenceNames, kind.get<std::string>()));
        result.spec.presence.push_back(timeline);
      }
      result.expert = score_from_json(item.at(5));
      for (const json& score : item.at(6)) result.learners.push_back(score_from_json(score));
      result.spec.parameters = parameters_from_json(item.at(7), program_version());
      results.push_back(std::move(result));
    }
  std::sort(results.begin(), results.end(), [](const EpisodeResult& a, const EpisodeResult& b) {
    return std::tie(a.world, a.episode) < std::tie(b.world, b.episode);
  });
  return results;
}

}  // namespace medal
