#pragma once

#include "sim/base/options.h"

namespace medal {

/// Held-out evaluation. Tasks come from a seed domain that training never draws from.
struct EvaluationOptions {
  int tasks = 256;
  int seed = 0;
  double minimum_expert_score = 5.0;
  double leave_seconds = 0.0;
  int bootstrap_samples = 2000;
  bool sample_actions = true;
};

template <class Visitor>
void describe(EvaluationOptions& o, Visitor&& visit) {
  visit(Field{"tasks", "", 1, 1000000, "Held-out tasks."}, o.tasks);
  visit(Field{"seed", "", 0, 2147483647, "Shifts the held-out tasks."}, o.seed);
  visit(Field{"minimum_expert_score", "", -1e6, 1e6, "Tasks whose expert scores less are rejected and counted."},
        o.minimum_expert_score);
  visit(Field{"leave_seconds", "s", 0, 600, "When the expert leaves under half presence; 0: at half-time."},
        o.leave_seconds);
  visit(Field{"bootstrap_samples", "", 10, 1000000, "Resamples of the 95 % intervals."}, o.bootstrap_samples);
  visit(Field{"sample_actions", "", 0, 1, "Sample actions from the policy (else take the most likely)."},
        o.sample_actions);
}

}  // namespace medal
