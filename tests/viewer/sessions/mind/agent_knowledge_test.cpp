#include "viewer/sessions/mind/agent_knowledge.h"

#include "sim/episode/privileged.h"
#include "tests/support/catch.h"

using namespace medal;

TEST_CASE("a prediction that is right puts the ghost where the expert is") {
  AvatarState learner, expert;
  learner.feet = Vec3(3, -2, 0.5F);
  learner.yaw = 2.2F;
  expert.feet = Vec3(-4, 6, 0.1F);
  std::vector<float> prediction(static_cast<std::size_t>(privileged_slice("expert_place").length));
  const Task task;
  const GoalHistory history;
  write_expert_place({task, learner, expert, true, history, history}, prediction);
  const Vec3 place = kPrivilegedScale * Vec3(prediction[0], prediction[1], prediction[2]);
  CHECK((expert_position(learner, place) - expert.feet).norm() < 1e-4F);
}

TEST_CASE("knowledge holds the last steps only, the newest last") {
  std::vector<std::shared_ptr<const AgentThought>> thoughts;
  for (int i = 0; i < 50; ++i) {
    AgentThought thought;
    thought.step = i;
    thought.sees_expert = i < 30;
    thought.cells = {1.0F, i < 30 ? 2.0F : -1.0F};
    thoughts.push_back(std::make_shared<const AgentThought>(thought));
  }
  const AgentKnowledge knowledge = knowledge_of(thoughts, 45, 30);
  CHECK(knowledge.history.size() == 30);
  CHECK(knowledge.history.front()->step == 15);
  CHECK(knowledge.now().step == 44);
  CHECK(knowledge.telling.cell == 1);
  CHECK(knowledge.telling.correlation == Approx(1));
  CHECK(knowledge_of(thoughts, 1, 30).telling.cell == -1);
}
