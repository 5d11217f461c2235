#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "sim/task/action.h"
#include "sim/task/avatar.h"
#include "sim/task/task.h"

namespace medal {

/// One Bullet dynamics world: the task's terrain, obstacles and walls, and some avatars that do not collide with each
/// other. Built anew for each episode (restoring a Bullet world in place is not bit-identical).
class PhysicsWorld {
 public:
  /// Which narrow phase finds the avatars' contacts: our analytic one or Bullet's own (the reference; also what
  /// `medal bench sim` calls the plain way).
  enum class NarrowPhase { analytic, bullet };

  PhysicsWorld(const Task& task, std::span<const Spawn> spawns, NarrowPhase narrow_phase = NarrowPhase::analytic);
  ~PhysicsWorld();
  PhysicsWorld(PhysicsWorld&&) noexcept;
  PhysicsWorld& operator=(PhysicsWorld&&) noexcept;

  int avatar_count() const;
  /// Sets what avatar `index` wants until the next call.
  void set_action(int index, const Action& action);
  /// One fixed physics step of `seconds`: motors, Bullet, ground test. No allocation in steady state.
  void substep(float seconds);
  /// Everything but inside_goal, which the episode owns.
  const AvatarState& avatar(int index) const;
  /// Deepest penetration (m, >= 0) of any avatar into solids now.
  float deepest_penetration() const;
  /// xxHash of the exact positions, velocities, yaws and flags of all avatars.
  std::uint64_t state_hash() const;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace medal
