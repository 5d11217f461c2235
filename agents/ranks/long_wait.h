#pragma once

#include <chrono>
#include <functional>

namespace medal {

/// One wait for another rank that takes longer than the others: says for whom, and gives up where this process shall
/// end.
class LongWait {
 public:
  /// `perhaps` is what may keep the other rank.
  LongWait(int own_rank, const std::function<bool()>& asked_to_stop,
           const char* perhaps = "it evaluates, its machine is busy, or it stands still")
      : own_rank_(own_rank),
        asked_to_stop_(asked_to_stop),
        perhaps_(perhaps),
        begin_(std::chrono::steady_clock::now()) {}

  std::chrono::steady_clock::duration so_far() const { return std::chrono::steady_clock::now() - begin_; }
  /// To be called now and then while rank `other` keeps this one waiting; -1 where nobody knows which does. Names it on
  /// stderr after five seconds, once. Throws LostRank five seconds after it was asked to stop.
  void look(int other);

 private:
  int own_rank_;
  const std::function<bool()>& asked_to_stop_;
  const char* perhaps_;
  std::chrono::steady_clock::time_point begin_, asked_{};
  bool told_ = false;
};

}  // namespace medal
