#include "experiments/training/training_run.h"

#include <ATen/ops/tensor.h>
#include <fmt/format.h>
#include <signal.h>

#include <chrono>
#include <optional>
#include <set>

#include "agents/checkpoint/checkpoint.h"
#include "agents/evaluation/evaluation.h"
#include "agents/layers/math_threads.h"
#include "agents/training/trainer.h"
#include "experiments/config/config_file.h"
#include "experiments/metrics/metrics_log.h"
#include "experiments/metrics/metrics_row.h"
#include "experiments/plots/plots.h"
#include "experiments/training/progress.h"
#include "experiments/training/score_tables.h"
#include "sim/base/atomic_file.h"
#include "sim/base/error.h"
#include "sim/base/version.h"

namespace medal {
namespace {

using Clock = std::chrono::steady_clock;

volatile sig_atomic_t interrupted = 0;  // the one thing a signal handler may touch

void catch_signals() {
  struct sigaction action {};
  action.sa_handler = [](int) { interrupted = 1; };
  for (int signal : {SIGINT, SIGTERM}) ::sigaction(signal, &action, nullptr);
  struct sigaction ignore {};
  ignore.sa_handler = SIG_IGN;
  ::sigaction(SIGXFSZ, &ignore, nullptr);  // a full disk is an error to report, not an end
}

BatchPolicy evaluated_policy(Trainer& trainer, const Config& config) {
  const Agent agent(trainer.network(), config.environment.lidar);
  return agent_policy(agent, config.evaluation.sample_actions, kPolicySeed);
}

double seconds_since(Clock::time_point when) { return std::chrono::duration<double>(Clock::now() - when).count(); }

/// What rank 0 alone does: everything that a person sees or a file holds.
class Scribe {
 public:
  Scribe(const TrainingRequest& request, std::int64_t steps, int ranks)
      : request_(request),
        metrics_(request.folder.path(), request.resume ? steps : -1),
        display_(stdout, request.config.run, request.folder.path().string(), ranks) {}

  void record(const IterationResult& result) {
    metrics_.write(metrics_row(result));
    display_.show(result);
  }

  EvaluationResult evaluate_now(Trainer& trainer, int tasks) {
    EvaluationOptions options = request_.config.evaluation;
    options.tasks = tasks;
    const EvaluationResult result =
        evaluate(evaluated_policy(trainer, request_.config), request_.config.evaluation_task, options,
                 request_.config.environment.lidar);
    metrics_.write(evaluation_row(trainer.steps(), result));
    write_file_atomically(request_.folder.evaluation_file(trainer.steps()), evaluation_to_json(result));
    return result;
  }

  ProgressDisplay& display() { return display_; }

 private:
  const TrainingRequest& request_;
  MetricsLog metrics_;
  ProgressDisplay display_;
};

/// Rank 0 decides by its clock, all follow.
bool agree(Communicator& communicator, bool wanted) {
  at::Tensor flag = at::tensor({static_cast<std::int64_t>(wanted)});
  communicator.broadcast(flag);
  return flag.item<std::int64_t>() != 0;
}

/// On rank 0 alone, from which all take it: a run that is going on may write another checkpoint meanwhile. A resumed
/// run has its own.
std::optional<Checkpoint> open_initial_agent(const TrainingRequest& request, const Communicator& communicator) {
  const std::string& file = request.config.program.initial_agent;
  if (request.resume || file.empty() || communicator.rank() != 0) return std::nullopt;
  return Checkpoint(file);
}

class TrainingRun {
 public:
  TrainingRun(const TrainingRequest& request, Communicator& communicator)
      : request_(request),
        communicator_(communicator),
        initial_agent_(open_initial_agent(request, communicator)),
        trainer_(request.config, communicator, initial_agent_ ? &*initial_agent_ : nullptr) {
    if (request.resume) {
      const auto why_not = trainer_.resume(Checkpoint(request.folder.newest_checkpoint()));
      const std::vector<std::string> reasons = communicator.all_gather(why_not.value_or(""));
      if (communicator.rank() == 0)
        for (const std::string& reason : std::set<std::string>(reasons.begin(), reasons.end()))
          if (!reason.empty()) fmt::print("live episodes cannot be taken up again: {}; new ones begin\n", reason);
      saved_at_ = trainer_.steps();
    }
    if (communicator.rank() != 0) return;
    lock_ = request.folder.open_for_training(config_toml());  // a resumed run may have new options
    scribe_.emplace(request, trainer_.steps(), communicator.size());
  }

  int run() {
    if (scribe_) greet();
    StopReason reason = StopReason::none;
    while (!skilled_ && (reason = trainer_.should_stop(interrupted != 0)) == StopReason::none) {
      const IterationResult result = trainer_.iterate();
      if (scribe_ && result.finite) scribe_->record(result);
      if (result.finite && agree(communicator_, checkpoint_is_due())) save();
      if (evaluation_is_due(result.steps)) evaluate_shortly();
    }
    return finish(reason);
  }

 private:
  void greet() const {
    fmt::print("training {} on {} rank{} from {:.2f} M to {:.2f} M steps, with {}; Ctrl-C saves and stops\n",
               request_.folder.path().string(), communicator_.size(), communicator_.size() == 1 ? "" : "s",
               static_cast<double>(trainer_.steps()) / 1e6, static_cast<double>(request_.config.run.steps) / 1e6,
               blas_name());
    if (initial_agent_) fmt::print("beginning with the network of {}\n", request_.config.program.initial_agent);
    std::fflush(stdout);
  }

