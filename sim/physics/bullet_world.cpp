#include "sim/physics/bullet_world.h"

#include <algorithm>
#include <cmath>

#include "sim/physics/bullet_vectors.h"
#include "sim/physics/contacts.h"
#include "sim/physics/terrain_shape.h"

namespace medal {

namespace {

constexpr int kSolverIterations = 4;
constexpr int kPoolSize = 64;         // contact manifolds and algorithms set aside for each world
constexpr int kSolidIndex = 1 << 16;  // user indices of solids begin here, bodies' at 0
constexpr int kAvatarGroup = 1, kSolidGroup = 2;

btDefaultCollisionConstructionInfo small_pools() {
  btDefaultCollisionConstructionInfo info;
  info.m_defaultMaxPersistentManifoldPoolSize = kPoolSize;
  info.m_defaultMaxCollisionAlgorithmPoolSize = kPoolSize;
  return info;
}

/// As Bullet integrates a body that does not turn and has no damping.
void move(btCollisionObject& avatar, float seconds) {
  btTransform pose = avatar.getWorldTransform();
  pose.setOrigin(pose.getOrigin() + static_cast<btRigidBody&>(avatar).getLinearVelocity() * seconds);
  avatar.setWorldTransform(pose);
}

int key(const btPersistentManifold& manifold) {
  const int first = manifold.getBody0()->getUserIndex(), second = manifold.getBody1()->getUserIndex();
  return std::min(first, second) * kSolidIndex + std::max(first, second) % kSolidIndex;
}

}  // namespace

void ReachingCapsule::getAabb(const btTransform& pose, btVector3& low, btVector3& high) const {
  const btVector3 extent(kAvatar.radius + reach_, kAvatar.radius + reach_, getHalfHeight() + kAvatar.radius + reach_);
  low = pose.getOrigin() - extent;
  high = pose.getOrigin() + extent;
}

void OrderedWorld::substep(float seconds, std::span<btCollisionObject*> avatars) {
  getDispatchInfo().m_timeStep = seconds;
  performDiscreteCollisionDetection();
  sort_manifolds();
  solver_info_.m_timeStep = seconds;
  solver_info_.m_numIterations = kSolverIterations;
  m_constraintSolver->solveGroup(avatars.data(), static_cast<int>(avatars.size()), manifolds_.data(),
                                 static_cast<int>(manifolds_.size()), nullptr, 0, solver_info_, nullptr,
                                 getDispatcher());
  for (btCollisionObject* avatar : avatars) move(*avatar, seconds);
}

void OrderedWorld::sort_manifolds() {
  manifolds_.clear();
  for (int i = 0; i < getDispatcher()->getNumManifolds(); ++i) {
    btPersistentManifold* manifold = getDispatcher()->getManifoldByIndexInternal(i);
    if (manifold->getNumContacts() > 0) manifolds_.push_back(manifold);
  }
  std::sort(manifolds_.begin(), manifolds_.end(), [](const auto* a, const auto* b) { return key(*a) < key(*b); });
}

BulletWorld::BulletWorld(const Task& task, float reach, bool exact)
    : boxes_(task.obstacles),
      configuration_(small_pools()),
      dispatcher_(&configuration_),
      analytic_(task.terrain, reach),
      broadphase_(kAvatarGroup),
      world_(&dispatcher_, &broadphase_, &solver_, &configuration_),
      standing_(kAvatar.height, reach),
      crouching_(kAvatar.crouch_height, reach) {
  if (exact) analytic_.install(dispatcher_);
  world_.setForceUpdateAllAabbs(false);
  world_.getDispatchInfo().m_useContinuous = false;  // boxes reach ahead by themselves, and need no predicted pose
  world_.setGravity(btVector3(0, 0, 0));             // the motor applies it
  for (const Obstacle& wall : wall_boxes(task.terrain.half_size())) boxes_.push_back(wall);
  add_terrain(task.terrain);
  for (const Obstacle& box : boxes_) add_box(box);
}

BulletWorld::~BulletWorld() {
  for (int i = world_.getNumCollisionObjects(); i-- > 0;)
    world_.removeCollisionObject(world_.getCollisionObjectArray()[i]);
}

void BulletWorld::add_terrain(const Terrain& terrain) {
  TerrainShape ground(terrain);
  add_solid(*ground.shape, ground.pose);
  shapes_.push_back(std::move(ground.shape));
}

void BulletWorld::add_box(const Obstacle& box) {
  shapes_.push_back(std::make_unique<btBoxShape>(to_bullet(box.half_extents)));
  btTransform pose;
  pose.setIdentity();
  pose.setOrigin(to_bullet(box.center));
  const float cosine = std::cos(box.yaw), sine = std::sin(box.yaw);
  pose.setBasis(btMatrix3x3(cosine, -sine, 0, sine, cosine, 0, 0, 0, 1));
  add_solid(*shapes_.back(), pose);
}

void BulletWorld::add_solid(btCollisionShape& shape, const btTransform& pose) {
  auto solid = std::make_unique<btCollisionObject>();
  solid->setCollisionShape(&shape);
  solid->setWorldTransform(pose);
  solid->setCollisionFlags(btCollisionObject::CF_STATIC_OBJECT);
  solid->setUserIndex(kSolidIndex + static_cast<int>(solids_.size()));
  solid->setFriction(0);
  world_.addCollisionObject(solid.get(), kSolidGroup, kAvatarGroup);
  solids_.push_back(std::move(solid));
}

void BulletWorld::add_body(const Vec3& feet) {
  btRigidBody::btRigidBodyConstructionInfo info(kAvatar.mass, nullptr, &standing_, btVector3(0, 0, 0));
  info.m_startWorldTransform.setIdentity();
  info.m_startWorldTransform.setOrigin(to_bullet(feet + Vec3(0, 0, 0.5F * kAvatar.height)));
  info.m_friction = 0;
  auto body = std::make_unique<btRigidBody>(info);
  body->setAngularFactor(0);
  body->setActivationState(DISABLE_DEACTIVATION);
  body->setUserIndex(static_cast<int>(bodies_.size()));
  world_.addRigidBody(body.get(), kAvatarGroup, kSolidGroup);
  body_pointers_.push_back(body.get());
  bodies_.push_back(std::move(body));
  world_.reserve(bodies_.size() * solids_.size());
}

void BulletWorld::set_crouching(std::size_t index, const Vec3& feet, bool crouching) {
  btRigidBody& body = *bodies_[index];
  body.setCollisionShape(crouching ? &crouching_ : &standing_);
  btTransform pose = body.getWorldTransform();
  pose.setOrigin(to_bullet(feet + Vec3(0, 0, 0.5F * (crouching ? kAvatar.crouch_height : kAvatar.height))));
  body.setWorldTransform(pose);
  // Bullet's own algorithms keep what they knew of the old shape.
  world_.getPairCache()->cleanProxyFromPairs(body.getBroadphaseHandle(), &dispatcher_);
}

}  // namespace medal
