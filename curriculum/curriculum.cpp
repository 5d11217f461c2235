#include "curriculum/curriculum.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>

#include "sim/base/error.h"

namespace medal {

namespace {

// Last words of mix_seed, so that what is drawn for one purpose says nothing about another.
constexpr std::uint64_t kEpisodeDomain = 0x65706973'6f646501;
constexpr std::uint64_t kGeometryDomain = 0x67656f6d'65747202;
constexpr std::uint64_t kPresenceDomain = 0x70726573'656e6303;

constexpr int kConditions = 3;  // full, half, solo

void copy_geometry(const TaskParameters& from, TaskParameters& to) {
  to.arena_size = from.arena_size;
  to.bumpiness = from.bumpiness;
  to.upright_density = from.upright_density;
  to.low_bar_density = from.low_bar_density;
  to.overhead_bar_density = from.overhead_bar_density;
}

/// Where `world` comes in a permutation of all worlds whose every run of neighbours is evenly spread: steps of the
/// golden ratio.
int spread_position(int world, int worlds) {
  int stride = std::max(1, static_cast<int>(0.618 * worlds));
  while (std::gcd(stride, worlds) != 1) ++stride;
  return static_cast<int>(static_cast<std::int64_t>(world) * stride % worlds);
}

}  // namespace

Curriculum::Curriculum(const CurriculumOptions& options, const AdrOptions& adr, const TaskDistribution& distribution,
                       int learners_per_world, int worlds, std::uint64_t seed)
    : options_(options),
      adr_(adr, distribution),
      distribution_(distribution),
      learners_per_world_(learners_per_world),
      worlds_(worlds),
      seed_(seed) {
  MEDAL_CHECK(worlds > 0 && learners_per_world > 0 && options.geometry_reuse > 0);
  if (adr.enabled && learners_per_world < kConditions)
    throw UserError("ADR measures three learners side by side: set environment.learners_per_world to 3 or more");
}

TaskParameters Curriculum::draw_parameters(int world, std::int64_t episode, Random& random,
                                           std::uint64_t& geometry_seed) const {
  TaskParameters parameters = sample_task_parameters(distribution_, training_steps_, random);
  adr_.draw(parameters, training_steps_, random);

  const std::int64_t block = (episode + world) / options_.geometry_reuse;
  Random geometry(
      mix_seed(seed_, static_cast<std::uint64_t>(world), static_cast<std::uint64_t>(block), kGeometryDomain));
  TaskParameters kept = sample_task_parameters(distribution_, training_steps_, geometry);
  adr_.draw(kept, training_steps_, geometry);
  copy_geometry(kept, parameters);
  geometry_seed = geometry.next64();
  return parameters;
}

int Curriculum::first_episode_steps(int world, int steps) const {
  const std::int64_t share = spread_position(world % worlds_, worlds_) + 1;
  return std::max(1, static_cast<int>(share * steps / worlds_));
}

EpisodeSpec Curriculum::next(int world, std::int64_t episode) const {
  const auto world_key = static_cast<std::uint64_t>(world);
  const auto episode_key = static_cast<std::uint64_t>(episode);
  Random random(mix_seed(seed_, world_key, episode_key, kEpisodeDomain));
  EpisodeSpec spec;
  spec.seed = random.next64();
  spec.parameters = draw_parameters(world, episode, random, spec.geometry_seed);
  const bool staggered = options_.stagger && episode == 0;
  spec.boundary = staggered ? -1 : adr_.choose_boundary(random);
  if (spec.boundary >= 0) adr_.pin(spec.parameters, spec.boundary);
  spec.common_spawn = spec.boundary >= 0;
  const int full_length = spec.parameters.episode_steps();
  spec.steps = staggered ? first_episode_steps(world, full_length) : full_length;
  spec.counts = spec.steps == full_length;

  constexpr PresenceKind conditions[kConditions] = {PresenceKind::full, PresenceKind::half, PresenceKind::solo};
  const std::uint64_t presence_seed = mix_seed(seed_, world_key, episode_key, kPresenceDomain);
  for (int learner = 0; learner < learners_per_world_; ++learner) {
    Random own(presence_seed, static_cast<std::uint64_t>(learner));
    const bool pinned = spec.boundary >= 0 && learner < kConditions;
    spec.presence.push_back(pinned ? fixed_presence(conditions[learner], spec.steps)
                                   : sample_presence(spec.parameters, spec.steps, own));
  }
  return spec;
}

void Curriculum::record(std::span<const EpisodeResult> results) {
  for (const EpisodeResult& result : results) {
    const int boundary = result.spec.boundary;
    if (boundary < 0 || !result.spec.counts || !adr_.measures(result.spec.parameters, boundary)) continue;
    MEDAL_CHECK(result.learners.size() >= kConditions);
    const auto score = [&](std::size_t learner) {
      return static_cast<double>(result.learners[learner].unit_penalty_score);
    };
    adr_.record(boundary, {score(0), score(1), score(2), static_cast<double>(result.expert.unit_penalty_score)},
                training_steps_);
  }
}

std::string Curriculum::to_json() const {
  const nlohmann::json out = {{"training_steps", training_steps_}, {"adr", nlohmann::json::parse(adr_.to_json())}};
  return out.dump();
}

void Curriculum::from_json(const std::string& text) try {
  const auto in = nlohmann::json::parse(text);
  const std::int64_t training_steps = in.at("training_steps");
  adr_.from_json(in.at("adr").dump());
  training_steps_ = training_steps;
} catch (const nlohmann::json::exception& error) {
  throw UserError(std::string("the saved curriculum is damaged, use another checkpoint: ") + error.what());
}

}  // namespace medal
