#pragma once

#include <cstdint>
#include <cstdio>
#include <deque>
#include <string>

#include "agents/scores/evaluation_result.h"
#include "agents/scores/probe_result.h"
#include "agents/training/config.h"
#include "agents/training/iteration_report.h"

namespace medal {

/// What a person sees while training: a block that is drawn over itself on a terminal, else a plain line now and then.
class ProgressDisplay {
 public:
  ProgressDisplay(std::FILE* out, const RunOptions& run, std::string run_name, int ranks);

  void show(const IterationReport& report);
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
    PhaseSeconds phases;
    EpisodeStatistics episodes;
  };
  Recent recent() const;
  std::string plain_line(const IterationReport& report) const;
  std::string block(const IterationReport& report) const;
  void erase_block();

  std::FILE* out_;
  bool terminal_;
  RunOptions run_;
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

/// The table of CT and raw scores at the end of a run.
std::string evaluation_table(const EvaluationResult& result);
/// The same for a probe.
std::string probe_table(const ProbeResult& result);

}  // namespace medal
