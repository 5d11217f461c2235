#pragma once

#include <BulletDynamics/Dynamics/btSimpleDynamicsWorld.h>
#include <btBulletDynamicsCommon.h>

#include <memory>
#include <span>
#include <vector>

#include "sim/physics/collision_algorithms.h"
#include "sim/physics/solid_broadphase.h"
#include "sim/task/avatar.h"
#include "sim/task/task.h"

namespace medal {

/// A standing or crouching body; its bounding box reaches as far ahead as contacts are looked for.
class ReachingCapsule final : public btCapsuleShapeZ {
 public:
  ReachingCapsule(float height, float reach)
      : btCapsuleShapeZ(kAvatar.radius, height - 2.0F * kAvatar.radius), reach_(reach) {}
  void getAabb(const btTransform& pose, btVector3& low, btVector3& high) const override;

 private:
  float reach_;
};

/// Bullet's simple world (all bodies in one solver call, no islands), with the contacts in an order that depends on
/// each avatar alone, so that no avatar's rounding depends on what the others do.
class OrderedWorld final : public btSimpleDynamicsWorld {
 public:
  using btSimpleDynamicsWorld::btSimpleDynamicsWorld;

  void substep(float seconds, std::span<btCollisionObject*> avatars);
  std::span<btPersistentManifold* const> manifolds() const { return manifolds_; }
  void reserve(std::size_t manifolds) { manifolds_.reserve(manifolds); }

 private:
  void sort_manifolds();

  btContactSolverInfo solver_info_;
  std::vector<btPersistentManifold*> manifolds_;
};

/// A task's solids and the bodies of avatars, which meet solids alone.
class BulletWorld {
 public:
  /// Contacts are found `reach` m ahead: by sim/physics/contacts.h, or by Bullet itself where they are not `exact`.
  /// `task` must outlive it.
  BulletWorld(const Task& task, float reach, bool exact);
  ~BulletWorld();
  BulletWorld(const BulletWorld&) = delete;

  /// Another body, the next in number from 0 on, that stands there.
  void add_body(const Vec3& feet);
  btRigidBody& body(std::size_t index) { return *bodies_[index]; }
  /// The other capsule, with the feet where they are.
  void set_crouching(std::size_t index, const Vec3& feet, bool crouching);

  void substep(float seconds) { world_.substep(seconds, body_pointers_); }
  /// Contacts of the last substep, in the order of bodies.
  std::span<btPersistentManifold* const> manifolds() const { return world_.manifolds(); }

  /// The task's obstacles and the walls.
  const std::vector<Obstacle>& boxes() const { return boxes_; }

 private:
  void add_terrain(const Terrain& terrain);
  void add_box(const Obstacle& box);
  void add_solid(btCollisionShape& shape, const btTransform& pose);

  std::vector<Obstacle> boxes_;
  btDefaultCollisionConfiguration configuration_;
  btCollisionDispatcher dispatcher_;
  AnalyticCollision analytic_;
  SolidBroadphase broadphase_;
  btSequentialImpulseConstraintSolver solver_;
  OrderedWorld world_;
  ReachingCapsule standing_, crouching_;
  std::vector<std::unique_ptr<btCollisionShape>> shapes_;
  std::vector<std::unique_ptr<btCollisionObject>> solids_;
  std::vector<std::unique_ptr<btRigidBody>> bodies_;
  std::vector<btCollisionObject*> body_pointers_;
};

}  // namespace medal
