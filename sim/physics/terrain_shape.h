#pragma once

#include <BulletCollision/CollisionShapes/btHeightfieldTerrainShape.h>

#include <memory>

#include "sim/task/terrain.h"

namespace medal {

/// The ground as Bullet takes it, and where it has to lie: Bullet centres a heightfield's range of heights.
struct TerrainShape {
  explicit TerrainShape(const Terrain& terrain);  ///< `terrain` must outlive it
  std::unique_ptr<btHeightfieldTerrainShape> shape;
  btTransform pose;
};

}  // namespace medal
