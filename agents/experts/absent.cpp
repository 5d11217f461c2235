#include "agents/experts/experts.h"

namespace medal::experts {

/// Nobody: its avatar stands where it is, and no learner ever sees it.
std::unique_ptr<Player> absent(const Task&, std::uint64_t, NavmeshCache&) { return nullptr; }

}  // namespace medal::experts
