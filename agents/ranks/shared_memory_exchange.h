#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <span>
#include <string>

namespace medal {

/// The ranks of one machine show each other bytes through a shared memory segment: some microseconds where a message
/// between sleeping processes takes a millisecond. All ranks must make the same calls of `show` in the same order.
class SharedMemoryExchange {
 public:
  /// Most bytes that a rank shows at once.
  static constexpr std::size_t kMostBytes = 256 * 1024;

  /// Makes a segment for `size` ranks. Throws std::system_error where the machine has no room for it.
  static SharedMemoryExchange create(const std::string& name, int rank, int size);
  /// Takes part in the segment that another rank has made. Throws std::system_error where this machine has none of
  /// that name.
  static SharedMemoryExchange open(const std::string& name, int rank, int size);
  /// No new rank can take part; those that do stay.
  static void remove(const std::string& name);

  SharedMemoryExchange(SharedMemoryExchange&& other) noexcept;
  SharedMemoryExchange(const SharedMemoryExchange&) = delete;
  SharedMemoryExchange& operator=(const SharedMemoryExchange&) = delete;
  SharedMemoryExchange& operator=(SharedMemoryExchange&&) = delete;
  /// The others lose this rank.
  ~SharedMemoryExchange();

  /// Whether each rank takes part and can be watched from here: processes of other containers cannot.
  bool all_are_here() const;

  /// Waits until all ranks show theirs. Throws LostRank if one has ended, or is waited for in vain once
  /// asked_to_stop().
  void show(std::span<const std::byte> bytes);
  /// Null for never.
  std::function<bool()> asked_to_stop = nullptr;
  /// What a rank showed last; as much as it showed, and valid until the next `show`.
  const std::byte* shown_by(int rank) const;

 private:
  struct Rank;

  SharedMemoryExchange(int descriptor, int rank, int size);
  Rank& of(int rank) const;
  void wait_for(int rank) const;
  bool has_ended(int rank) const;

  std::byte* memory_ = nullptr;
  std::size_t bytes_ = 0;
  int rank_, size_;
  std::uint64_t round_ = 0;
};

}  // namespace medal
