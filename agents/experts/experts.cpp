#include "agents/experts/experts.h"

#include "sim/base/error.h"

namespace medal {

using ExpertMaker = std::unique_ptr<Player>(const Task& task, std::uint64_t seed, NavmeshCache& cache);

#define MEDAL_DECLARE(name) ExpertMaker name;
#define MEDAL_FUNCTION(name) &experts::name,
namespace experts {
MEDAL_EXPERTS(MEDAL_DECLARE)
}

std::unique_ptr<Player> make_expert(const Task& task, std::uint64_t seed, NavmeshCache& cache,
                                    const ExpertFactory& agents) {
  if (task.parameters.expert == ExpertKind::agent && agents) return agents(task, seed);
  static constexpr ExpertMaker* kMakers[] = {MEDAL_EXPERTS(MEDAL_FUNCTION)};
  const auto index = static_cast<std::size_t>(task.parameters.expert);
  MEDAL_CHECK(index < std::size(kMakers), "unknown kind of expert");
  return kMakers[index](task, seed, cache);
}

}  // namespace medal
