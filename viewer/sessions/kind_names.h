#pragma once

#include "sim/task/task_parameters.h"

namespace medal {

/// The words for them, as users write them.
constexpr std::string_view name_of(ExpertKind kind) { return kExpertNames[static_cast<std::size_t>(kind)]; }
constexpr std::string_view name_of(PresenceKind kind) { return kPresenceNames[static_cast<std::size_t>(kind)]; }

}  // namespace medal
