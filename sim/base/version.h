#pragma once

#include <string>

namespace medal {

/// Of this program, as "0.2.0": what it writes into the files that it makes.
std::string program_version();

/// "; medal 0.3.0 wrote it, this is medal 0.2.0: use the version that wrote it": the end of a message about a file that
/// holds what this program does not know. `writer` is the version that wrote it, empty where the file does not say.
std::string writer_text(const std::string& writer);

}  // namespace medal
