#include "sim/physics/physics_world.h"

#include <BulletDynamics/Dynamics/btSimpleDynamicsWorld.h>
#include <btBulletDynamicsCommon.h>
#include <xxhash.h>

#include <algorithm>
#include <cmath>

#include "sim/physics/avatar_motor.h"
#include "sim/physics/collision_algorithms.h"
#include "sim/physics/contacts.h"
#include "sim/physics/solid_broadphase.h"
#include "sim/physics/terrain_shape.h"
#include "sim/task/footprint.h"

namespace medal {

namespace {

constexpr int kSolverIterations = 4;
constexpr int kPoolSize = 64;         // contact manifolds and algorithms set aside for each world
constexpr float kFastest = 11.0F;     // m/s: a fall from twice the highest jump, at top speed
constexpr float kLeastReach = 0.25F;  // m ahead that contacts are found
constexpr float kGroundTolerance = 0.02F;
constexpr float kStickTolerance = 0.1F;  // m that feet reach down to keep the ground
constexpr int kSolidIndex = 1 << 16;     // user indices of solids begin here, avatars' at 0
constexpr int kAvatarGroup = 1, kSolidGroup = 2;

/// The tallest capsule; its bounding box reaches as far ahead as contacts are looked for.
class ReachingCapsule final : public btCapsuleShapeZ {
 public:
  ReachingCapsule(float height, float reach)
      : btCapsuleShapeZ(kAvatar.radius, height - 2.0F * kAvatar.radius), reach_(reach) {}
  void getAabb(const btTransform& pose, btVector3& low, btVector3& high) const override {
    const btVector3 extent(kAvatar.radius + reach_, kAvatar.radius + reach_, getHalfHeight() + kAvatar.radius + reach_);
    low = pose.getOrigin() - extent;
    high = pose.getOrigin() + extent;
  }

 private:
  float reach_;
};

/// Bullet's simple world (all bodies in one solver call, no islands), with the contacts in an order that depends on
/// each avatar alone, so that no avatar's rounding depends on what the others do.
class OrderedWorld final : public btSimpleDynamicsWorld {
 public:
  using btSimpleDynamicsWorld::btSimpleDynamicsWorld;

  void substep(float seconds, std::span<btCollisionObject*> avatars) {
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
  std::span<btPersistentManifold* const> manifolds() const { return manifolds_; }
  void reserve(std::size_t manifolds) { manifolds_.reserve(manifolds); }

 private:
  /// As Bullet integrates a body that does not turn and has no damping.
  static void move(btCollisionObject& avatar, float seconds) {
    btTransform pose = avatar.getWorldTransform();
    pose.setOrigin(pose.getOrigin() + static_cast<btRigidBody&>(avatar).getLinearVelocity() * seconds);
    avatar.setWorldTransform(pose);
  }
  static int key(const btPersistentManifold& manifold) {
    const int first = manifold.getBody0()->getUserIndex(), second = manifold.getBody1()->getUserIndex();
    return std::min(first, second) * kSolidIndex + std::max(first, second) % kSolidIndex;
  }
  void sort_manifolds() {
    manifolds_.clear();
    for (int i = 0; i < getDispatcher()->getNumManifolds(); ++i) {
      btPersistentManifold* manifold = getDispatcher()->getManifoldByIndexInternal(i);
      if (manifold->getNumContacts() > 0) manifolds_.push_back(manifold);
    }
    std::sort(manifolds_.begin(), manifolds_.end(), [](const auto* a, const auto* b) { return key(*a) < key(*b); });
  }

  btContactSolverInfo solver_info_;
  std::vector<btPersistentManifold*> manifolds_;
};

btDefaultCollisionConstructionInfo small_pools() {
  btDefaultCollisionConstructionInfo info;
  info.m_defaultMaxPersistentManifoldPoolSize = kPoolSize;
  info.m_defaultMaxCollisionAlgorithmPoolSize = kPoolSize;
  return info;
}

float contact_reach(const Task& task) {
  const float seconds = 1.0F / (task.parameters.control_rate * static_cast<float>(task.parameters.substeps));
  return std::max(kLeastReach, kFastest * seconds);
}

btVector3 to_bullet(const Vec3& v) { return {v.x(), v.y(), v.z()}; }
Vec3 from_bullet(const btVector3& v) { return {v.x(), v.y(), v.z()}; }

}  // namespace

struct PhysicsWorld::Implementation {
  Implementation(const Task& task, std::span<const Spawn> spawns, NarrowPhase narrow_phase);
  ~Implementation() {
    for (int i = world.getNumCollisionObjects(); i-- > 0;)
      world.removeCollisionObject(world.getCollisionObjectArray()[i]);
  }