  std::string config_toml() const { return config_to_toml(request_.config); }

  bool checkpoint_is_due() const {
    return seconds_since(saved_when_) >= 60.0 * request_.config.program.checkpoint_minutes;
  }

  bool evaluation_is_due(std::int64_t steps) const {
    const TrainingOptions& run = request_.config.run;
    const std::int64_t every = request_.config.program.evaluate_every;
    const std::int64_t iteration_steps = std::int64_t{run.learners} * request_.config.learner.unroll;
    return every > 0 && steps < run.steps && steps / every != (steps - iteration_steps) / every;
  }

  void evaluate_shortly() {
    if (scribe_) {
      const int tasks = std::min(request_.config.program.evaluate_tasks, request_.config.evaluation.tasks);
      try {
        const EvaluationResult result = scribe_->evaluate_now(trainer_, tasks);
        scribe_->display().show_evaluation(trainer_.steps(), result);
        skilled_ = is_enough(result);
      } catch (const UserError& error) {  // no reason to stop training
        scribe_->display().say(std::string("medal: not evaluated: ") + error.what());
      }
    }
    skilled_ = agree(communicator_, skilled_);
  }

  bool is_enough(const EvaluationResult& result) const {
    const ProgramOptions& program = request_.config.program;
    return (program.enough_full > 0 || program.enough_half > 0) && result.full_share.mean >= program.enough_full &&
           result.half_share.mean >= program.enough_half;
  }

  void save() {
    const std::filesystem::path file = request_.folder.checkpoint_file(trainer_.steps());
    trainer_.save(file, config_toml(), program_version());
    if (scribe_) request_.folder.publish_checkpoint(file, request_.config.program.keep_checkpoints);
    saved_when_ = Clock::now();
    saved_at_ = trainer_.steps();
  }

  int finish(StopReason reason) {
    if (reason != StopReason::not_finite && saved_at_ != trainer_.steps()) save();
    if (!scribe_) return reason == StopReason::not_finite ? 1 : 0;
    scribe_->display().finish();
    const std::string name = request_.folder.path().filename().string();
    const std::string go_on = "go on with: medal train --resume --run " + name;
    switch (reason) {
      case StopReason::not_finite:
        fmt::print(stderr,
                   "medal: a loss or gradient was not finite after {} steps; the last good checkpoint is kept. Lower "
                   "learner.learning_rate, then {}\n",
                   trainer_.steps(), go_on);
        return 1;
      case StopReason::signal:
      case StopReason::minutes:
        fmt::print("saved after {} steps; {}\n", trainer_.steps(), go_on);
        return 0;
      default:
        conclude();
        return 0;
    }
  }

  void conclude() {
    fmt::print("trained for {} steps in {}; evaluating ...\n", trainer_.steps(),
               duration_text(trainer_.elapsed_seconds()));
    std::fflush(stdout);
    const EvaluationResult result = scribe_->evaluate_now(trainer_, request_.config.evaluation.tasks);
    fmt::print("{}\n", evaluation_table(result));
    std::fflush(stdout);
    const std::filesystem::path replay = save_replay_of_held_out_task();
    if (request_.config.program.report) draw_pictures();
    const std::string name = request_.folder.path().filename().string();
    fmt::print("replay    {}\nnext      medal eval {}   medal info {}   medal report {}\n", replay.string(), name, name,
               name);
  }

  void draw_pictures() {
    try {
      write_run_pictures(request_.folder);
      fmt::print("pictures  {}/\n", request_.folder.report().string());
    } catch (const UserError& error) {  // the training is done and saved: nothing to fail over
      fmt::print(stderr, "medal: no pictures: {}\n", error.what());
    }
  }

  std::filesystem::path save_replay_of_held_out_task() {
    Replay replay = record_held_out_task(evaluated_policy(trainer_, request_.config), request_.config.evaluation_task,
                                         request_.config.evaluation, request_.config.environment.lidar);
    replay.program_version = program_version();
    replay.title = fmt::format("{} after {:.1f} M steps", request_.folder.path().filename().string(),
                               static_cast<double>(trainer_.steps()) / 1e6);
    replay.config_toml = config_toml();
    replay.expert_player = name_of(replay.spec.parameters.expert);
    replay.learner_players.assign(replay.spec.presence.size(), request_.folder.path().filename().string());
    const std::filesystem::path file = request_.folder.replay_file(trainer_.steps());
    save_replay(file, replay);
    return file;
  }

  const TrainingRequest& request_;
  Communicator& communicator_;
  std::optional<Checkpoint> initial_agent_;
  Trainer trainer_;
  std::optional<FolderLock> lock_;
  std::optional<Scribe> scribe_;
  bool skilled_ = false;  ///< an evaluation on the way was enough
  Clock::time_point saved_when_ = Clock::now();
  std::int64_t saved_at_ = -1;  ///< steps of the newest checkpoint, -1 for none
};

}  // namespace

int run_training(const TrainingRequest& request, Communicator& communicator) {
  catch_signals();
  use_one_math_thread();
  if (blas_is_slow() && communicator.rank() == 0)
    fmt::print(stderr, "medal: LibTorch runs on the reference BLAS, which is slow; install libopenblas0-pthread\n");
  return TrainingRun(request, communicator).run();
}

}  // namespace medal
