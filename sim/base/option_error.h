#pragma once

#include <string>

#include "sim/base/error.h"

namespace medal {

/// An option that does not go with the others: `key` ("adr.low_threshold") begins the message, `why` goes on from
/// there. Whoever read the options from files adds where it was given.
class OptionError : public UserError {
 public:
  OptionError(const std::string& option, const std::string& reason)
      : UserError(option + " " + reason), key(option), why(reason) {}
  std::string key, why;
};

}  // namespace medal
