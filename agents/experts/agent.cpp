#include "agents/experts/experts.h"
#include "sim/base/error.h"

namespace medal::experts {

/// Agents are above this room; who has one hands it to make_expert.
std::unique_ptr<Player> agent(const Task&, std::uint64_t, NavmeshCache&) {
  throw UserError("expert = agent: here nobody says which; train and eval take environment.expert_agent=AGENT");
}

}  // namespace medal::experts
