#pragma once

#include <condition_variable>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace medal {

/// A fixed crew: `run` calls job(0) .. job(threads - 1) once each, the last one on the caller's own thread, and returns
/// when all are done. Which index does what is the caller's to fix, so results cannot depend on timing.
class ThreadPool {
 public:
  explicit ThreadPool(int threads);
  ~ThreadPool();
  ThreadPool(const ThreadPool&) = delete;

  int threads() const { return static_cast<int>(workers_.size()) + 1; }
  /// An exception of any job is thrown again here (that of the lowest index).
  void run(const std::function<void(int)>& job);

 private:
  void work(int index);
  void call(int index);

  std::vector<std::thread> workers_;
  std::vector<std::exception_ptr> failures_;
  std::mutex mutex_;
  std::condition_variable begin_, end_;
  const std::function<void(int)>* job_ = nullptr;
  std::uint64_t round_ = 0;
  int unfinished_ = 0;
  bool stopping_ = false;
};

}  // namespace medal
