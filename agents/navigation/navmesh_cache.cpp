#include "agents/navigation/navmesh_cache.h"

#include <algorithm>

namespace medal {

std::shared_ptr<const WalkableGround> NavmeshCache::ground(const Task& task) {
  {
    const std::lock_guard lock(mutex_);
    const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& entry) {
      return entry.geometry_seed == task.geometry_seed && entry.geometry == task.parameters;
    });
    if (found != entries_.end()) {
      ++statistics_.hits;
      std::rotate(found, found + 1, entries_.end());
      return entries_.back().ground;
    }
  }
  auto built = std::make_shared<const WalkableGround>(task);  // not under the lock: other worlds go on
  const std::lock_guard lock(mutex_);
  ++statistics_.builds;
  if (entries_.size() == capacity_) entries_.erase(entries_.begin());
  entries_.push_back({task.geometry_seed, task.parameters, built});
  return built;
}

NavmeshCache::Statistics NavmeshCache::statistics() const {
  const std::lock_guard lock(mutex_);
  return statistics_;
}

}  // namespace medal
