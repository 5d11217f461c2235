#include "agents/experts/goal_seeker.h"

namespace medal {

Action GoalSeeker::act(const PlayerView& view) {
  const Entered entered = body_.notice_entry(view);
  GoalSet goals = choose_(view, entered, body_.random());
  body_.notice_progress(view);
  if (body_.may_plan() && body_.needs_plan(view)) {
    if (goals == 0) goals = paying_goals(view.task, view.history);
    if (goals != 0)
      body_.head_for(view, goals);
    else
      body_.wander(view, 0);
  }
  return body_.act(view);
}

}  // namespace medal
