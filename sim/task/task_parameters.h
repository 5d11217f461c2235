#pragma once

#include <array>
#include <cmath>
#include <string_view>

#include "sim/base/options.h"

namespace medal {

/// Which entries pay: a file in sim/rewards for each rule.
#define MEDAL_REWARD_RULES(rule) rule(goal_cycle) rule(ndousse) rule(goal_sequence)
enum class RewardRuleKind { MEDAL_REWARD_RULES(MEDAL_ENUMERATOR) };
inline constexpr auto kRewardRuleNames = std::to_array<std::string_view>({MEDAL_REWARD_RULES(MEDAL_NAME)});

/// Who plays the expert: a file in agents/experts for each kind.
#define MEDAL_EXPERTS(kind) \
  kind(perfect) kind(noisy) kind(anti_expert) kind(random_walker) kind(absent) kind(turns_bad) kind(agent)
enum class ExpertKind { MEDAL_EXPERTS(MEDAL_ENUMERATOR) };
inline constexpr auto kExpertNames = std::to_array<std::string_view>({MEDAL_EXPERTS(MEDAL_NAME)});

/// How goals are coloured; see sim/generation/goal_colours.h.
#define MEDAL_COLOURINGS(kind) kind(random) kind(even)
enum class Colouring { MEDAL_COLOURINGS(MEDAL_ENUMERATOR) };
inline constexpr auto kColouringNames = std::to_array<std::string_view>({MEDAL_COLOURINGS(MEDAL_NAME)});

/// When a learner sees the expert; see curriculum/presence/presence.h.
#define MEDAL_PRESENCES(kind) kind(full) kind(half) kind(solo) kind(markov) kind(bernoulli)
enum class PresenceKind { MEDAL_PRESENCES(MEDAL_ENUMERATOR) };
inline constexpr auto kPresenceNames = std::to_array<std::string_view>({MEDAL_PRESENCES(MEDAL_NAME)});

/// The words for them, as users write them.
constexpr std::string_view name_of(RewardRuleKind rule) { return kRewardRuleNames[static_cast<std::size_t>(rule)]; }
constexpr std::string_view name_of(ExpertKind kind) { return kExpertNames[static_cast<std::size_t>(kind)]; }
constexpr std::string_view name_of(PresenceKind kind) { return kPresenceNames[static_cast<std::size_t>(kind)]; }

/// Most goals that a task can have.
inline constexpr int kMaximumGoals = 8;

/// The knobs that terrain and obstacles follow from, together with the geometry seed and nothing else: a world keeps
/// them for several episodes, and the navmesh is made for them.
struct GeometryParameters {
  float arena_size = 20.0F;
  float bumpiness = 0.6F;
  float upright_density = 0.02F;
  float low_bar_density = 0.01F;
  float overhead_bar_density = 0.01F;

  bool operator==(const GeometryParameters&) const = default;
};

/// Every named knob of a task. The only thing that ADR, probes, configs and the viewer's sliders share. The defaults
/// are the full-difficulty world.
struct TaskParameters : GeometryParameters {
  int goals = 5;
  float goal_radius = 1.0F;
  float goal_spacing = 3.5F;
  Colouring colours = Colouring::random;
  float colour_distance = 0.45F;
  int crossings = -1;
  RewardRuleKind reward_rule = RewardRuleKind::goal_cycle;
  float penalty = 1.0F;
  float episode_seconds = 60.0F;
  float control_rate = 10.0F;
  int substeps = 4;
  ExpertKind expert = ExpertKind::perfect;
  float expert_speed = 1.0F;
  float expert_noise = 0.3F;
  PresenceKind presence = PresenceKind::markov;
  float present_at_start = 0.85F;
  float present_seconds = 20.0F;
  float absent_seconds = 20.0F;
  float bernoulli_start = 1.0F;
  float bernoulli_end = 0.0F;

  /// Control steps in an episode.
  int episode_steps() const { return static_cast<int>(std::lround(episode_seconds * control_rate)); }
  bool operator==(const TaskParameters&) const = default;
};

template <class Visitor>
void describe(GeometryParameters& p, Visitor&& visit) {
  visit(Field{"arena_size", "m", 8, 32, "Side of the square arena."}, p.arena_size);
  visit(Field{"bumpiness", "m", 0, 2, "Amplitude of the terrain noise: heights lie within plus or minus this."},
        p.bumpiness);
  visit(Field{"upright_density", "1/m^2", 0, 0.05, "Upright obstacles (walk around) per area."}, p.upright_density);
  visit(Field{"low_bar_density", "1/m^2", 0, 0.03, "Low bars (jump over) per area."}, p.low_bar_density);
  visit(Field{"overhead_bar_density", "1/m^2", 0, 0.03, "Overhead bars (crouch under) per area."},
        p.overhead_bar_density);
}

template <class Visitor>
void describe(TaskParameters& p, Visitor&& visit) {
  describe(static_cast<GeometryParameters&>(p), visit);
  visit(Field{"goals", "", 3, kMaximumGoals, "Number of goal spheres."}, p.goals);
  visit(Field{"goal_radius", "m", 0.5, 1.5, "Radius of a goal sphere."}, p.goal_radius);
  visit(Field{"goal_spacing", "m", 2, 8, "Least horizontal distance between goal centres."}, p.goal_spacing);
  visit_choice(
      visit,
      choice_field("colours",
                   "Colours of the goals: random ones, or hues evenly apart, a code that can be learnt by heart.",
                   kColouringNames)
          .in_older_files("even"),
      p.colours);
  visit(Field{"colour_distance", "", 0, 0.6,
              "Least distance between random colours in RGB, whose channels run from 0 to 1."},
        p.colour_distance);
  visit(Field{"crossings", "", -1, 20, "Wanted self-crossings of the correct tour, -1 for any."}, p.crossings);
  visit_choice(visit, choice_field("reward_rule", "Which entries pay.", kRewardRuleNames), p.reward_rule);
  visit(Field{"penalty", "", 0, 3, "Cost of a wrong entry."}, p.penalty);
  visit(Field{"episode_seconds", "s", 1, 600, "Length of an episode."}, p.episode_seconds);
  visit(Field{"control_rate", "Hz", 5, 60, "Decisions per second."}, p.control_rate);
  visit(Field{"substeps", "", 1, 16, "Physics steps per decision."}, p.substeps);
  visit_choice(visit, choice_field("expert", "Who plays the expert.", kExpertNames), p.expert);
  visit(Field{"expert_speed", "", 0.2, 1, "Expert's speed as a share of the avatar's top speed."}, p.expert_speed);
  visit(Field{"expert_noise", "", 0, 1, "Chance that a noisy expert heads for a wrong goal next."}, p.expert_noise);
  visit_choice(visit, choice_field("presence", "When a learner sees the expert.", kPresenceNames), p.presence);
  visit(Field{"present_at_start", "", 0, 1, "Markov presence: chance that the expert is seen at the start."},
        p.present_at_start);
  visit(Field{"present_seconds", "s", 0.5, 600, "Markov presence: mean stay in view."}, p.present_seconds);
  visit(Field{"absent_seconds", "s", 0.5, 600, "Markov presence: mean stay out of view."}, p.absent_seconds);
  visit(Field{"bernoulli_start", "", 0, 1, "Bernoulli presence: chance per step at the episode's start."},
        p.bernoulli_start);
  visit(Field{"bernoulli_end", "", 0, 1, "Bernoulli presence: chance per step at the episode's end."}, p.bernoulli_end);
}

}  // namespace medal
