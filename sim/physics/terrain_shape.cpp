#include "sim/physics/terrain_shape.h"

#include <algorithm>

namespace medal {

TerrainShape::TerrainShape(const Terrain& terrain) : pose(btTransform::getIdentity()) {
  const auto [low, high] = std::minmax_element(terrain.heights.begin(), terrain.heights.end() - 2);
  const float lowest = static_cast<float>(*low) * Terrain::kHeightUnit;
  const float highest = static_cast<float>(*high) * Terrain::kHeightUnit;
  shape = std::make_unique<btHeightfieldTerrainShape>(terrain.cells + 1, terrain.cells + 1, terrain.heights.data(),
                                                      Terrain::kHeightUnit, lowest, highest, 2, false);
  shape->setLocalScaling(btVector3(terrain.cell_size, terrain.cell_size, 1));
  pose.setOrigin(btVector3(0, 0, 0.5F * (lowest + highest)));
}

}  // namespace medal
