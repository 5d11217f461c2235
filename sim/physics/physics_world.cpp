#include "sim/physics/physics_world.h"

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "sim/physics/avatar_motor.h"
#include "sim/physics/bullet_vectors.h"
#include "sim/physics/bullet_world.h"
#include "sim/physics/contacts.h"

namespace medal {

namespace {

constexpr float kFastest = 11.0F;     // m/s: a fall from twice the highest jump, at top speed
constexpr float kLeastReach = 0.25F;  // m ahead that contacts are found
constexpr float kGroundTolerance = 0.02F;
constexpr float kStickTolerance = 0.1F;  // m that feet reach down to keep the ground

float contact_reach(const Task& task) {
  const float seconds = 1.0F / (task.parameters.control_rate * static_cast<float>(task.parameters.substeps));
  return std::max(kLeastReach, kFastest * seconds);
}

}  // namespace

struct PhysicsWorld::Implementation {
  Implementation(const Task& played, std::span<const Spawn> spawns, NarrowPhase narrow_phase)
      : task(played), bullet(played, contact_reach(played), narrow_phase == NarrowPhase::analytic) {
    for (const Spawn& spawn : spawns) {
      bullet.add_body(spawn.feet);
      AvatarState avatar;
      avatar.feet = spawn.feet;
      avatar.yaw = spawn.yaw;
      avatars.push_back(avatar);
    }
    footings.resize(spawns.size());
    actions.resize(spawns.size());
  }

  void set_crouching(std::size_t index, bool crouch);
  bool has_headroom(const AvatarState& avatar) const;
  void prepare(std::size_t index, float seconds);
  void read_back(std::size_t index);
  void find_footing(float seconds);

  const Task& task;
  BulletWorld bullet;
  std::vector<AvatarState> avatars;
  std::vector<Footing> footings;
  std::vector<Action> actions;
};

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
  bullet.set_crouching(index, avatar.feet, crouch);
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
  bullet.body(index).setLinearVelocity(to_bullet(velocity));
}

void PhysicsWorld::Implementation::read_back(std::size_t index) {
  const btRigidBody& body = bullet.body(index);
  AvatarState& avatar = avatars[index];
  avatar.velocity = from_bullet(body.getLinearVelocity());
  avatar.feet = from_bullet(body.getWorldTransform().getOrigin()) - Vec3(0, 0, 0.5F * avatar.height());
}

/// Reads the substep's contacts. A contact holds when its surfaces are together after the step.
void PhysicsWorld::Implementation::find_footing(float seconds) {
  const float least_upright = std::cos(kAvatar.max_slope);
  for (std::size_t i = 0; i < avatars.size(); ++i) footings[i] = Footing{};
  for (const btPersistentManifold* manifold : bullet.manifolds()) {
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
  self.bullet.substep(seconds);
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
    for (const Obstacle& box : self.bullet.boxes())
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
