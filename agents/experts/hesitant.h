#pragma once

#include <cstdint>
#include <memory>

#include "sim/episode/player.h"

namespace medal {

/// `player` as a person's hand would steer it: about every four seconds it stands still for a moment, or swerves off
/// its way for a moment where no goal is near. It enters what `player` would enter, later. Random(seed) draws when.
std::unique_ptr<Player> hesitant(std::unique_ptr<Player> player, std::uint64_t seed);

}  // namespace medal
