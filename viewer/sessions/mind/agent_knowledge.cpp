#include "viewer/sessions/mind/agent_knowledge.h"

#include <algorithm>
#include <cmath>

#include "sim/base/error.h"
#include "sim/episode/privileged.h"

namespace medal {

Vec3 expert_position(const AvatarState& learner, std::span<const float> prediction) {
  const float cosine = std::cos(learner.yaw), sine = std::sin(learner.yaw);
  const Vec3 offset = kPrivilegedScale * Vec3(prediction[0], prediction[1], prediction[2]);
  return learner.feet +
         Vec3(cosine * offset.x() - sine * offset.y(), sine * offset.x() + cosine * offset.y(), offset.z());
}

AgentKnowledge knowledge_of(const std::vector<std::shared_ptr<const AgentThought>>& thoughts, int end, int most) {
  MEDAL_CHECK(end >= 1 && end <= static_cast<int>(thoughts.size()) && most >= 1);
  AgentKnowledge knowledge;
  knowledge.history.assign(thoughts.begin() + std::max(0, end - most), thoughts.begin() + end);
  std::vector<CellRow> rows;
  for (const auto& thought : knowledge.history) rows.push_back({thought->cells, thought->sees_expert});
  knowledge.telling = most_telling_cell(rows);
  return knowledge;
}

}  // namespace medal
