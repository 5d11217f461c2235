#pragma once

#include "sim/base/error.h"

namespace medal {

/// A file that is there but was cut, altered or made up: no program ever wrote it so.
class DamagedFile : public UserError {
 public:
  using UserError::UserError;
};

}  // namespace medal
