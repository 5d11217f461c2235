#include "agents/navigation/navmesh.h"

#include <DetourAlloc.h>
#include <DetourNavMesh.h>
#include <DetourNavMeshBuilder.h>
#include <DetourNavMeshQuery.h>
#include <Recast.h>
#include <RecastAlloc.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <new>
#include <numbers>

#include "agents/navigation/navmesh_links.h"
#include "sim/base/error.h"
#include "sim/task/avatar.h"
#include "sim/task/footprint.h"

namespace medal {
namespace {

constexpr float kCell = 0.2F;         // m, voxel on the map
constexpr float kCellHeight = 0.1F;   // m, voxel upward
constexpr int kClimb = 4;             // voxels up or down between neighbours: over 50 degrees
constexpr int kBodyHeight = 18;       // voxels
constexpr int kBodyRadius = 2;        // voxels
constexpr float kDiscMargin = 0.15F;  // m kept between a passing body and a goal it must not enter
constexpr float kContourError = 0.8F;
constexpr int kLongestEdge = 60;  // voxels
constexpr int kPolygonSides = 6;
constexpr int kQueryNodes = 1024;
constexpr int kMaximumPolygons = 256, kMaximumCorners = 64;
constexpr float kLinkTolerance = 0.4F;  // m from a link's end to the ground it joins
constexpr float kAnyHeight = 5.0F;      // m: polygons span bumps, so that heights say little

constexpr unsigned char kJumpArea = 20, kCrouchArea = 21, kFirstGoalArea = 1;
constexpr unsigned short kGroundFlag = 1, kLinkFlag = 2, kFirstGoalFlag = 4;
static_assert(kFirstGoalArea + kMaximumGoals <= kJumpArea, "each goal has an area of its own");
static_assert((kFirstGoalFlag << (kMaximumGoals - 1)) <= 0xFFFF, "each goal has a bit of Detour's 16-bit flags");
constexpr float kCrouchCost = 2.0F, kJumpCost = 1.3F;  // against walking: they are slower

template <class T, void (*free_function)(T*)>
struct FreeWith {
  void operator()(T* object) const { free_function(object); }
};
using HeightfieldPointer = std::unique_ptr<rcHeightfield, FreeWith<rcHeightfield, rcFreeHeightField>>;
using CompactPointer = std::unique_ptr<rcCompactHeightfield, FreeWith<rcCompactHeightfield, rcFreeCompactHeightfield>>;
using ContoursPointer = std::unique_ptr<rcContourSet, FreeWith<rcContourSet, rcFreeContourSet>>;
using PolygonsPointer = std::unique_ptr<rcPolyMesh, FreeWith<rcPolyMesh, rcFreePolyMesh>>;
using MeshPointer = std::unique_ptr<dtNavMesh, FreeWith<dtNavMesh, dtFreeNavMesh>>;
using QueryPointer = std::unique_ptr<dtNavMeshQuery, FreeWith<dtNavMeshQuery, dtFreeNavMeshQuery>>;

/// Recast is Y-up: a rotation, so that the winding stays.
std::array<float, 3> to_recast(const Vec3& v) { return {v.x(), v.z(), -v.y()}; }
Vec3 from_recast(const float* v) { return {v[0], -v[2], v[1]}; }

rcContext quiet_context() { return rcContext(false); }

template <class Hint>
void* allocate(std::size_t size, Hint) {
  void* memory = std::malloc(size);
  if (memory == nullptr && size > 0) throw std::bad_alloc();
  return memory;
}

/// Where memory is refused, Recast and Detour would go on with half a navmesh.
void let_allocations_throw() {
  static const bool done = [] {
    rcAllocSetCustom(allocate<rcAllocHint>, std::free);
    dtAllocSetCustom(allocate<dtAllocHint>, std::free);
    return true;
  }();
  static_cast<void>(done);
}

struct Triangles {
  std::vector<float> vertices;
  std::vector<int> indices;
};

/// The terrain, split along its own diagonals.
Triangles terrain_triangles(const Terrain& terrain) {
  Triangles triangles;
  const int side = terrain.cells + 1;
  for (int j = 0; j < side; ++j)
    for (int i = 0; i < side; ++i) {
      const Vec3 corner(static_cast<float>(i) * terrain.cell_size - terrain.half_size(),
                        static_cast<float>(j) * terrain.cell_size - terrain.half_size(), terrain.corner(i, j));
      const auto vertex = to_recast(corner);
      triangles.vertices.insert(triangles.vertices.end(), vertex.begin(), vertex.end());
    }
  for (int j = 0; j < terrain.cells; ++j)
    for (int i = 0; i < terrain.cells; ++i) {
      const int a = j * side + i, b = a + 1, c = a + side, d = c + 1;
      for (int index : {a, b, c, b, d, c}) triangles.indices.push_back(index);
    }
  return triangles;
}

HeightfieldPointer rasterise(const Terrain& terrain, rcContext& context) {
  const Triangles triangles = terrain_triangles(terrain);
  const int vertices = static_cast<int>(triangles.vertices.size() / 3);
  const int count = static_cast<int>(triangles.indices.size() / 3);
  std::array<float, 3> low{}, high{};
  rcCalcBounds(triangles.vertices.data(), vertices, low.data(), high.data());
  high[1] += kAvatar.height;
  int width = 0, height = 0;
  rcCalcGridSize(low.data(), high.data(), kCell, &width, &height);
  HeightfieldPointer field(rcAllocHeightfield());
  rcCreateHeightfield(&context, *field, width, height, low.data(), high.data(), kCell, kCellHeight);
  std::vector<unsigned char> areas(static_cast<std::size_t>(count), RC_NULL_AREA);
  constexpr float kDegrees = 180.0F / std::numbers::pi_v<float>;
  rcMarkWalkableTriangles(&context, kAvatar.max_slope * kDegrees, triangles.vertices.data(), vertices,
                          triangles.indices.data(), count, areas.data());
  rcRasterizeTriangles(&context, triangles.vertices.data(), vertices, triangles.indices.data(), areas.data(), count,
                       *field, kClimb);
  return field;
}

/// Takes away the ground that an obstacle covers; below an overhead bar only where a standing body does not fit.
void mark_obstacle(const Obstacle& obstacle, rcCompactHeightfield& field, rcContext& context) {
  const float grow = 0.5F * kCell;  // cells count by their centres
  const Footprint footprint(obstacle.center.head<2>(), obstacle.half_extents.head<2>() + Vec2(grow, grow),
                            obstacle.yaw);
  std::array<float, 12> corners{};
  std::size_t next = 0;
  for (const Vec2& corner : footprint.corners())
    for (float value : to_recast(Vec3(corner.x(), corner.y(), 0))) corners[next++] = value;
  const float bottom = obstacle.center.z() - obstacle.half_extents.z();
  const float lowest = obstacle.kind == SolidKind::overhead_bar ? bottom - kAvatar.height - kCellHeight : field.bmin[1];
  rcMarkConvexPolyArea(&context, corners.data(), 4, lowest, field.bmax[1], RC_NULL_AREA, field);
}

template <class T>
T* copy_array(const T* source, int count) {
  const std::size_t bytes = sizeof(T) * static_cast<std::size_t>(count);
  T* copy = static_cast<T*>(rcAlloc(bytes, RC_ALLOC_PERM));
  std::memcpy(copy, source, bytes);
  return copy;
}

CompactPointer copy_field(const rcCompactHeightfield& source) {
  CompactPointer copy(rcAllocCompactHeightfield());
  copy->width = source.width;
  copy->height = source.height;
  copy->spanCount = source.spanCount;
  copy->walkableHeight = source.walkableHeight;
  copy->walkableClimb = source.walkableClimb;
  copy->borderSize = source.borderSize;
  std::copy_n(source.bmin, 3, copy->bmin);
  std::copy_n(source.bmax, 3, copy->bmax);
  copy->cs = source.cs;
  copy->ch = source.ch;
  copy->cells = copy_array(source.cells, source.width * source.height);
  copy->spans = copy_array(source.spans, source.spanCount);
  copy->areas = copy_array(source.areas, source.spanCount);
  return copy;
}

void mark_goals(const Task& task, rcCompactHeightfield& field, rcContext& context) {
  for (std::size_t g = 0; g < task.goals.size(); ++g) {
    const Goal& goal = task.goals[g];
    const auto base = to_recast(Vec3(goal.center.x(), goal.center.y(), field.bmin[1]));
    rcMarkCylinderArea(&context, base.data(), goal.radius + kAvatar.radius + kDiscMargin, field.bmax[1] - field.bmin[1],
                       static_cast<unsigned char>(kFirstGoalArea + g), field);
  }
}

unsigned short flag_of_area(unsigned char area) {
  if (area == RC_WALKABLE_AREA) return kGroundFlag;
  return static_cast<unsigned short>(kFirstGoalFlag << (area - kFirstGoalArea));
}

PolygonsPointer build_polygons(rcCompactHeightfield& field, rcContext& context) {
  rcBuildRegionsMonotone(&context, field, 0, 0, 0);
  ContoursPointer contours(rcAllocContourSet());
  rcBuildContours(&context, field, kContourError, kLongestEdge, *contours);
  PolygonsPointer polygons(rcAllocPolyMesh());
  rcBuildPolyMesh(&context, *contours, kPolygonSides, *polygons);
  for (int i = 0; i < polygons->npolys; ++i) polygons->flags[i] = flag_of_area(polygons->areas[i]);
  return polygons;
}

/// Links in Detour's arrays.
struct LinkArrays {
  explicit LinkArrays(const std::vector<NavmeshLink>& links) {
    for (const NavmeshLink& link : links) {
      for (const Vec3& end : {link.from, link.to})
        for (float value : to_recast(end)) vertices.push_back(value);
      radii.push_back(kLinkTolerance);
      flags.push_back(kLinkFlag);
      areas.push_back(link.passage == Passage::jump ? kJumpArea : kCrouchArea);
      directions.push_back(DT_OFFMESH_CON_BIDIR);
      names.push_back(static_cast<unsigned int>(names.size()));
    }
  }
  std::vector<float> vertices, radii;
  std::vector<unsigned short> flags;
  std::vector<unsigned char> areas, directions;
  std::vector<unsigned int> names;
};

MeshPointer build_mesh(const rcPolyMesh& polygons, const std::vector<NavmeshLink>& links) {
  const LinkArrays arrays(links);
  dtNavMeshCreateParams parameters{};
  parameters.verts = polygons.verts;
  parameters.vertCount = polygons.nverts;
  parameters.polys = polygons.polys;
  parameters.polyAreas = polygons.areas;
  parameters.polyFlags = polygons.flags;
  parameters.polyCount = polygons.npolys;
  parameters.nvp = polygons.nvp;
  parameters.offMeshConVerts = arrays.vertices.data();
  parameters.offMeshConRad = arrays.radii.data();
  parameters.offMeshConFlags = arrays.flags.data();
  parameters.offMeshConAreas = arrays.areas.data();
  parameters.offMeshConDir = arrays.directions.data();
  parameters.offMeshConUserID = arrays.names.data();
  parameters.offMeshConCount = static_cast<int>(links.size());
  parameters.walkableHeight = kAvatar.height;
  parameters.walkableRadius = kAvatar.radius;
  parameters.walkableClimb = kAnyHeight;  // Detour uses it for joining links to the ground
  std::copy_n(polygons.bmin, 3, parameters.bmin);
  std::copy_n(polygons.bmax, 3, parameters.bmax);
  parameters.cs = polygons.cs;
  parameters.ch = polygons.ch;
  parameters.buildBvTree = true;
  unsigned char* data = nullptr;
  int size = 0;
  if (!dtCreateNavMeshData(&parameters, &data, &size)) return nullptr;  // no polygons
  MeshPointer mesh(dtAllocNavMesh());
  MEDAL_CHECK(dtStatusSucceed(mesh->init(data, size, DT_TILE_FREE_DATA)), "Detour took no navmesh");
  return mesh;
}

}  // namespace

struct WalkableGround::Implementation {
  CompactPointer field;
};

WalkableGround::WalkableGround(const Task& task) : implementation_(std::make_unique<Implementation>()) {
  let_allocations_throw();
  rcContext context = quiet_context();
  const HeightfieldPointer solid = rasterise(task.terrain, context);
  CompactPointer field(rcAllocCompactHeightfield());
  rcBuildCompactHeightfield(&context, kBodyHeight, kClimb, *solid, *field);
  for (const Obstacle& obstacle : task.obstacles) mark_obstacle(obstacle, *field, context);
  rcErodeWalkableArea(&context, kBodyRadius, *field);
  implementation_->field = std::move(field);
}
WalkableGround::~WalkableGround() = default;

struct Navmesh::Implementation {
  MeshPointer mesh;
  QueryPointer query{dtAllocNavMeshQuery()};

