#pragma once

#include <stdexcept>
#include <string>

namespace medal {

/// Another rank has ended while this one waited for it. Says little by itself: the other one has said why.
class LostRank : public std::runtime_error {
 public:
  LostRank(int waiting_rank, const std::string& why)
      : std::runtime_error("rank " + std::to_string(waiting_rank) +
                           " has lost another rank, see that one's messages (" + why + ")") {}
};

}  // namespace medal
