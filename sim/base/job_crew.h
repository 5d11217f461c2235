#pragma once

#include <condition_variable>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace medal {

/// Threads that share the jobs of several batches: whoever is free takes the next job of the batch that began first, so
/// that nobody waits for one that takes long. Who does a job is left to chance, so no result may depend on it. All
/// functions but `help` are for one thread, the one that made the crew: it is one of the crew when it waits.
class JobCrew {
 public:
  /// Jobs that belong together. Must outlive them.
  class Batch {
   public:
    Batch() = default;
    Batch(const Batch&) = delete;

   private:
    friend class JobCrew;
    std::function<void(int)> job_;
    int jobs_ = 0, begun_ = 0, ended_ = 0;
    int failed_job_ = 0;
    std::exception_ptr failure_;  ///< of the first job that failed
  };

  /// So many threads, the caller's own always among them.
  explicit JobCrew(int threads);
  ~JobCrew();
  JobCrew(const JobCrew&) = delete;

  int threads() const { return static_cast<int>(workers_.size()) + 1; }

  /// Has job(0) .. job(jobs - 1) done, taken in that order. The batch must not be at work.
  void begin(Batch& batch, int jobs, std::function<void(int)> job);
  /// Whether all its jobs have ended; at first it has none.
  bool ended(const Batch& batch) const;
  /// Does one job of any batch on the calling thread; false where none is left to begin.
  bool help();
  /// Helps until the batch has ended. An exception of any job is thrown again here (that of the first job).
  void finish(Batch& batch);
  /// begin and finish.
  void run(int jobs, std::function<void(int)> job);

 private:
  void work();
  /// Takes a job and does it; the lock is let go meanwhile. There must be one.
  void do_next(std::unique_lock<std::mutex>& lock);

  std::vector<std::thread> workers_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;  ///< jobs have come, a batch has ended, or the crew stops
  std::deque<Batch*> waiting_;       ///< those with jobs that have not begun
  bool stopping_ = false;
};

}  // namespace medal
