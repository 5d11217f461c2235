#include "agents/navigation/navmesh_cache.h"

#include <algorithm>
#include <bit>

#include "sim/base/random.h"

namespace medal {
namespace {

/// All that terrain and obstacles follow from.
std::uint64_t geometry_key(const Task& task) {
  const TaskParameters& p = task.parameters;
  std::uint64_t key = task.geometry_seed;
  for (float knob : {p.arena_size, p.bumpiness, p.upright_density, p.low_bar_density, p.overhead_bar_density})
    key = mix_seed(key, std::bit_cast<std::uint32_t>(knob));
  return key;
}

}  // namespace

std::shared_ptr<const WalkableGround> NavmeshCache::ground(const Task& task) {
  const std::uint64_t key = geometry_key(task);
  {
    const std::lock_guard lock(mutex_);
    const auto found = std::find_if(entries_.begin(), entries_.end(), [&](const Entry& e) { return e.key == key; });
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
  entries_.push_back({key, built});
  return built;
}

NavmeshCache::Statistics NavmeshCache::statistics() const {
  const std::lock_guard lock(mutex_);
  return statistics_;
}

}  // namespace medal
