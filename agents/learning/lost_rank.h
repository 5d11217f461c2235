#pragma once

#include <exception>
#include <stdexcept>
#include <string>

namespace medal {

/// The first line of what a library says: the ones below are its call stack.
inline std::string first_line(const std::exception& error) {
  const std::string text = error.what();
  return text.substr(0, text.find('\n'));
}

/// Another rank has ended while this one waited for it. Says little by itself: the other one has said why.
class LostRank : public std::runtime_error {
 public:
  LostRank(int waiting_rank, const std::string& why)
      : std::runtime_error("rank " + std::to_string(waiting_rank) +
                           " has lost another rank, see that one's messages (" + why + ")") {}
};

}  // namespace medal
