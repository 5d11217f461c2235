#include "sim/physics/solid_broadphase.h"

#include <algorithm>

namespace medal {

btBroadphaseProxy* SolidBroadphase::createProxy(const btVector3& low, const btVector3& high, int, void* object,
                                                int group, int mask, btDispatcher*) {
  auto proxy = std::make_unique<btBroadphaseProxy>(low, high, object, group, mask);
  proxy->m_uniqueId = next_id_++;
  auto& list = group == avatar_group_ ? avatars_ : solids_;
  list.push_back(std::move(proxy));
  return list.back().get();
}

void SolidBroadphase::destroyProxy(btBroadphaseProxy* proxy, btDispatcher* dispatcher) {
  pairs_.removeOverlappingPairsContainingProxy(proxy, dispatcher);
  for (auto* list : {&avatars_, &solids_})
    std::erase_if(*list, [proxy](const auto& kept) { return kept.get() == proxy; });
}

void SolidBroadphase::setAabb(btBroadphaseProxy* proxy, const btVector3& low, const btVector3& high, btDispatcher*) {
  proxy->m_aabbMin = low;
  proxy->m_aabbMax = high;
}

void SolidBroadphase::getAabb(btBroadphaseProxy* proxy, btVector3& low, btVector3& high) const {
  low = proxy->m_aabbMin;
  high = proxy->m_aabbMax;
}

void SolidBroadphase::calculateOverlappingPairs(btDispatcher* dispatcher) {
  // Pairs that have parted, then those that have met.
  for (int i = pairs_.getNumOverlappingPairs(); i-- > 0;) {
    const btBroadphasePair& pair = pairs_.getOverlappingPairArray()[i];
    btBroadphaseProxy *first = pair.m_pProxy0, *second = pair.m_pProxy1;
    if (!TestAabbAgainstAabb2(first->m_aabbMin, first->m_aabbMax, second->m_aabbMin, second->m_aabbMax))
      pairs_.removeOverlappingPair(first, second, dispatcher);
  }
  for (const auto& avatar : avatars_)
    for (const auto& solid : solids_)
      if (TestAabbAgainstAabb2(avatar->m_aabbMin, avatar->m_aabbMax, solid->m_aabbMin, solid->m_aabbMax))
        pairs_.addOverlappingPair(avatar.get(), solid.get());  // leaves a known pair as it is
}

void SolidBroadphase::aabbTest(const btVector3& low, const btVector3& high, btBroadphaseAabbCallback& callback) {
  for (const auto* list : {&avatars_, &solids_})
    for (const auto& proxy : *list)
      if (TestAabbAgainstAabb2(low, high, proxy->m_aabbMin, proxy->m_aabbMax)) callback.process(proxy.get());
}

void SolidBroadphase::rayTest(const btVector3&, const btVector3&, btBroadphaseRayCallback& callback, const btVector3&,
                              const btVector3&) {
  for (const auto* list : {&avatars_, &solids_})
    for (const auto& proxy : *list) callback.process(proxy.get());
}

void SolidBroadphase::getBroadphaseAabb(btVector3& low, btVector3& high) const {
  low.setValue(-BT_LARGE_FLOAT, -BT_LARGE_FLOAT, -BT_LARGE_FLOAT);
  high.setValue(BT_LARGE_FLOAT, BT_LARGE_FLOAT, BT_LARGE_FLOAT);
}

}  // namespace medal
