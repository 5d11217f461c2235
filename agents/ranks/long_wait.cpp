#include "agents/ranks/long_wait.h"

#include <cstdio>
#include <string>

#include "agents/ranks/lost_rank.h"

namespace medal {
namespace {

constexpr std::chrono::seconds kPatience{5};

}  // namespace

void LongWait::look(int other) {
  const auto now = std::chrono::steady_clock::now();
  const std::string whom = other < 0 ? "another rank" : "rank " + std::to_string(other);
  if (!told_ && now - begin_ > kPatience) {
    std::fprintf(stderr, "medal: waiting for %s since 5 s; %s\n", whom.c_str(), perhaps_);
    told_ = true;
  }
  if (!asked_to_stop_ || !asked_to_stop_()) return;
  if (asked_ == decltype(asked_){}) asked_ = now;
  if (now - asked_ > kPatience) throw LostRank(own_rank_, "asked to stop, " + whom + " does not come");
}

}  // namespace medal
