#include "experiments/training/training_run.h"

#include <ATen/ops/tensor.h>
#include <fmt/format.h>
#include <signal.h>

#include <chrono>
#include <functional>
#include <optional>
#include <set>

#include "agents/checkpoint/checkpoint.h"
#include "agents/evaluation/evaluation.h"
#include "agents/layers/math_threads.h"
#include "agents/training/trainer.h"
#include "experiments/config/config_text.h"
#include "experiments/metrics/metrics_log.h"
#include "experiments/metrics/metrics_row.h"
#include "experiments/plots/plots.h"
#include "experiments/processes/command_text.h"
#include "experiments/processes/signal_file.h"
#include "experiments/processes/tell.h"
#include "experiments/runs/loaded_agent.h"
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
  struct sigaction before {};
  for (int signal : kStoppingSignals) {
    ::sigaction(signal, nullptr, &before);
    if (signal != SIGHUP || before.sa_handler != SIG_IGN) ::sigaction(signal, &action, nullptr);  // under nohup it was
  }
  struct sigaction ignore {};
  ignore.sa_handler = SIG_IGN;
  // A full disk is an error to report, not an end; a process in the background may go on saying how far it is.
  for (int signal : {SIGXFSZ, SIGTTOU}) ::sigaction(signal, &ignore, nullptr);
}

/// A signal came during an evaluation: what was played of it is lost.
struct Interrupted {};

BatchPolicy evaluated_policy(Trainer& trainer, const Config& config) {
  const Agent agent(trainer.network_on_cpu(), config.environment.lidar);
  BatchPolicy policy = agent_policy(agent, config.evaluation.sample_actions, kPolicySeed);
  policy.act = [act = policy.act](std::span<const float> observations, std::span<Action> actions) {
    if (interrupted != 0) throw Interrupted();
    act(observations, actions);
  };
  return policy;
}

double seconds_since(Clock::time_point when) { return std::chrono::duration<double>(Clock::now() - when).count(); }

/// What rank 0 alone does: everything that a person sees or a file holds.
class Scribe {
 public:
  Scribe(const TrainingRequest& request, std::int64_t steps, int ranks)
      : request_(request),
        expert_agents_(expert_agents_for(request.config.evaluation_task, request.config, &request.folder)),
        metrics_(request.folder.path(), request.resume ? steps : -1),
        display_(stdout, request.config.run, request.folder.path().string(), ranks) {}

  void record(const IterationResult& result) {
    metrics_.write(metrics_row(result));
    display_.show(result);
  }

  EvaluationResult evaluate_now(Trainer& trainer, int tasks) {
    EvaluationOptions options = request_.config.evaluation;
    options.tasks = tasks;
    return evaluate(evaluated_policy(trainer, request_.config), request_.config.evaluation_task, options,
                    request_.config.environment.lidar, expert_agents_);
  }

  void keep(std::int64_t steps, const EvaluationResult& result) {
    write_file_atomically(request_.folder.evaluation_file(steps), evaluation_to_json(result));
    metrics_.write(evaluation_row(steps, result));
  }

  ProgressDisplay& display() { return display_; }
  const ExpertFactory& expert_agents() const { return expert_agents_; }

 private:
  const TrainingRequest& request_;
  ExpertFactory expert_agents_;  ///< of held-out tasks
  MetricsLog metrics_;
  ProgressDisplay display_;
};

/// Rank 0 decides by its clock, all follow.
bool agree(Communicator& communicator, bool wanted) {
  at::Tensor flag = at::tensor({static_cast<std::int64_t>(wanted)});
  communicator.broadcast(flag);
  return flag.item<std::int64_t>() != 0;
}

