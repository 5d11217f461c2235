#include "agents/ranks/shared_memory_exchange.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <system_error>
#include <thread>
#include <utility>

#include "agents/ranks/long_wait.h"
#include "agents/ranks/lost_rank.h"
#include "sim/base/error.h"

namespace medal {
namespace {

// A processor that has gone to sleep takes a millisecond to wake, and most waits are shorter. Long ones (rank 0
// evaluates) should leave the core to others.
constexpr std::chrono::milliseconds kAwake{3};
constexpr std::chrono::microseconds kNap{200};
constexpr std::size_t kPage = 4096;

[[noreturn]] void fail(int error, const char* what) { throw std::system_error(error, std::generic_category(), what); }

}  // namespace

/// A rank's part of the segment. Fresh memory is zero: nothing shown, no process.
struct SharedMemoryExchange::Rank {
  alignas(64) std::atomic<std::uint64_t> rounds;  ///< how often it has shown something
  std::atomic<pid_t> process;
  std::atomic<bool> left;
  /// Used in turns: whoever shows round k + 2 has seen all show k + 1, that is, all have done with k.
  alignas(64) std::byte slots[2][kMostBytes];
};

SharedMemoryExchange SharedMemoryExchange::create(const std::string& name, int rank, int size) {
  const int descriptor = ::shm_open(name.c_str(), O_CREAT | O_EXCL | O_RDWR, 0600);
  if (descriptor < 0) fail(errno, "shm_open");
  // Without this a full /dev/shm would end the process when it writes.
  const int error = ::posix_fallocate(descriptor, 0, static_cast<off_t>(sizeof(Rank) * static_cast<std::size_t>(size)));
  if (error != 0) {
    ::close(descriptor);
    remove(name);
    fail(error, "posix_fallocate");
  }
  return {descriptor, rank, size};
}

SharedMemoryExchange SharedMemoryExchange::open(const std::string& name, int rank, int size) {
  const int descriptor = ::shm_open(name.c_str(), O_RDWR, 0);
  if (descriptor < 0) fail(errno, "shm_open");
  return {descriptor, rank, size};
}

void SharedMemoryExchange::remove(const std::string& name) { ::shm_unlink(name.c_str()); }

SharedMemoryExchange::SharedMemoryExchange(int descriptor, int rank, int size)
    : bytes_(sizeof(Rank) * static_cast<std::size_t>(size)), rank_(rank), size_(size) {
  static_assert(sizeof(Rank) % alignof(Rank) == 0 && kPage % alignof(Rank) == 0);
  static_assert(std::atomic<std::uint64_t>::is_always_lock_free && std::atomic<pid_t>::is_always_lock_free);
  void* memory = ::mmap(nullptr, bytes_, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
  const int error = errno;
  ::close(descriptor);
  if (memory == MAP_FAILED) fail(error, "mmap");
  memory_ = static_cast<std::byte*>(memory);
  of(rank_).process.store(::getpid());
}

SharedMemoryExchange::SharedMemoryExchange(SharedMemoryExchange&& other) noexcept
    : asked_to_stop(std::move(other.asked_to_stop)),
      memory_(std::exchange(other.memory_, nullptr)),
      bytes_(other.bytes_),
      rank_(other.rank_),
      size_(other.size_),
      round_(other.round_) {}

SharedMemoryExchange::~SharedMemoryExchange() {
  if (memory_ == nullptr) return;
  of(rank_).left.store(true);
  ::munmap(memory_, bytes_);
}

SharedMemoryExchange::Rank& SharedMemoryExchange::of(int rank) const { return reinterpret_cast<Rank*>(memory_)[rank]; }

bool SharedMemoryExchange::all_are_here() const {
  for (int rank = 0; rank < size_; ++rank)
    if (of(rank).process.load() == 0 || has_ended(rank)) return false;
  return true;
}

void SharedMemoryExchange::show(std::span<const std::byte> bytes) {
  MEDAL_CHECK(bytes.size() <= kMostBytes);
  Rank& own = of(rank_);
  ++round_;
  if (!bytes.empty()) std::memcpy(own.slots[round_ % 2], bytes.data(), bytes.size());
  own.rounds.store(round_, std::memory_order_release);
  for (int rank = 0; rank < size_; ++rank) wait_for(rank);
}

const std::byte* SharedMemoryExchange::shown_by(int rank) const { return of(rank).slots[round_ % 2]; }

void SharedMemoryExchange::wait_for(int rank) const {
  const auto has_shown = [&] { return of(rank).rounds.load(std::memory_order_acquire) >= round_; };
  for (int i = 0; i < 1000; ++i)
    if (has_shown()) return;
  LongWait wait(rank_, asked_to_stop);
  while (!has_shown()) {
    if (wait.so_far() < kAwake) {
      ::sched_yield();  // there may be more ranks than cores
      continue;
    }
    // It may have ended after it has shown.
    if (has_ended(rank) && !has_shown()) throw LostRank(rank_, "rank " + std::to_string(rank) + " has ended");
    wait.look(rank);
    std::this_thread::sleep_for(kNap);
  }
}

bool SharedMemoryExchange::has_ended(int rank) const {
  return of(rank).left.load() || (::kill(of(rank).process.load(), 0) != 0 && errno == ESRCH);
}

}  // namespace medal
