#include "experiments/bench/plain_bullet.h"

#include <btBulletDynamicsCommon.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "sim/lidar/ray_direction.h"
#include "sim/physics/contacts.h"
#include "sim/physics/terrain_shape.h"

namespace medal {
namespace {

constexpr int kSolids = 1, kGoals = 2, kAvatars = 4, kRays = 8;
constexpr float kGravity = 9.81F;

enum class Role { solid, goal, avatar };

/// What a collision object stands for; Bullet's user pointer leads here.
struct Tag {
  Role role = Role::solid;
  int index = 0;
  SolidKind kind = SolidKind::terrain;
};

btVector3 to_bullet(const Vec3& v) { return {v.x(), v.y(), v.z()}; }
Vec3 from_bullet(const btVector3& v) { return {v.x(), v.y(), v.z()}; }

/// Keeps the nearest solid, goal and avatar of one ray; only solids shorten it.
struct NearestOfEach final : btCollisionWorld::RayResultCallback {
  float solid = 1, goal = 1, avatar = 1;
  SolidKind kind = SolidKind::terrain;
  int goal_index = -1;
  const Task* task = nullptr;
  Vec3 eye;

  NearestOfEach() { m_collisionFilterGroup = kRays; }
  bool needsCollision(btBroadphaseProxy* proxy) const override {
    const auto* object = static_cast<const btCollisionObject*>(proxy->m_clientObject);
    const Tag& tag = *static_cast<const Tag*>(object->getUserPointer());
    if (tag.role == Role::avatar) return tag.index == 0;
    if (tag.role == Role::solid) return true;
    const Goal& sphere = task->goals[static_cast<std::size_t>(tag.index)];
    return (sphere.center - eye).squaredNorm() > sphere.radius * sphere.radius;
  }
  btScalar addSingleResult(btCollisionWorld::LocalRayResult& result, bool) override {
    const Tag& tag = *static_cast<const Tag*>(result.m_collisionObject->getUserPointer());
    const float fraction = result.m_hitFraction;
    if (tag.role == Role::solid && fraction < solid) {
      solid = m_closestHitFraction = fraction;
      kind = tag.kind;
      m_collisionObject = result.m_collisionObject;
    } else if (tag.role == Role::goal && fraction < goal) {
      goal = fraction;
      goal_index = tag.index;
    } else if (tag.role == Role::avatar) {
      avatar = std::min(avatar, fraction);
    }
    return m_closestHitFraction;
  }
};

}  // namespace

struct PlainBulletWorld::Implementation {
  Implementation(const Task& played, int learners, const LidarOptions& options);
  ~Implementation() {
    for (auto& object : objects) world.removeCollisionObject(object.get());
  }
  void add_static(std::unique_ptr<btCollisionShape> shape, const btTransform& pose, const Tag& tag);
  void add_terrain();
  void add_avatar(const Spawn& spawn, int index);
  RayHit cast(const btVector3& eye, const btVector3& direction) const;