  dtPolyRef nearest(const Vec3& point, const dtQueryFilter& filter, float* nearest_point) const {
    const auto center = to_recast(point);
    const std::array<float, 3> reach = {kAnyHeight, 2 * kAnyHeight, kAnyHeight};
    dtPolyRef polygon = 0;
    query->findNearestPoly(center.data(), reach.data(), &filter, &polygon, nearest_point);
    return polygon;
  }
};

Navmesh::Navmesh(const Task& task, const WalkableGround& ground) : implementation_(std::make_unique<Implementation>()) {
  rcContext context = quiet_context();
  const CompactPointer field = copy_field(*ground.implementation_->field);
  mark_goals(task, *field, context);
  const PolygonsPointer polygons = build_polygons(*field, context);
  implementation_->mesh = build_mesh(*polygons, find_links(task));
  if (implementation_->mesh) implementation_->query->init(implementation_->mesh.get(), kQueryNodes);
}
Navmesh::~Navmesh() = default;

Path Navmesh::find_path(const Vec3& from, const Vec3& to, GoalSet allowed) {
  Path path;
  Implementation& self = *implementation_;
  if (!self.mesh) return path;
  dtQueryFilter filter;
  filter.setIncludeFlags(static_cast<unsigned short>(kGroundFlag | kLinkFlag | (allowed * kFirstGoalFlag)));
  filter.setAreaCost(kJumpArea, kJumpCost);
  filter.setAreaCost(kCrouchArea, kCrouchCost);
  std::array<float, 3> begin{}, end{};
  const dtPolyRef first = self.nearest(from, filter, begin.data()), last = self.nearest(to, filter, end.data());
  if (first == 0 || last == 0) return path;

  std::array<dtPolyRef, kMaximumPolygons> corridor{};
  int corridor_length = 0;
  self.query->findPath(first, last, begin.data(), end.data(), &filter, corridor.data(), &corridor_length,
                       kMaximumPolygons);
  if (corridor_length == 0) return path;
  path.complete = corridor[static_cast<std::size_t>(corridor_length) - 1] == last;
  if (!path.complete)
    self.query->closestPointOnPoly(corridor[static_cast<std::size_t>(corridor_length) - 1], to_recast(to).data(),
                                   end.data(), nullptr);

  std::array<float, 3 * kMaximumCorners> corners{};
  std::array<unsigned char, kMaximumCorners> flags{};
  std::array<dtPolyRef, kMaximumCorners> polygons{};
  int count = 0;
  self.query->findStraightPath(begin.data(), end.data(), corridor.data(), corridor_length, corners.data(), flags.data(),
                               polygons.data(), &count, kMaximumCorners);
  for (int i = 0; i < count; ++i) {
    const auto index = static_cast<std::size_t>(i);
    Waypoint waypoint{from_recast(&corners[3 * index]), Passage::walk};
    if ((flags[index] & DT_STRAIGHTPATH_OFFMESH_CONNECTION) != 0) {
      unsigned char area = 0;
      self.mesh->getPolyArea(polygons[index], &area);
      waypoint.passage = area == kJumpArea ? Passage::jump : Passage::crouch;
    }
    if (!path.waypoints.empty()) path.length += (waypoint.position - path.waypoints.back().position).head<2>().norm();
    path.waypoints.push_back(waypoint);
  }
  return path;
}

Vec3 Navmesh::nearest_ground(const Vec3& point) const {
  if (!implementation_->mesh) return point;
  const dtQueryFilter filter;
  std::array<float, 3> nearest{};
  return implementation_->nearest(point, filter, nearest.data()) == 0 ? point : from_recast(nearest.data());
}

}  // namespace medal
