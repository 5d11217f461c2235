#pragma once

#include <filesystem>

namespace medal {

// Of this build.
std::filesystem::path program_path();   ///< medal
std::filesystem::path viewer_path();    ///< medal-viewer
std::filesystem::path source_folder();  ///< the root of the project

}  // namespace medal
