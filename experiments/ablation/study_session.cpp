#include "experiments/ablation/study_session.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <deque>
#include <fstream>
#include <iterator>

#include "experiments/ablation/learning_curve.h"
#include "experiments/ablation/run_result.h"
#include "experiments/metrics/metrics_log.h"
#include "experiments/processes/child_process.h"
#include "experiments/processes/folder_lock.h"
#include "experiments/processes/process_pool.h"
#include "experiments/processes/tell.h"
#include "sim/base/atomic_file.h"

namespace medal {
namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

constexpr double kStatusSeconds = 30;
constexpr double kLeastMinutes = 0.002;  // that are worth starting a run for
constexpr int kTerminated = 128 + SIGTERM;

double millions(std::int64_t steps) { return static_cast<double>(steps) / 1e6; }

void say(const std::string& line) {
  tell("{}\n", line);
  std::fflush(stdout);
}

/// One arm with one seed: its training, or one of the study's evaluations of what it has become.
struct Job {
  const StudyArm* arm;
  int seed;
  std::string name;
  RunFolder run;
  fs::path log;
  const StudyEvaluation* evaluation = nullptr;  ///< null: the training
  pid_t process = 0;

  std::string title() const { return evaluation ? name + " in " + evaluation->name : name; }
};

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    throw UserError("cannot make the folder '" + folder.string() + "': " + error.message() + "; choose another --out");
}

bool is_saved(const RunFolder& run) { return run.exists() && run.newest_checkpoint(); }

/// "full-1 4.20 of 12.00 M, score 12.3 of the expert's 46.6", or "full-1 in noisy"
std::string standing(const Job& job) {
  if (job.evaluation) return fmt::format("{}-{} in {}", job.arm->name, job.seed, job.evaluation->name);
  const std::vector<nlohmann::json> rows = read_recent_metrics(job.run.metrics());
  const std::int64_t steps = rows.empty() ? 0 : rows.back().at("steps").get<std::int64_t>();
  const TrainingScore recent = training_score(rows);
  return fmt::format(
      "{}-{} {:.2f} of {:.2f} M{}", job.arm->name, job.seed, millions(steps), millions(job.arm->steps),
      recent.episodes == 0 ? "" : fmt::format(", score {:.1f} of the expert's {:.1f}", recent.score, recent.expert));
}

std::string last_line_of(const fs::path& log) {
  std::ifstream stream(log, std::ios::binary);
  return last_line({std::istreambuf_iterator<char>(stream), {}});
}

class StudySession {
 public:
  explicit StudySession(const StudyRequest& request)
      : request_(request), lock_(locked(request.out)), logs_(request.out / kLogsFolder) {
    make_folder(logs_);
    for (int seed : request.study.seeds)
      for (const StudyArm& arm : request.study.arms)
        if (is_wanted(arm)) plan(arm, seed);
  }

  int run() {
    begin_ = shown_ = Clock::now();
    say(fmt::format("study {}: {} of {} runs to train, {} at a time; Ctrl-C saves and stops, the same command goes on",
                    request_.study.name, runs_ - trained_, runs_, request_.parallel));
    while (start_some() || !running_.empty()) {
      for (const ProcessPool::Ended& ended : pool_.wait(seconds_to_status())) conclude(ended);
      if (seconds_to_status() <= 0) show_status();
    }
    if (!waiting_.empty()) say(fmt::format("{} runs and evaluations have not begun", waiting_.size()));
    return failed_;
  }

 private:
  static FolderLock locked(const fs::path& out) {
    make_folder(out);
    return FolderLock(out, "another medal ablate keeps its results in '" + out.string() +
                               "'; wait for it or stop it, or choose another --out");
  }

  bool is_wanted(const StudyArm& arm) const {
    const std::vector<std::string>& only = request_.only;
    return only.empty() || std::find(only.begin(), only.end(), arm.name) != only.end();
  }

  /// Keeps what a run has left already, or lets it wait for its turn; then its evaluations.
  void plan(const StudyArm& arm, int seed) {
    ++runs_;
    const std::string name = run_name(request_.study, arm, seed);
    Job job{&arm, seed, name, run_folder_of(name), logs_ / fmt::format("{}-{}.log", arm.name, seed)};
    if (read_result(request_.out, arm, seed) || keep_result(job)) {
      ++trained_;
      plan_evaluations(job);
      return;
    }
    if (is_saved(job.run)) check_run_is_of(arm, seed, job.run);
    waiting_.push_back(std::move(job));
  }

  /// Before the trainings that wait, for a study that is cut short.
  void plan_evaluations(const Job& trained) {
    const std::vector<StudyEvaluation>& all = request_.study.evaluations;
    std::deque<Job> missing;
    for (const StudyEvaluation& evaluation : all)
      if (!read_evaluation_result(request_.out, evaluation, *trained.arm, trained.seed)) {
        missing.push_back(trained);
        missing.back().evaluation = &evaluation;
      }
    if (missing.empty()) return;
    if (!is_saved(trained.run)) {
      say(fmt::format("{} cannot be judged in {} more evaluations: '{}' is gone", trained.name, missing.size(),
                      trained.run.path().string()));
      return;
    }
    waiting_.insert(waiting_.begin(), missing.begin(), missing.end());
  }

  bool keep_result(const Job& job) const {
    const auto result = result_of_run(request_.study, *job.arm, job.seed, job.run);
    if (result) write_file_atomically(result_file(request_.out, *job.arm, job.seed), *result);
    return result.has_value();
  }