class TrainingRun {
 public:
  TrainingRun(const TrainingRequest& request, Communicator& communicator)
      : request_(request),
        communicator_(communicator),
        trainer_(request.config, communicator, request.initial_agent ? &*request.initial_agent : nullptr,
                 expert_agents_for(request.config.task, request.config, &request.folder)) {
    if (request.resume) {
      const auto why_not = trainer_.resume(request.folder.newest_checkpoint().value());
      const std::vector<std::string> reasons = communicator.all_gather(why_not.value_or(""));
      if (communicator.rank() == 0)
        for (const std::string& reason : std::set<std::string>(reasons.begin(), reasons.end()))
          if (!reason.empty()) tell("live episodes cannot be taken up again: {}; new ones begin\n", reason);
      saved_at_ = trainer_.steps();
    }
    if (communicator.rank() != 0) return;
    lock_ = request.folder.open_for_training(config_toml(), !request.resume);  // a resumed run may have new options
    keep_expert_agent(request.config, request.folder);
    scribe_.emplace(request, trainer_.steps(), communicator.size());
  }

  int run() try {
    if (scribe_) greet();
    StopReason reason = StopReason::none;
    while (!skilled_ && (reason = trainer_.should_stop(interrupted != 0)) == StopReason::none) {
      const IterationResult result = trainer_.iterate();
      if (scribe_ && result.finite) scribe_->record(result);
      if (result.finite && agree(communicator_, checkpoint_is_due())) save_while_training();
      if (evaluation_is_due(result.steps)) evaluate_shortly();
    }
    return finish(reason);
  } catch (...) {
    save_what_is_left();
    throw;
  }

