#pragma once

#include "agents/agent/agent.h"
#include "sim/episode/player.h"

namespace medal {

/// Experts that act as this agent does on what it senses in the expert's place, each with a memory of its own, which
/// begins empty. They see nobody. Thread-safe, and what they do depends on no thread.
ExpertFactory agent_experts(const Agent& agent);

}  // namespace medal
