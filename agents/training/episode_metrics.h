#pragma once

#include <span>

#include "sim/base/named_numbers.h"
#include "sim/episode/batched_environment.h"

namespace medal {

/// The metrics of training episodes that ended: means over the episodes or over their learners, by their names in
/// metrics.jsonl. A metric more is one line here.
NamedMeans episode_metrics(std::span<const EpisodeResult> results);

}  // namespace medal
