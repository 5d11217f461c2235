#include "experiments/card/worlds/trust_worlds.h"

#include "experiments/card/numbers/order_votes.h"
#include "experiments/card/worlds/two_demonstrations.h"

namespace medal {
namespace {

World disagreeing_world(const World& right, bool right_first, NavmeshCache& navmeshes) {
  const Task wrong = with_order(*right.task, wrong_order(*right.task));
  const Task &first = right_first ? *right.task : wrong, &second = right_first ? wrong : *right.task;
  const int switch_step = steps_in(TrustWorlds::kShown, right.task->parameters);
  return {right.spec, right.task,
          std::make_unique<TwoDemonstrations>(first, second, switch_step, right.spec.seed, navmeshes)};
}

}  // namespace

std::vector<int> wrong_order(const Task& right) { return contrary_order(right.order, right.seed); }

std::vector<World> trust_worlds(const Subject& subject, std::uint64_t seed, NavmeshCache& navmeshes) {
  const TaskParameters usual = card_parameters(subject, seed);
  std::vector<World> worlds;
  const auto add = [&](const TaskParameters& parameters) {
    worlds.push_back(make_world(parameters, seed, three_conditions(parameters), navmeshes));
  };
  for (std::size_t i = 0; i < TrustWorlds::kReliabilities; ++i) {
    TaskParameters parameters = usual;
    parameters.expert_noise = static_cast<float>(1 - TrustWorlds::reliability(i));
    parameters.expert = i == TrustWorlds::reliable ? ExpertKind::perfect : ExpertKind::noisy;
    add(parameters);
  }
  TaskParameters parameters = usual;
  parameters.expert = ExpertKind::turns_bad;
  add(parameters);
  parameters = usual;
  for (const double speed : TrustWorlds::kSpeeds) {
    parameters.expert_speed = static_cast<float>(speed);
    add(parameters);
  }
  parameters = usual;
  parameters.episode_seconds = static_cast<float>(2 * TrustWorlds::kShown + TrustWorlds::kAlone);
  const std::vector<PresenceTimeline> presence = {seen_for(2 * TrustWorlds::kShown, parameters),
                                                  fixed_presence(PresenceKind::solo, 1)};
  const World right = make_world(parameters, seed, presence, navmeshes);
  for (const bool right_first : {true, false}) worlds.push_back(disagreeing_world(right, right_first, navmeshes));
  return worlds;
}

}  // namespace medal
