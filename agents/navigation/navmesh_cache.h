#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

#include "agents/navigation/navmesh.h"

namespace medal {

/// Keeps the walkable ground of the geometries used last, since worlds play several episodes on one geometry.
/// Thread-safe. What it holds changes no result, only time.
class NavmeshCache {
 public:
  /// `capacity`: geometries kept; one for each world is enough.
  explicit NavmeshCache(int capacity) : capacity_(static_cast<std::size_t>(capacity)) {}

  std::shared_ptr<const WalkableGround> ground(const Task& task);

  struct Statistics {
    std::int64_t builds = 0;
    std::int64_t hits = 0;
  };
  Statistics statistics() const;

 private:
  /// All that terrain and obstacles follow from, and their ground.
  struct Entry {
    std::uint64_t geometry_seed = 0;
    GeometryParameters geometry;
    std::shared_ptr<const WalkableGround> ground;
  };

  std::size_t capacity_;
  mutable std::mutex mutex_;
  std::vector<Entry> entries_;  ///< used last at the end
  Statistics statistics_;
};

}  // namespace medal
