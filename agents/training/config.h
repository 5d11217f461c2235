#pragma once

#include <cstdint>
#include <string>

#include "agents/learner/learner_options.h"
#include "agents/network/network_options.h"
#include "agents/scores/evaluation_options.h"
#include "curriculum/curriculum.h"
#include "sim/episode/batched_environment.h"

namespace medal {

struct RunOptions {
  int seed = 1;
  std::int64_t steps = 12'000'000;
  double minutes = 0.0;
  int learners = 128;
  double checkpoint_minutes = 2.0;
  int keep_checkpoints = 3;
  std::int64_t evaluate_every = 0;
  std::string device = "cpu";
  bool report = true;
  std::string initial_agent;
};

template <class Visitor>
void describe(RunOptions& o, Visitor&& visit) {
  visit(Field{"seed", "", 0, 2147483647, "Seed of everything random in the run."}, o.seed);
  visit(Field{"steps", "", 1, 1e15, "Learner steps to train for, over all ranks."}, o.steps);
  visit(Field{"minutes", "min", 0, 1e6, "Stop after this long, 0 for no limit; --resume goes on."}, o.minutes);
  visit(Field{"learners", "", 1, 1048576, "Learners in total, over all ranks."}, o.learners);
  visit(Field{"checkpoint_minutes", "min", 0.01, 1e6, "Time between checkpoints."}, o.checkpoint_minutes);
  visit(Field{"keep_checkpoints", "", 1, 1000, "Newest checkpoints that are kept."}, o.keep_checkpoints);
  visit(Field{"evaluate_every", "", 0, 1e15, "Learner steps between short held-out evaluations, 0 for none."},
        o.evaluate_every);
  visit(Field{"device", "", 0, 0, "cpu, cuda, or cuda:N."}, o.device);
  visit(Field{"report", "", 0, 1, "Draw the run's pictures at its end; `medal report` draws them at any time."},
        o.report);
  visit(Field{"initial_agent", "", 0, 0,
              "Checkpoint, run or exported agent whose network a fresh run begins with; empty for a random one."},
        o.initial_agent);
}

/// Everything that a run is made from. Sections of the TOML file carry the members' names; [task] and [evaluation.task]
/// hold knobs, each a value, {low, high}, {from, to, begin, end} or {adr_low, adr_high, low, high, step}.
struct Config {
  RunOptions run;
  TaskDistribution task;  ///< training
  CurriculumOptions curriculum;
  AdrOptions adr;
  EnvironmentOptions environment;
  NetworkOptions network;
  LearnerOptions learner;
  EvaluationOptions evaluation;
  TaskDistribution evaluation_task;  ///< held-out; no schedule or adr knobs
};

/// Visits the sections that are plain options structs, as visit_section(name, struct).
template <class Visitor>
void describe_sections(Config& config, Visitor&& visit_section) {
  visit_section("run", config.run);
  visit_section("curriculum", config.curriculum);
  visit_section("adr", config.adr);
  visit_section("environment", config.environment);
  visit_section("lidar", config.environment.lidar);
  visit_section("network", config.network);
  visit_section("learner", config.learner);
  visit_section("evaluation", config.evaluation);
}

}  // namespace medal
