#include "sim/physics/solid_broadphase.h"

#include <set>

#include "sim/base/random.h"
#include "tests/support/catch.h"

using namespace medal;

namespace {

constexpr int kAvatarGroup = 1, kSolidGroup = 2;

struct Box {
  btVector3 low, high;
  btBroadphaseProxy* proxy = nullptr;
};

Box random_box(Random& random) {
  const btVector3 low(random.uniform(0, 10), random.uniform(0, 10), random.uniform(0, 2));
  return {low, low + btVector3(random.uniform(0.5F, 3), random.uniform(0.5F, 3), 2)};
}

}  // namespace

TEST_CASE("the broadphase pairs exactly the avatars and solids whose boxes overlap, and never two avatars") {
  Random random(61);
  btDefaultCollisionConfiguration configuration;
  btCollisionDispatcher dispatcher(&configuration);
  SolidBroadphase broadphase(kAvatarGroup);
  std::vector<Box> avatars, solids;
  const auto add = [&](std::vector<Box>& list, int group, int mask) {
    Box box = random_box(random);
    box.proxy = broadphase.createProxy(box.low, box.high, BOX_SHAPE_PROXYTYPE, nullptr, group, mask, &dispatcher);
    list.push_back(box);
  };
  for (int i = 0; i < 5; ++i) add(avatars, kAvatarGroup, kSolidGroup);
  for (int i = 0; i < 20; ++i) add(solids, kSolidGroup, kAvatarGroup);
  std::size_t most = 0;
  for (int step = 0; step < 200; ++step) {
    for (Box& avatar : avatars) {
      const Box moved = random_box(random);
      avatar.low = moved.low;
      avatar.high = moved.high;
      broadphase.setAabb(avatar.proxy, avatar.low, avatar.high, &dispatcher);
    }
    broadphase.calculateOverlappingPairs(&dispatcher);
    std::set<std::pair<btBroadphaseProxy*, btBroadphaseProxy*>> expected, found;
    for (const Box& avatar : avatars)
      for (const Box& solid : solids)
        if (TestAabbAgainstAabb2(avatar.low, avatar.high, solid.low, solid.high))
          expected.insert(std::minmax(avatar.proxy, solid.proxy));
    const btBroadphasePairArray& pairs = broadphase.getOverlappingPairCache()->getOverlappingPairArray();
    for (int i = 0; i < pairs.size(); ++i) found.insert(std::minmax(pairs[i].m_pProxy0, pairs[i].m_pProxy1));
    REQUIRE(found == expected);
    REQUIRE(static_cast<std::size_t>(pairs.size()) == expected.size());
    most = std::max(most, expected.size());
  }
  CHECK(most > 10);
  for (const Box& avatar : avatars) broadphase.destroyProxy(avatar.proxy, &dispatcher);
  CHECK(broadphase.getOverlappingPairCache()->getNumOverlappingPairs() == 0);
  for (const Box& solid : solids) broadphase.destroyProxy(solid.proxy, &dispatcher);
}
