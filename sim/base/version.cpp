#include "sim/base/version.h"

namespace medal {

std::string program_version() { return MEDAL_VERSION; }

}  // namespace medal
