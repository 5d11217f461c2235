#include "agents/experts/expert_body.h"
#include "agents/experts/goal_choice.h"

namespace medal::experts {

namespace {

class RandomWalker final : public Player {
 public:
  RandomWalker(const Task& task, std::uint64_t seed, NavmeshCache& cache) : body_(task, seed, cache) {}

  Action act(const PlayerView& view) override {
    body_.notice_entry(view);
    body_.notice_progress(view);
    if (body_.may_plan() && (body_.needs_plan(view) || body_.at_target(view))) body_.wander(view, all_goals(view.task));
    return body_.act(view);
  }

 private:
  ExpertBody body_;
};

}  // namespace

/// Wanders between random points of the ground, through goals too.
std::unique_ptr<Player> random_walker(const Task& task, std::uint64_t seed, NavmeshCache& cache) {
  return std::make_unique<RandomWalker>(task, seed, cache);
}

}  // namespace medal::experts
