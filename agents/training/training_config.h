#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "agents/learner/learner_options.h"
#include "agents/network/network_options.h"
#include "curriculum/curriculum.h"
#include "sim/episode/batched_environment.h"

namespace medal {

/// What one training run is, over all ranks.
struct TrainingOptions {
  int seed = 1;
  std::int64_t steps = 12'000'000;
  std::int64_t schedule_steps = 0;
  double minutes = 0.0;
  int learners = 128;
  std::string device = "cpu";
  int groups = 0;
  bool overlap = false;
};

template <class Visitor>
void describe(TrainingOptions& o, Visitor&& visit) {
  visit(Field{"seed", "", 0, 2147483647, "Seed of everything random in the run."}, o.seed);
  visit(Field{"steps", "", 1, 1e15, "Learner steps to train for, over all ranks."}, o.steps);
  visit(Field{"schedule_steps", "", 0, 1e15,
              "Learner steps that the learning rate and what falls with it take to their last values; 0: run.steps."},
        o.schedule_steps);
  visit(
      Field{
          "minutes", "min", 0, 1e6,
          "Save and stop after this long in one sitting, 0 for no limit; a resumed run takes what --resume is given."},
      o.minutes);
  visit(Field{"learners", "", 1, 1048576, "Learners in total, over all ranks."}, o.learners);
  visit(Field{"device", "", 0, 0, "cpu, cuda, or cuda:N."}, o.device);
  visit(Field{"groups", "", 0, 64,
              "Groups of worlds that take turns on each rank: while the actions of one are chosen, threads step the "
              "others. No result depends on it but for rounding on a GPU. 0: two on a GPU, else one."},
        o.groups);
  visit(Field{"overlap", "", 0, 1,
              "Plays each unroll while a GPU still learns from the one before, so that neither waits; the policy that "
              "plays is one update behind."},
        o.overlap);
}

/// Over how many learner steps the learner's schedules go.
inline std::int64_t scheduled_steps(const TrainingOptions& run) {
  return run.schedule_steps > 0 ? run.schedule_steps : run.steps;
}

/// Where the network computes.
struct DeviceName {
  bool cuda = false;
  std::optional<int> index;  ///< of the GPU; none: the one that a launcher gave this rank
};

/// "cpu", "cuda" or "cuda:N", N from 0 to 999. Throws OptionError (run.device) for anything else.
DeviceName parse_device(const std::string& text);

/// Everything that a trainer is made from.
struct TrainingConfig {
  TrainingOptions run;
  TaskDistribution task;
  CurriculumOptions curriculum;
  AdrOptions adr;
  EnvironmentOptions environment;
  NetworkOptions network;
  LearnerOptions learner;
};

}  // namespace medal
