#include "sim/rewards/reward_rule.h"

#include "sim/base/error.h"

namespace medal {

#define MEDAL_DECLARE(name) RewardRule name();
#define MEDAL_FUNCTION(name) &reward_rules::name,
namespace reward_rules {
MEDAL_REWARD_RULES(MEDAL_DECLARE)
}

RewardRule reward_rule(RewardRuleKind kind) {
  static constexpr RewardRule (*kRules[])() = {MEDAL_REWARD_RULES(MEDAL_FUNCTION)};
  const auto index = static_cast<std::size_t>(kind);
  MEDAL_CHECK(index < std::size(kRules), "unknown reward rule");
  return kRules[index]();
}

float enter_goal(const TaskParameters& parameters, std::span<const int> order, int goal, GoalHistory& history) {
  return reward_rule(parameters.reward_rule).enter(parameters.penalty, order, goal, history);
}

bool would_pay(const TaskParameters& parameters, std::span<const int> order, int goal, const GoalHistory& history) {
  GoalHistory tried = history;
  enter_goal(parameters, order, goal, tried);
  return tried.correct > history.correct;
}

bool would_cost(const TaskParameters& parameters, std::span<const int> order, int goal, const GoalHistory& history) {
  GoalHistory tried = history;
  enter_goal(parameters, order, goal, tried);
  return tried.wrong > history.wrong;
}

bool next_goals(const TaskParameters& parameters, std::span<const int> order, const GoalHistory& history, int direction,
                std::span<int> goals) {
  return reward_rule(parameters.reward_rule).next(order, history, direction, goals);
}

}  // namespace medal