  /// Minutes that are left; negative for no limit.
  double minutes_left() const {
    if (request_.minutes <= 0) return -1;
    const double gone = std::chrono::duration<double>(Clock::now() - begin_).count() / 60;
    return std::max(0.0, request_.minutes - gone);
  }

  bool may_start() const {
    const double left = minutes_left();
    return !pool_.asked_to_stop() && (left < 0 || left >= kLeastMinutes);
  }

  /// Whether whom it learns from has trained.
  bool has_its_teacher(const Job& job) const {
    if (job.evaluation || job.arm->teacher.empty()) return true;
    const std::vector<StudyArm>& arms = request_.study.arms;
    const auto teacher =
        std::find_if(arms.begin(), arms.end(), [&](const StudyArm& arm) { return arm.name == job.arm->teacher; });
    return read_result(request_.out, *teacher, job.seed).has_value();
  }

  /// Whether one was started.
  bool start_some() {
    bool started = false;
    while (running_.size() < static_cast<std::size_t>(request_.parallel) && may_start()) {
      const auto next =
          std::find_if(waiting_.begin(), waiting_.end(), [&](const Job& job) { return has_its_teacher(job); });
      if (next == waiting_.end()) break;
      running_.push_back(std::move(*next));
      waiting_.erase(next);
      start(running_.back());
      started = true;
    }
    return started;
  }

  void start(Job& job) {
    if (job.evaluation)
      start_evaluation(job);
    else
      start_training(job);
  }

  /// Where `medal eval` writes it; the result is kept in another place and form.
  fs::path written_by_eval(const Job& job) const {
    return logs_ / fmt::format("{}-{}-{}.json", job.evaluation->name, job.arm->name, job.seed);
  }

  void start_evaluation(Job& job) {
    make_folder(request_.out / job.evaluation->name);
    std::vector<std::string> arguments = {"eval", job.run.path().string(), "--json", written_by_eval(job).string()};
    for (const std::string& text : job.evaluation->overrides) arguments.insert(arguments.end(), {"--set", text});
    job.process = pool_.start(arguments, job.log);
    say(fmt::format("judges   {}", job.title()));
  }

  void start_training(Job& job) {
    const bool saved = is_saved(job.run);
    if (job.run.exists() && !saved) job.run.remove_unsaved();
    std::vector<std::string> arguments = {"train", "--run", job.name, "--ranks", "1"};
    // Always given, for a resumed run would take those of its last sitting; 0 is no limit.
    arguments.insert(arguments.end(), {"--minutes", fmt::format("{:.4f}", std::max(0.0, minutes_left()))});
    if (saved) {
      arguments.push_back("--resume");
    } else {
      arguments.insert(arguments.end(), {"--config", job.arm->config_file.string()});
      for (const std::string& text : run_overrides(*job.arm, job.seed))
        arguments.insert(arguments.end(), {"--set", text});
    }
    job.process = pool_.start(arguments, job.log);
    say(fmt::format("{}  {} (log {})", saved ? "goes on" : "begins ", job.name, job.log.string()));
  }

  void conclude(const ProcessPool::Ended& ended) {
    const auto found =
        std::find_if(running_.begin(), running_.end(), [&](const Job& job) { return job.process == ended.process; });
    MEDAL_CHECK(found != running_.end());
    const Job job = std::move(*found);
    running_.erase(found);
    const bool stopped = pool_.asked_to_stop() && ended.exit_code == kTerminated;  // before it could listen
    if (ended.exit_code != 0 && !stopped) {
      ++failed_;
      say(fmt::format("failed   {} (exit code {}): {}", job.title(), ended.exit_code, last_line_of(job.log)));
    } else if (job.evaluation && ended.exit_code == 0) {
      keep_evaluation(job);
    } else if (!job.evaluation && keep_result(job)) {
      ++trained_;
      say(fmt::format("ends     {}: {}", job.name, outcome(*read_result(request_.out, *job.arm, job.seed))));
      plan_evaluations(job);
    } else {
      say(fmt::format("stopped  {}", standing(job)));
    }
  }

  void keep_evaluation(const Job& job) const {
    const fs::path written = written_by_eval(job);
    write_file_atomically(evaluation_result_file(request_.out, *job.evaluation, *job.arm, job.seed),
                          result_of_evaluation(*job.evaluation, *job.arm, job.seed, written));
    std::error_code ignored;
    fs::remove(written, ignored);
    say(fmt::format("ends     {}: {}", job.title(),
                    outcome(*read_evaluation_result(request_.out, *job.evaluation, *job.arm, job.seed))));
  }

  static std::string outcome(const RunResult& result) {
    return fmt::format("CT {:.2f}; full {:.1f}, half {:.1f}, solo {:.1f} of {:.1f}", result.ct, result.full,
                       result.half, result.solo, result.expert);
  }

  double seconds_to_status() const {
    return std::max(0.0, kStatusSeconds - std::chrono::duration<double>(Clock::now() - shown_).count());
  }

  void show_status() {
    std::string line = fmt::format("{} of {} trained", trained_, runs_);
    for (const Job& job : running_) line += "  |  " + standing(job);
    say(line);
    shown_ = Clock::now();
  }

  const StudyRequest& request_;
  FolderLock lock_;
  fs::path logs_;
  std::deque<Job> waiting_;
  std::vector<Job> running_;
  std::size_t runs_ = 0, trained_ = 0;
  int failed_ = 0;
  Clock::time_point begin_, shown_;
  ProcessPool pool_;
};

}  // namespace

int train_study(const StudyRequest& request) { return StudySession(request).run(); }

}  // namespace medal