 private:
  void greet() const {
    tell("training {} on {} rank{} from {:.2f} M to {:.2f} M steps, with {}; Ctrl-C saves and stops\n",
         request_.folder.path().string(), communicator_.size(), communicator_.size() == 1 ? "" : "s",
         static_cast<double>(trainer_.steps()) / 1e6, static_cast<double>(request_.config.run.steps) / 1e6,
         blas_name());
    if (request_.initial_agent) tell("beginning with the network of {}\n", request_.config.program.initial_agent);
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
        scribe_->keep(trainer_.steps(), result);
        skilled_ = is_enough(result);
      } catch (const UserError& error) {  // no reason to stop training
        scribe_->display().say(std::string("medal: not evaluated: ") + error.what());
      } catch (const Interrupted&) {  // the next question is whether to stop
      }
    }
    skilled_ = agree(communicator_, skilled_);
  }

  bool is_enough(const EvaluationResult& result) const {
    const ProgramOptions& program = request_.config.program;
    return (program.enough_full > 0 || program.enough_half > 0) && result.full_share.mean >= program.enough_full &&
           result.half_share.mean >= program.enough_half;
  }

  /// A full disk now is no reason to stop: an older checkpoint stays, and the next one may find room.
  void save_while_training() try { save(); } catch (const UserError& error) {
    saved_when_ = Clock::now();
    scribe_->display().say(std::string("medal: not saved, training goes on: ") + error.what());
  }

  void save() {
    const std::filesystem::path file = request_.folder.checkpoint_file(trainer_.steps());
    trainer_.save(file, config_toml(), program_version());
    if (scribe_) request_.folder.publish_checkpoint(file, request_.config.program.keep_checkpoints);
    saved_when_ = Clock::now();
    saved_at_ = trainer_.steps();
  }

  /// Something went wrong, another rank is gone perhaps: keeps what all ranks have in common. Whichever rank is the
  /// first to have the folder writes, for the first rank may be the one that is gone.
  void save_what_is_left() noexcept try {
    const std::filesystem::path file = request_.folder.checkpoint_file(trainer_.steps());
    const bool nothing_new = trainer_.steps() == 0 || trainer_.steps() <= saved_at_;
    if (nothing_new || !trainer_.is_finite() || !request_.folder.exists()) return;
    if (!lock_) lock_.emplace(request_.folder.path(), "");
    if (std::filesystem::exists(file)) return;
    trainer_.save_without_episodes(file, config_toml(), program_version());
    request_.folder.publish_checkpoint(file, request_.config.program.keep_checkpoints);
    tell(stderr, "medal: what was learnt in {} steps is saved; {}\n", trainer_.steps(), go_on_text());
  } catch (...) {  // what went wrong first is what is told
  }

  std::string name() const { return shell_word(request_.folder.path().filename().string()); }
  std::string go_on_text() const { return "go on with: " + medal_command() + " train --resume --run " + name(); }

  int finish(StopReason reason) {
    // Rank 0 knows whether its last file was written.
    if (reason != StopReason::not_finite && agree(communicator_, saved_at_ != trainer_.steps())) save();
    if (!scribe_) return reason == StopReason::not_finite ? 1 : 0;
    scribe_->display().finish();
    switch (reason) {
      case StopReason::not_finite:
        tell(stderr, "medal: a loss or gradient was not finite after {} steps; {}\n", trainer_.steps(),
             saved_at_ < 0 ? "nothing was saved yet. Start again with a lower learner.learning_rate"
                           : "the last good checkpoint is kept. Lower learner.learning_rate, then " + go_on_text());
        return 1;
      case StopReason::signal:
      case StopReason::minutes:
        tell("saved after {} steps; {}\n", trainer_.steps(), go_on_text());
        return 0;
      default:
        return conclude();
    }
  }

  /// The training is done and saved. Each part is delivered whatever becomes of the others. Returns the exit code.
  int conclude() {
    tell("trained for {} steps in {}; evaluating ...\n", trainer_.steps(), duration_text(trainer_.elapsed_seconds()));
    std::fflush(stdout);
    int failed = 0;
    const auto deliver = [&](const char* what, const std::function<void()>& part) {
      try {
        part();
      } catch (const UserError& error) {
        tell(stderr, "medal: no {}: {}\n", what, error.what());
        ++failed;
      }
      std::fflush(stdout);
    };
    try {
      deliver("evaluation", [&] {
        const EvaluationResult result = scribe_->evaluate_now(trainer_, request_.config.evaluation.tasks);
        tell("{}\n", evaluation_table(result));
        scribe_->keep(trainer_.steps(), result);
      });
      deliver("replay", [&] { tell("replay    {}\n", save_replay_of_held_out_task().string()); });
    } catch (const Interrupted&) {
      tell("the evaluation was stopped; the agent is saved: {} eval {}\n", medal_command(), name());
      return 0;
    }
    if (request_.config.program.report) draw_pictures();
    tell("next      {0} eval {1}   {0} info {1}   {0} report {1}\n", medal_command(), name());
    return failed > 0 ? 1 : 0;
  }

  void draw_pictures() {
    try {
      write_run_pictures(request_.folder);
      tell("pictures  {}/\n", request_.folder.report().string());
    } catch (const UserError& error) {  // the training is done and saved: nothing to fail over
      tell(stderr, "medal: no pictures: {}\n", error.what());
    }
  }

  std::filesystem::path save_replay_of_held_out_task() {
    Replay replay =
        record_held_out_task(evaluated_policy(trainer_, request_.config), request_.config.evaluation_task,
                             request_.config.evaluation, request_.config.environment.lidar, scribe_->expert_agents());
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
  Trainer trainer_;
  std::optional<FolderLock> lock_;
  std::optional<Scribe> scribe_;
  bool skilled_ = false;  ///< an evaluation on the way was enough
  Clock::time_point saved_when_ = Clock::now();
  std::int64_t saved_at_ = -1;  ///< steps of the newest checkpoint, -1 for none
};

}  // namespace

bool asked_to_stop() { return interrupted != 0; }

int run_training(const TrainingRequest& request, Communicator& communicator) {
  catch_signals();
  use_one_math_thread();
  if (blas_is_slow() && communicator.rank() == 0)
    tell(stderr, "medal: LibTorch runs on the reference BLAS, which is slow; install libopenblas0-pthread\n");
  return TrainingRun(request, communicator).run();
}

}  // namespace medal