  const Task& task;
  LidarOptions lidar;
  btDefaultCollisionConfiguration configuration;
  btCollisionDispatcher dispatcher{&configuration};
  btDbvtBroadphase broadphase;
  btSequentialImpulseConstraintSolver solver;
  btDiscreteDynamicsWorld world{&dispatcher, &broadphase, &solver, &configuration};
  btCapsuleShapeZ capsule{kAvatar.radius, kAvatar.height - 2 * kAvatar.radius};
  std::vector<std::unique_ptr<btCollisionShape>> shapes;
  std::vector<std::unique_ptr<Tag>> tags;
  std::vector<std::unique_ptr<btCollisionObject>> objects;
  std::vector<btRigidBody*> avatars;
  std::vector<AvatarState> states;
  std::vector<Action> actions;
  std::vector<RayHit> hits;
};

PlainBulletWorld::Implementation::Implementation(const Task& played, int learners, const LidarOptions& options)
    : task(played), lidar(options), hits(static_cast<std::size_t>(options.rays())) {
  world.setGravity(btVector3(0, 0, -kGravity));
  add_terrain();
  std::vector<Obstacle> boxes = task.obstacles;
  for (const Obstacle& wall : wall_boxes(task.terrain.half_size())) boxes.push_back(wall);
  for (const Obstacle& box : boxes) {
    const btTransform pose(btQuaternion(btVector3(0, 0, 1), box.yaw), to_bullet(box.center));
    add_static(std::make_unique<btBoxShape>(to_bullet(box.half_extents)), pose, {Role::solid, 0, box.kind});
  }
  for (std::size_t g = 0; g < task.goals.size(); ++g)
    add_static(std::make_unique<btSphereShape>(task.goals[g].radius),
               btTransform(btQuaternion::getIdentity(), to_bullet(task.goals[g].center)),
               {Role::goal, static_cast<int>(g), SolidKind::terrain});
  add_avatar(task.expert_spawn, 0);
  for (int k = 0; k < learners; ++k) add_avatar(task.learner_spawns[static_cast<std::size_t>(k)], k + 1);
  actions.resize(avatars.size());
}

void PlainBulletWorld::Implementation::add_static(std::unique_ptr<btCollisionShape> shape, const btTransform& pose,
                                                  const Tag& tag) {
  auto object = std::make_unique<btCollisionObject>();
  object->setCollisionShape(shape.get());
  object->setWorldTransform(pose);
  object->setCollisionFlags(btCollisionObject::CF_STATIC_OBJECT);
  tags.push_back(std::make_unique<Tag>(tag));
  object->setUserPointer(tags.back().get());
  const bool goal = tag.role == Role::goal;
  world.addCollisionObject(object.get(), goal ? kGoals : kSolids, goal ? kRays : (kAvatars | kRays));
  shapes.push_back(std::move(shape));
  objects.push_back(std::move(object));
}

void PlainBulletWorld::Implementation::add_terrain() {
  TerrainShape ground(task.terrain);
  add_static(std::move(ground.shape), ground.pose, {Role::solid, 0, SolidKind::terrain});
}

void PlainBulletWorld::Implementation::add_avatar(const Spawn& spawn, int index) {
  btRigidBody::btRigidBodyConstructionInfo info(kAvatar.mass, nullptr, &capsule, btVector3(0, 0, 0));
  info.m_startWorldTransform.setIdentity();
  info.m_startWorldTransform.setOrigin(to_bullet(spawn.feet + Vec3(0, 0, 0.5F * kAvatar.height)));
  auto body = std::make_unique<btRigidBody>(info);
  body->setAngularFactor(0);
  body->setActivationState(DISABLE_DEACTIVATION);
  tags.push_back(std::make_unique<Tag>(Tag{Role::avatar, index, SolidKind::terrain}));
  body->setUserPointer(tags.back().get());
  world.addRigidBody(body.get(), kAvatars, kSolids | kRays);
  avatars.push_back(body.get());
  states.emplace_back();
  states.back().feet = spawn.feet;
  states.back().yaw = spawn.yaw;
  objects.push_back(std::move(body));
}

RayHit PlainBulletWorld::Implementation::cast(const btVector3& eye, const btVector3& direction) const {
  NearestOfEach nearest;
  nearest.task = &task;
  nearest.eye = from_bullet(eye);
  world.rayTest(eye, eye + direction * lidar.range, nearest);
  RayHit hit;
  if (nearest.solid < 1) {
    hit.solid_distance = nearest.solid * lidar.range;
    hit.solid = nearest.kind;
  }
  if (nearest.goal < nearest.solid) {
    hit.goal_distance = nearest.goal * lidar.range;
    hit.goal = nearest.goal_index;
  }
  if (nearest.avatar < nearest.solid) hit.avatar_distance = nearest.avatar * lidar.range;
  return hit;
}

PlainBulletWorld::PlainBulletWorld(const Task& task, int learners, const LidarOptions& lidar)
    : implementation_(std::make_unique<Implementation>(task, learners, lidar)) {}
PlainBulletWorld::~PlainBulletWorld() = default;

void PlainBulletWorld::step(std::span<const Action> actions) {
  Implementation& self = *implementation_;
  const int substeps = self.task.parameters.substeps;
  const float seconds = 1.0F / (self.task.parameters.control_rate * static_cast<float>(substeps));
  std::copy(actions.begin(), actions.end(), self.actions.begin());
  for (std::size_t i = 0; i < self.avatars.size(); ++i) {
    const Action& action = actions[i];
    btRigidBody& body = *self.avatars[i];
    float& yaw = self.states[i].yaw;
    yaw = std::remainder(yaw + action.turn * kAvatar.turn_rate * seconds * static_cast<float>(substeps), 6.2831853F);
    const btVector3 wish(action.forward, action.strafe, 0);
    btVector3 velocity = wish.rotate(btVector3(0, 0, 1), yaw) * kAvatar.speed;
    velocity.setZ(action.jump > 0 ? kAvatar.jump_speed : body.getLinearVelocity().z());
    body.setLinearVelocity(velocity);
  }
  for (int s = 0; s < substeps; ++s) self.world.stepSimulation(seconds, 0);
  for (std::size_t i = 0; i < self.avatars.size(); ++i) {
    self.states[i].feet =
        from_bullet(self.avatars[i]->getWorldTransform().getOrigin()) - Vec3(0, 0, 0.5F * kAvatar.height);
    self.states[i].velocity = from_bullet(self.avatars[i]->getLinearVelocity());
  }
}

void PlainBulletWorld::observe(int learner, std::span<float> out) {
  Implementation& self = *implementation_;
  const auto index = static_cast<std::size_t>(learner) + 1;
  const AvatarState& avatar = self.states[index];
  const btVector3 eye = to_bullet(avatar.eye());
  for (int ray = 0; ray < self.lidar.rays(); ++ray)
    self.hits[static_cast<std::size_t>(ray)] = self.cast(eye, to_bullet(ray_direction(self.lidar, ray, avatar.yaw)));
  write_observation(self.lidar, self.task, self.hits, {.avatar = avatar, .last_action = self.actions[index]}, out);
}

}  // namespace medal
