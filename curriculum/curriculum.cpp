#include "curriculum/curriculum.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>

#include "curriculum/episode_tag.h"
#include "curriculum/presence/conditions.h"
#include "curriculum/presence/presence.h"
#include "sim/base/option_error.h"
#include "sim/base/shown_text.h"

namespace medal {

namespace {

// Last words of mix_seed, so that what is drawn for one purpose says nothing about another.
constexpr std::uint64_t kEpisodeDomain = 0x65706973'6f646501;
constexpr std::uint64_t kGeometryDomain = 0x67656f6d'65747202;
constexpr std::uint64_t kPresenceDomain = 0x70726573'656e6303;

/// Where `world` comes in a permutation of all worlds whose every run of neighbours is evenly spread: steps of the
/// golden ratio.
int spread_position(int world, int worlds) {
  int stride = std::max(1, static_cast<int>(0.618 * worlds));
  while (std::gcd(stride, worlds) != 1) ++stride;
  return static_cast<int>(static_cast<std::int64_t>(world) * stride % worlds);
}

/// What makes entering goals at random come to nothing in the mean. Of the g - 1 goals besides the last one two pay
/// where the run has no direction yet, and one where it has; over long times that is 2 in g entries.
double fair_penalty(int goals) { return 2.0 / (goals - 2); }

}  // namespace

Curriculum::Curriculum(const CurriculumOptions& options, const AdrOptions& adr, const TaskDistribution& distribution,
                       int learners_per_world, int worlds, std::uint64_t seed)
    : options_(options),
      adr_options_(adr),
      adr_(make_adr_policy(adr, distribution)),
      measures_(adr.enabled && adr_->measures()),
      distribution_(distribution),
      learners_per_world_(learners_per_world),
      worlds_(worlds),
      seed_(seed) {
  if (options.full_penalty_from < options.fair_penalty_until)
    throw OptionError("curriculum.full_penalty_from", "lies before curriculum.fair_penalty_until: swap them");
  MEDAL_CHECK(worlds > 0 && learners_per_world > 0 && options.geometry_reuse > 0);
  if (measures_ && learners_per_world < kConditions)
    throw OptionError("environment.learners_per_world",
                      "must be 3 or more with adr.enabled: ADR compares three learners side by side");
}

TaskParameters Curriculum::draw_parameters(int world, std::int64_t episode, Random& random,
                                           std::uint64_t& geometry_seed) const {
  const bool upper_half = static_cast<double>(training_steps_) >= adr_options_.upper_half_from;
  TaskParameters parameters = sample_task_parameters(distribution_, training_steps_, random);
  adr_->draw(parameters, upper_half, random);

  const std::int64_t block = (episode + world) / options_.geometry_reuse;
  Random geometry(
      mix_seed(seed_, static_cast<std::uint64_t>(world), static_cast<std::uint64_t>(block), kGeometryDomain));
  TaskParameters kept = sample_task_parameters(distribution_, training_steps_, geometry);
  adr_->draw(kept, upper_half, geometry);
  static_cast<GeometryParameters&>(parameters) = kept;
  geometry_seed = geometry.next64();
  parameters.penalty = penalty_now(parameters);
  return parameters;
}

float Curriculum::penalty_now(const TaskParameters& parameters) const {
  const auto steps = static_cast<double>(training_steps_);
  if (steps >= options_.full_penalty_from) return parameters.penalty;
  double begin = options_.fair_penalty_until, end = options_.full_penalty_from;
  if (following_since_ && options_.fair_penalty_fade > 0) {
    begin = std::min(begin, static_cast<double>(*following_since_));
    end = std::min(end, begin + options_.fair_penalty_fade);
  }
  const double fair = fair_penalty(parameters.goals), gone = std::clamp((steps - begin) / (end - begin), 0.0, 1.0);
  return static_cast<float>(fair + gone * (static_cast<double>(parameters.penalty) - fair));
}

float Curriculum::penalty() const {
  Random random(0);
  TaskParameters parameters = sample_task_parameters(distribution_, training_steps_, random);
  for (const KnobDistribution& knob : distribution_.knobs)
    if (knob.kind == KnobDistribution::Kind::range) set_knob(parameters, knob.knob, (knob.low + knob.high) / 2);
  return penalty_now(parameters);
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
  const int measurement = measures_ && !staggered ? adr_->choose_measurement(random) : kNoMeasurement;
  if (measurement != kNoMeasurement) adr_->pin(spec.parameters, measurement);
  const int full_length = spec.parameters.episode_steps();
  spec.steps = staggered ? first_episode_steps(world, full_length) : full_length;
  spec.tag = pack_tag({measurement, spec.steps == full_length});

  const std::uint64_t presence_seed = mix_seed(seed_, world_key, episode_key, kPresenceDomain);
  for (int learner = 0; learner < learners_per_world_; ++learner) {
    Random own(presence_seed, static_cast<std::uint64_t>(learner));
    spec.presence.push_back(sample_presence(spec.parameters, spec.steps, own));
  }
  if (measurement != kNoMeasurement) add_conditions(spec);
  return spec;
}

void Curriculum::record(std::span<const EpisodeResult> results) {
  for (const EpisodeResult& result : results) {
    const auto [measurement, counts] = unpack_tag(result.spec.tag);
    if (!measures_ || measurement == kNoMeasurement || !counts || result.task_replaced) continue;
    MEDAL_CHECK(result.learners.size() >= kConditions);
    const auto score = [](const PlayerScore& player) { return static_cast<double>(player.unit_penalty_score); };
    const ConditionScores scores = {score(result.learners[0]), score(result.learners[1]), score(result.learners[2]),
                                    score(result.expert)};
    adr_->record(measurement, result.spec.parameters, scores, training_steps_);
  }
}

std::string Curriculum::to_json() const {
  nlohmann::json out = {{"training_steps", training_steps_},
                        {"adr_policy", adr_policy_in_use(adr_options_)},
                        {"adr", nlohmann::json::parse(adr_->to_json())}};
  if (following_since_) out["following_since"] = *following_since_;
  return out.dump();
}

void Curriculum::from_json(const std::string& text) try {
  const auto in = nlohmann::json::parse(text);
  const std::int64_t training_steps = in.at("training_steps");
  // Before there were others, all was boundary sampling.
  const std::string policy = in.value("adr_policy", "boundary_sampling");
  if (policy != adr_policy_in_use(adr_options_))
    throw UserError("the saved ADR state is that of adr.policy '" + shown_text(policy) +
                    "'; resume with the run's own config");
  adr_->from_json(in.at("adr").dump());
  training_steps_ = training_steps;
  following_since_.reset();
  if (in.contains("following_since")) following_since_ = in.at("following_since").get<std::int64_t>();
} catch (const nlohmann::json::exception& error) {
  throw UserError(std::string("the saved curriculum is damaged, use another checkpoint: ") + error.what());
}

}  // namespace medal
