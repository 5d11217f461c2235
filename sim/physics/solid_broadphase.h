#pragma once

#include <btBulletCollisionCommon.h>

#include <memory>
#include <vector>

namespace medal {

/// Finds the pairs of avatar and solid whose bounding boxes overlap, for worlds of a few dozen solids that never move
/// and a few avatars that do not meet each other: a loop over all such pairs, which costs less than keeping a tree up
/// to date. An avatar is what has `avatar_group` as its collision group.
class SolidBroadphase final : public btBroadphaseInterface {
 public:
  explicit SolidBroadphase(int avatar_group) : avatar_group_(avatar_group) {}

  btBroadphaseProxy* createProxy(const btVector3& low, const btVector3& high, int shape_type, void* object, int group,
                                 int mask, btDispatcher* dispatcher) override;
  void destroyProxy(btBroadphaseProxy* proxy, btDispatcher* dispatcher) override;
  void setAabb(btBroadphaseProxy* proxy, const btVector3& low, const btVector3& high, btDispatcher*) override;
  void getAabb(btBroadphaseProxy* proxy, btVector3& low, btVector3& high) const override;
  void calculateOverlappingPairs(btDispatcher* dispatcher) override;
  void aabbTest(const btVector3& low, const btVector3& high, btBroadphaseAabbCallback& callback) override;
  /// Shows every object to the callback, whose own test decides.
  void rayTest(const btVector3& from, const btVector3& to, btBroadphaseRayCallback& callback, const btVector3& low,
               const btVector3& high) override;
  void getBroadphaseAabb(btVector3& low, btVector3& high) const override;
  btOverlappingPairCache* getOverlappingPairCache() override { return &pairs_; }
  const btOverlappingPairCache* getOverlappingPairCache() const override { return &pairs_; }
  void printStats() override {}

 private:
  std::vector<std::unique_ptr<btBroadphaseProxy>> avatars_, solids_;
  btHashedOverlappingPairCache pairs_;
  int avatar_group_;
  int next_id_ = 1;
};

}  // namespace medal
