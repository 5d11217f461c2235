#pragma once

#include <memory>

class btCollisionDispatcher;
struct btCollisionAlgorithmCreateFunc;

namespace medal {

struct ContactSettings;

/// Makes Bullet's dispatcher find the contacts of capsules with the heightfield and with boxes by
/// sim/physics/contacts.h rather than by GJK: exact, free of inner edges, and ahead of time (up to `reach` m), so that
/// fast bodies stop at surfaces.
class AnalyticCollision {
 public:
  /// `terrain` and the dispatcher must outlive the world's collision objects.
  AnalyticCollision(const struct Terrain& terrain, float reach);
  ~AnalyticCollision();
  AnalyticCollision(const AnalyticCollision&) = delete;
  void install(btCollisionDispatcher& dispatcher) const;

 private:
  std::unique_ptr<ContactSettings> settings_;
  std::unique_ptr<btCollisionAlgorithmCreateFunc> terrain_, terrain_swapped_, box_, box_swapped_;
};

}  // namespace medal
