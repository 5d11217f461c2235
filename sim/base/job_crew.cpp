#include "sim/base/job_crew.h"

#include <utility>

namespace medal {

JobCrew::JobCrew(int threads) {
  for (int i = 0; i + 1 < threads; ++i) workers_.emplace_back([this] { work(); });
}

JobCrew::~JobCrew() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  for (std::thread& worker : workers_) worker.join();
}

void JobCrew::begin(Batch& batch, int jobs, std::function<void(int)> job) {
  {
    const std::lock_guard lock(mutex_);
    batch.job_ = std::move(job);
    batch.jobs_ = jobs;
    batch.begun_ = batch.ended_ = 0;
    batch.failed_job_ = jobs;
    if (jobs > 0) waiting_.push_back(&batch);
  }
  changed_.notify_all();
}

bool JobCrew::ended(const Batch& batch) const {
  const std::lock_guard lock(mutex_);
  return batch.ended_ == batch.jobs_;
}

bool JobCrew::help() {
  std::unique_lock lock(mutex_);
  if (waiting_.empty()) return false;
  do_next(lock);
  return true;
}

void JobCrew::finish(Batch& batch) {
  std::unique_lock lock(mutex_);
  while (batch.ended_ != batch.jobs_) {
    if (waiting_.empty())
      changed_.wait(lock);
    else
      do_next(lock);
  }
  if (batch.failure_) std::rethrow_exception(std::exchange(batch.failure_, nullptr));
}

void JobCrew::run(int jobs, std::function<void(int)> job) {
  Batch batch;
  begin(batch, jobs, std::move(job));
  finish(batch);
}

void JobCrew::do_next(std::unique_lock<std::mutex>& lock) {
  Batch& batch = *waiting_.front();
  const int index = batch.begun_++;
  if (batch.begun_ == batch.jobs_) waiting_.pop_front();
  lock.unlock();
  std::exception_ptr failure;
  try {
    batch.job_(index);
  } catch (...) {
    failure = std::current_exception();
  }
  lock.lock();
  if (failure && index < batch.failed_job_) {
    batch.failed_job_ = index;
    batch.failure_ = failure;
  }
  if (++batch.ended_ == batch.jobs_) changed_.notify_all();
}

void JobCrew::work() {
  std::unique_lock lock(mutex_);
  while (!stopping_) {
    if (waiting_.empty())
      changed_.wait(lock);
    else
      do_next(lock);
  }
}

}  // namespace medal
