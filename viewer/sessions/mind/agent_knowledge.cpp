#include "viewer/sessions/mind/agent_knowledge.h"

#include <algorithm>
#include <cmath>

#include "sim/base/error.h"

namespace medal {

Vec3 expert_position(const AvatarState& learner, const Vec3& place) {
  const float cosine = std::cos(learner.yaw), sine = std::sin(learner.yaw);
  return learner.feet + Vec3(cosine * place.x() - sine * place.y(), sine * place.x() + cosine * place.y(), place.z());
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
