#pragma once

#include <cstdint>
#include <string>

#include "agents/scores/evaluation_options.h"
#include "agents/training/training_config.h"

namespace medal {

/// The section of the held-out tasks.
inline constexpr const char* kEvaluationTask = "evaluation.task";

/// What the program does with a run while it trains and when it has trained.
struct ProgramOptions {
  double checkpoint_minutes = 0.5;
  int keep_checkpoints = 3;
  std::int64_t evaluate_every = 0;
  int evaluate_tasks = 64;
  double enough_full = 0.0, enough_half = 0.0;
  bool report = true;
  std::string initial_agent;
};

template <class Visitor>
void describe(ProgramOptions& o, Visitor&& visit) {
  visit(Field{"checkpoint_minutes", "min", 0.01, 1e6,
              "Time between checkpoints: what a process loses at most that is killed without a word."}
            .in_older_files(2.0),
        o.checkpoint_minutes);
  visit(Field{"keep_checkpoints", "", 1, 1000, "Newest checkpoints that are kept."}, o.keep_checkpoints);
  visit(Field{"evaluate_every", "", 0, 1e15, "Learner steps between short held-out evaluations, 0 for none."},
        o.evaluate_every);
  visit(Field{"evaluate_tasks", "", 1, 1e6, "Tasks of a short evaluation, at most evaluation.tasks."},
        o.evaluate_tasks);
  visit(
      Field{"enough_full", "", 0, 10,
            "Training ends when a short evaluation reaches this full / E and enough_half; 0: it goes on to its steps."},
      o.enough_full);
  visit(Field{"enough_half", "", 0, 10, "As enough_full, of half / E."}, o.enough_half);
  visit(Field{"report", "", 0, 1, "Draw the run's pictures at its end; `medal report` draws them at any time."},
        o.report);
  visit(Field{"initial_agent", "", 0, 0,
              "Checkpoint, run or exported agent whose network a fresh run begins with; empty for a random one."},
        o.initial_agent);
}

/// Everything that a run of the program is made from: what its trainer knows, and what comes after. Sections of the
/// TOML file carry the members' names, but `program`, whose keys are in [run] too; [task] and [evaluation.task] hold
/// knobs, each as read_knob takes it.
struct Config : TrainingConfig {
  ProgramOptions program;
  EvaluationOptions evaluation;
  TaskDistribution evaluation_task;  ///< held-out; no schedule or adr knobs
};

/// [run]: the trainer's options and the program's.
struct RunSection {
  TrainingOptions& training;
  ProgramOptions& program;
};

template <class Visitor>
void describe(RunSection& section, Visitor&& visit) {
  describe(section.training, visit);
  describe(section.program, visit);
}

/// Visits all sections in the order of the written file, as visit_section(name, options): structs that describe()
/// knows, and the TaskDistributions of [task] and [evaluation.task].
template <class Visitor>
void describe_sections(Config& config, Visitor&& visit_section) {
  RunSection run{config.run, config.program};
  visit_section("run", run);
  visit_section("task", config.task);
  visit_section("curriculum", config.curriculum);
  visit_section("adr", config.adr);
  visit_section("environment", config.environment);
  visit_section("lidar", config.environment.lidar);
  visit_section("network", config.network);
  visit_section("learner", config.learner);
  visit_section("evaluation", config.evaluation);
  visit_section(kEvaluationTask, config.evaluation_task);
}

}  // namespace medal
