#pragma once

#include <memory>
#include <string>

#include "agents/evaluation/play_episodes.h"
#include "curriculum/distribution/task_distribution.h"
#include "experiments/runs/loaded_agent.h"
#include "sim/lidar/lidar.h"

namespace medal {

/// Whose card it is.
struct Subject {
  std::string title;  ///< such as "medal after 30.0 M steps"
  Seats seats;        ///< it plays all learners
  LidarOptions lidar;
  float control_rate = 10.0F;  ///< Hz, that it is used to
  int substeps = 4;
  TaskDistribution trained;                      ///< what it met in training
  std::shared_ptr<const Agent> agent = nullptr;  ///< null for a bot
  bool sample_actions = true;
};

/// An agent, whose actions are drawn as `medal eval` draws them.
Subject agent_subject(const std::string& name, const LoadedAgent& agent);
/// The bot of that kind in the learners' seats. It knows the order and looks at nobody: the card of somebody who needs
/// no expert.
Subject bot_subject(ExpertKind kind);

/// Between what training drew a numeric knob from, over all its steps. A fixed knob has both ends alike; an ADR knob
/// those of its limits.
KnobRange trained_range(const TaskDistribution& trained, const std::string& knob);

}  // namespace medal
