#pragma once

#include <cstdint>
#include <cstdio>
#include <deque>
#include <string>

#include "agents/scores/evaluation_result.h"
#include "agents/training/iteration_result.h"
#include "agents/training/training_config.h"

namespace medal {

/// What a person sees while training: a block that is drawn over itself on a terminal, else a plain line now and then.
class ProgressDisplay {
 public:
  ProgressDisplay(std::FILE* out, const TrainingOptions& run, std::string run_name, int ranks);

  void show(const IterationResult& result);
  /// A held-out evaluation, shown from now on.
  void show_evaluation(std::int64_t steps, const EvaluationResult& result);
  /// A line that stays.
  void say(const std::string& line);
  /// Leaves the last block standing.
  void finish();

 private:
  /// Sums over the last iterations, so that numbers do not flicker.
  struct Recent {
    std::int64_t steps = 0;
    double seconds = 0;
    NamedNumbers time;
    NamedMeans episodes;
  };
  Recent recent() const;
  std::string plain_line(const IterationResult& result) const;
  std::string block(const IterationResult& result) const;
  void erase_block();

  std::FILE* out_;
  bool terminal_;
  TrainingOptions run_;
  std::string run_name_;
  int ranks_;
  std::deque<Recent> window_;
  double shown_at_ = -1e9;
  int block_lines_ = 0;
  std::int64_t last_steps_ = 0;
  double last_elapsed_ = 0;
  std::string evaluation_;
};

/// "6 min 52 s"
std::string duration_text(double seconds);

}  // namespace medal