  void add_terrain();
  void add_box(const Obstacle& box);
  void add_solid(btCollisionShape& shape, const btTransform& pose);
  void add_avatar(const Spawn& spawn);
  void set_crouching(std::size_t index, bool crouching);
  bool has_headroom(const AvatarState& avatar) const;
  void prepare(std::size_t index, float seconds);
  void read_back(std::size_t index);
  void find_footing(float seconds);

  const Task& task;
  float reach;
  std::vector<Obstacle> boxes;  ///< obstacles and walls
  btDefaultCollisionConfiguration configuration;
  btCollisionDispatcher dispatcher;
  AnalyticCollision analytic;
  SolidBroadphase broadphase{kAvatarGroup};
  btSequentialImpulseConstraintSolver solver;
  OrderedWorld world;
  ReachingCapsule standing, crouching;
  std::vector<std::unique_ptr<btCollisionShape>> shapes;
  std::vector<std::unique_ptr<btCollisionObject>> solids;
  std::vector<std::unique_ptr<btRigidBody>> bodies;
  std::vector<btCollisionObject*> body_pointers;
  std::vector<AvatarState> avatars;
  std::vector<Footing> footings;
  std::vector<Action> actions;
};

PhysicsWorld::Implementation::Implementation(const Task& played, std::span<const Spawn> spawns,
                                             NarrowPhase narrow_phase)
    : task(played),
      reach(contact_reach(played)),
      boxes(played.obstacles),
      configuration(small_pools()),
      dispatcher(&configuration),
      analytic(played.terrain, reach),
      world(&dispatcher, &broadphase, &solver, &configuration),
      standing(kAvatar.height, reach),
      crouching(kAvatar.crouch_height, reach) {
  if (narrow_phase == NarrowPhase::analytic) analytic.install(dispatcher);
  world.setForceUpdateAllAabbs(false);
  world.getDispatchInfo().m_useContinuous = false;  // boxes reach ahead by themselves, and need no predicted pose
  world.setGravity(btVector3(0, 0, 0));             // the motor applies it
  for (const Obstacle& wall : wall_boxes(task.terrain.half_size())) boxes.push_back(wall);
  add_terrain();
  for (const Obstacle& box : boxes) add_box(box);
  for (const Spawn& spawn : spawns) add_avatar(spawn);
  world.reserve(spawns.size() * solids.size());
  footings.resize(spawns.size());
  actions.resize(spawns.size());
}

void PhysicsWorld::Implementation::add_terrain() {
  TerrainShape ground(task.terrain);
  add_solid(*ground.shape, ground.pose);
  shapes.push_back(std::move(ground.shape));
}

void PhysicsWorld::Implementation::add_box(const Obstacle& box) {
  shapes.push_back(std::make_unique<btBoxShape>(to_bullet(box.half_extents)));
  btTransform pose;
  pose.setIdentity();
  pose.setOrigin(to_bullet(box.center));
  const float cosine = std::cos(box.yaw), sine = std::sin(box.yaw);
  pose.setBasis(btMatrix3x3(cosine, -sine, 0, sine, cosine, 0, 0, 0, 1));
  add_solid(*shapes.back(), pose);
}

void PhysicsWorld::Implementation::add_solid(btCollisionShape& shape, const btTransform& pose) {
  auto solid = std::make_unique<btCollisionObject>();
  solid->setCollisionShape(&shape);
  solid->setWorldTransform(pose);
  solid->setCollisionFlags(btCollisionObject::CF_STATIC_OBJECT);
  solid->setUserIndex(kSolidIndex + static_cast<int>(solids.size()));
  solid->setFriction(0);
  world.addCollisionObject(solid.get(), kSolidGroup, kAvatarGroup);
  solids.push_back(std::move(solid));
}

void PhysicsWorld::Implementation::add_avatar(const Spawn& spawn) {
  btRigidBody::btRigidBodyConstructionInfo info(kAvatar.mass, nullptr, &standing, btVector3(0, 0, 0));
  info.m_startWorldTransform.setIdentity();
  info.m_startWorldTransform.setOrigin(to_bullet(spawn.feet + Vec3(0, 0, 0.5F * kAvatar.height)));
  info.m_friction = 0;
  auto body = std::make_unique<btRigidBody>(info);
  body->setAngularFactor(0);
  body->setActivationState(DISABLE_DEACTIVATION);
  body->setUserIndex(static_cast<int>(bodies.size()));
  world.addRigidBody(body.get(), kAvatarGroup, kSolidGroup);
  body_pointers.push_back(body.get());
  bodies.push_back(std::move(body));
  AvatarState avatar;
  avatar.feet = spawn.feet;
  avatar.yaw = spawn.yaw;
  avatars.push_back(avatar);
}

bool PhysicsWorld::Implementation::has_headroom(const AvatarState& avatar) const {
  const Capsule capsule = standing_capsule(avatar.feet, kAvatar.height);
  Contact contact;
  return std::none_of(task.obstacles.begin(), task.obstacles.end(), [&](const Obstacle& box) {
    return box.center.z() > avatar.feet.z() + 0.5F * kAvatar.height &&
           box_contact(box.center, box.half_extents, std::cos(box.yaw), std::sin(box.yaw), capsule, 0.01F, contact);
  });
}

void PhysicsWorld::Implementation::set_crouching(std::size_t index, bool crouch) {
  AvatarState& avatar = avatars[index];
  if (crouch == avatar.crouching || (!crouch && !has_headroom(avatar))) return;
  avatar.crouching = crouch;
  btRigidBody& body = *bodies[index];
  body.setCollisionShape(crouch ? &crouching : &standing);
  btTransform pose = body.getWorldTransform();
  pose.setOrigin(to_bullet(avatar.feet + Vec3(0, 0, 0.5F * avatar.height())));
  body.setWorldTransform(pose);
  // Bullet's own algorithms keep what they knew of the old shape.
  world.getPairCache()->cleanProxyFromPairs(body.getBroadphaseHandle(), &dispatcher);
}

/// What the avatar does before Bullet moves it.
void PhysicsWorld::Implementation::prepare(std::size_t index, float seconds) {
  AvatarState& avatar = avatars[index];
  Footing& footing = footings[index];
  const Action& action = actions[index];
  set_crouching(index, action.crouch > 0);
  avatar.yaw = turn(action, avatar.yaw, seconds);
  const bool jumps = wants_to_jump(action, avatar);
  Vec3 velocity = drive(action, avatar, footing, seconds);
  if (jumps) {
    velocity.z() = kAvatar.jump_speed;
    avatar.on_ground = footing.on_ground = false;
  }
  bodies[index]->setLinearVelocity(to_bullet(velocity));
}

void PhysicsWorld::Implementation::read_back(std::size_t index) {
  const btRigidBody& body = *bodies[index];
  AvatarState& avatar = avatars[index];
  avatar.velocity = from_bullet(body.getLinearVelocity());
  avatar.feet = from_bullet(body.getWorldTransform().getOrigin()) - Vec3(0, 0, 0.5F * avatar.height());
}

/// Reads the substep's contacts. A contact holds when its surfaces are together after the step.
void PhysicsWorld::Implementation::find_footing(float seconds) {
  const float least_upright = std::cos(kAvatar.max_slope);
  for (std::size_t i = 0; i < avatars.size(); ++i) footings[i] = Footing{};
  for (const btPersistentManifold* manifold : world.manifolds()) {
    const bool first = !manifold->getBody0()->isStaticObject();
    const auto index = static_cast<std::size_t>((first ? manifold->getBody0() : manifold->getBody1())->getUserIndex());
    AvatarState& avatar = avatars[index];
    Footing& footing = footings[index];
    const float tolerance = avatar.on_ground ? kStickTolerance : kGroundTolerance;
    for (int c = 0; c < manifold->getNumContacts(); ++c) {
      const btManifoldPoint& point = manifold->getContactPoint(c);
      const Vec3 normal = from_bullet(point.m_normalWorldOnB) * (first ? 1.0F : -1.0F);
      const float gap = point.getDistance() + normal.dot(avatar.velocity) * seconds;
      if (normal.z() >= least_upright) {
        if (gap > tolerance || (footing.on_ground && normal.z() <= footing.ground.z())) continue;
        footing.on_ground = true;
        footing.ground = normal;
      } else if (gap <= kGroundTolerance && normal.z() < -0.1F) {
        footing.under_ceiling = true;
      } else if (gap <= kGroundTolerance && (!footing.against_steep || normal.z() < footing.steep.z())) {
        footing.against_steep = true;
        footing.steep = normal;
      }
    }
  }
  for (std::size_t i = 0; i < avatars.size(); ++i) avatars[i].on_ground = footings[i].on_ground;
}

PhysicsWorld::PhysicsWorld(const Task& task, std::span<const Spawn> spawns, NarrowPhase narrow_phase)
    : implementation_(std::make_unique<Implementation>(task, spawns, narrow_phase)) {}
PhysicsWorld::~PhysicsWorld() = default;
PhysicsWorld::PhysicsWorld(PhysicsWorld&&) noexcept = default;
PhysicsWorld& PhysicsWorld::operator=(PhysicsWorld&&) noexcept = default;

int PhysicsWorld::avatar_count() const { return static_cast<int>(implementation_->avatars.size()); }

void PhysicsWorld::set_action(int index, const Action& action) {
  implementation_->actions[static_cast<std::size_t>(index)] = action;
}

void PhysicsWorld::substep(float seconds) {
  Implementation& self = *implementation_;
  for (std::size_t i = 0; i < self.avatars.size(); ++i) self.prepare(i, seconds);
  self.world.substep(seconds, self.body_pointers);
  for (std::size_t i = 0; i < self.avatars.size(); ++i) self.read_back(i);
  self.find_footing(seconds);
}

const AvatarState& PhysicsWorld::avatar(int index) const {
  return implementation_->avatars[static_cast<std::size_t>(index)];
}

float PhysicsWorld::deepest_penetration() const {
  const Implementation& self = *implementation_;
  std::array<Contact, kMaximumTerrainContacts> contacts;
  float deepest = 0.0F;
  for (const AvatarState& avatar : self.avatars) {
    const Capsule capsule = standing_capsule(avatar.feet, avatar.height());
    const int count = terrain_contacts(self.task.terrain, capsule, Vec3::Zero(), 0.0F, contacts);
    for (int i = 0; i < count; ++i) deepest = std::max(deepest, -contacts[static_cast<std::size_t>(i)].distance);
    for (const Obstacle& box : self.boxes)
      if (box_contact(box.center, box.half_extents, std::cos(box.yaw), std::sin(box.yaw), capsule, 0.0F, contacts[0]))
        deepest = std::max(deepest, -contacts[0].distance);
  }
  return deepest;
}

std::uint64_t PhysicsWorld::state_hash() const {
  std::uint64_t hash = 0;
  for (const AvatarState& a : implementation_->avatars) {
    const float values[] = {a.feet.x(),
                            a.feet.y(),
                            a.feet.z(),
                            a.velocity.x(),
                            a.velocity.y(),
                            a.velocity.z(),
                            a.yaw,
                            a.on_ground ? 1.0F : 0.0F,
                            a.crouching ? 1.0F : 0.0F};
    hash = XXH3_64bits_withSeed(values, sizeof values, hash);
  }
  return hash;
}

}  // namespace medal
