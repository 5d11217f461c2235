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

json result_to_json(const EpisodeResult& result) {
  json kinds = json::array(), learners = json::array();
  for (const PresenceTimeline& timeline : result.spec.presence) kinds.push_back(name_of(timeline.kind));
  for (const PlayerScore& score : result.learners) learners.push_back(score_to_json(score));
  return {result.world,    result.episode,
          result.spec.tag, result.task_replaced,
          kinds,           score_to_json(result.expert),
          learners,        parameters_to_json(result.spec.parameters)};
}

EpisodeResult result_from_json(const json& source) {
  EpisodeResult result;
  result.world = source.at(0).get<int>();
  result.episode = source.at(1).get<std::int64_t>();
  result.spec.tag = source.at(2).get<std::int64_t>();
  result.task_replaced = source.at(3).get<bool>();
  for (const json& kind : source.at(4)) {
    PresenceTimeline timeline;
    timeline.kind = static_cast<PresenceKind>(choice_index(kPresenceNames, kind.get<std::string>()));
    result.spec.presence.push_back(timeline);
  }
  result.expert = score_from_json(source.at(5));
  for (const json& score : source.at(6)) result.learners.push_back(score_from_json(score));
  result.spec.parameters = parameters_from_json(source.at(7), program_version());
  return result;
}

json means_to_json(const NamedMeans& means) {
  json packed = json::array();
  for (const auto& [name, sum] : means.sums) packed.push_back({name, sum, means.counts.at(name)});
  return packed;
}

NamedMeans means_from_json(const json& source) {
  NamedMeans means;
  for (const json& item : source) {
    const auto name = item.at(0).get<std::string>();
    means.sums[name] = item.at(1).get<double>();
    means.counts[name] = item.at(2).get<double>();
  }
  return means;
}

}  // namespace

std::string pack_episodes(const FinishedEpisodes& episodes) {
  json results = json::array();
  for (const EpisodeResult& result : episodes.results) results.push_back(result_to_json(result));
  std::string bytes;
  json::to_cbor({{"results", results}, {"metrics", means_to_json(episodes.metrics)}}, bytes);
  return bytes;
}

FinishedEpisodes merge_episodes(const std::vector<std::string>& packed) {
  FinishedEpisodes all;
  for (const std::string& bytes : packed) {
    const json one = json::from_cbor(bytes);
    for (const json& item : one.at("results")) all.results.push_back(result_from_json(item));
    all.metrics.add(means_from_json(one.at("metrics")));
  }
  std::sort(all.results.begin(), all.results.end(), [](const EpisodeResult& a, const EpisodeResult& b) {
    return std::tie(a.world, a.episode) < std::tie(b.world, b.episode);
  });
  return all;
}

}  // namespace medal
