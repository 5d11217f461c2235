#include "sim/base/thread_pool.h"

#include <utility>

namespace medal {

ThreadPool::ThreadPool(int threads) : failures_(static_cast<std::size_t>(threads)) {
  for (int i = 0; i + 1 < threads; ++i) workers_.emplace_back([this, i] { work(i); });
}

ThreadPool::~ThreadPool() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  begin_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

void ThreadPool::run(const std::function<void(int)>& job) {
  {
    const std::lock_guard lock(mutex_);
    job_ = &job;
    unfinished_ = static_cast<int>(workers_.size());
    ++round_;
  }
  begin_.notify_all();
  call(static_cast<int>(workers_.size()));
  {
    std::unique_lock lock(mutex_);
    end_.wait(lock, [&] { return unfinished_ == 0; });
  }
  std::exception_ptr first;
  for (std::exception_ptr& failure : failures_) {
    const std::exception_ptr thrown = std::exchange(failure, nullptr);
    if (!first) first = thrown;
  }
  if (first) std::rethrow_exception(first);
}

void ThreadPool::call(int index) {
  try {
    (*job_)(index);
  } catch (...) {
    failures_[static_cast<std::size_t>(index)] = std::current_exception();
  }
}

void ThreadPool::work(int index) {
  std::uint64_t done = 0;
  while (true) {
    {
      std::unique_lock lock(mutex_);
      begin_.wait(lock, [&] { return stopping_ || round_ != done; });
      if (stopping_) return;
      done = round_;
    }
    call(index);
    const std::lock_guard lock(mutex_);
    if (--unfinished_ == 0) end_.notify_one();
  }
}

}  // namespace medal
