#include "experiments/card/worlds/two_demonstrations.h"

#include "agents/experts/experts.h"

namespace medal {

TwoDemonstrations::TwoDemonstrations(const Task& first, const Task& second, int switch_step, std::uint64_t seed,
                                     NavmeshCache& navmeshes)
    : first_(demonstration_of(first, seed, navmeshes)),
      second_(demonstration_of(second, seed, navmeshes)),
      switch_step_(switch_step) {}

TwoDemonstrations::Demonstration TwoDemonstrations::demonstration_of(const Task& task, std::uint64_t seed,
                                                                     NavmeshCache& navmeshes) {
  Demonstration shown{task, nullptr};
  shown.task.parameters.expert = ExpertKind::perfect;
  shown.expert = make_expert(shown.task, seed, navmeshes);
  return shown;
}

Action TwoDemonstrations::act(const PlayerView& view) {
  if (view.step == switch_step_) history_ = {.last_goal = last_goal_};
  Demonstration& shown = view.step < switch_step_ ? first_ : second_;
  if (view.history.last_goal != last_goal_) {
    last_goal_ = view.history.last_goal;
    enter_goal(shown.task.parameters, shown.task.order, last_goal_, history_);
  }
  return shown.expert->act({shown.task, view.self, history_, view.step});
}

}  // namespace medal
