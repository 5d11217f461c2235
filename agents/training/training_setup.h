#pragma once

#include <memory>

#include "agents/checkpoint/checkpoint.h"
#include "agents/training/training_config.h"
#include "sim/episode/batched_environment.h"

namespace medal {

class Network;

/// What can be known before the ranks start: throws UserError where the worlds cannot be split over that many ranks, or
/// the device is not there.
void check_trainable(const TrainingConfig& config, int ranks);

// What a trainer on one of `ranks` ranks is made from.

/// Random parameters, or those of `initial_agent`, on the run's device.
std::shared_ptr<Network> make_network(const TrainingConfig& config, const Checkpoint* initial_agent);
/// Worlds of a rank.
int worlds_of(const TrainingConfig& config, int ranks);
/// Groups that a rank's worlds are stepped in.
int groups_of(const TrainingConfig& config, int ranks);
EnvironmentOptions environment_of(const TrainingConfig& config, int ranks);

}  // namespace medal
