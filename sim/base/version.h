#pragma once

#include <string>

namespace medal {

/// Of this program, as "0.2.0": what it writes into the files that it makes.
std::string program_version();

}  // namespace medal
