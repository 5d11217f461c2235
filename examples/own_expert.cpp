// An expert of one's own: straight to a goal that pays, but not through those that cost. Component players: no Torch.
#include <cstdio>

#include "agents/experts/experts.h"
#include "agents/experts/goal_choice.h"
#include "agents/navigation/steering.h"
#include "sim/episode/episode.h"
#include "sim/generation/generate_task.h"

using namespace medal;

struct StraightWalker : Player {
  Action act(const PlayerView& view) override {
    Vec2 wish = Vec2::Zero();
    std::vector<KeepOut> wrong;
    const GoalSet paying = paying_goals(view.task, view.history), costly = wrong_goals(view.task, view.history);
    for (unsigned i = 0; const Goal& goal : view.task.goals) {
      if (paying >> i & 1U) wish = (goal.center - view.self.feet).head<2>();
      if (costly >> i++ & 1U) wrong.push_back({goal.center.head<2>(), goal.radius});
    }
    const float seconds = 1.0F / view.task.parameters.control_rate;
    return steer(keep_out(kAvatar.speed * wish.normalized(), view.self, wrong, seconds), view.self.yaw, seconds);
  }
};

float score_of(std::unique_ptr<Player> expert, const std::shared_ptr<const Task>& task) {
  const LidarCaster lidar{LidarOptions()};
  EpisodeSpec spec;
  spec.parameters = task->parameters;
  spec.steps = task->parameters.episode_steps();
  Episode episode(spec, task, std::move(expert), lidar);
  while (!episode.finished()) episode.step({});  // nobody learns here
  return episode.expert_score().reward;
}

int main() {
  NavmeshCache navmeshes(1);
  const auto task = std::make_shared<const Task>(generate_task(TaskParameters(), 1));
  std::printf("straight walker: %.0f\n", score_of(std::make_unique<StraightWalker>(), task));
  std::printf("built-in expert: %.0f\n", score_of(make_expert(*task, 1, navmeshes), task));
}
