#pragma once

#include <filesystem>
#include <string_view>

#include "sim/base/error.h"

namespace medal {

/// "'PATH' cannot be written: CAUSE; MEND", from the error number of the call that failed.
UserError cannot_write(const std::filesystem::path& path, int cause);

/// For before the work that makes the file: UserError, led by `option`, where the folder that it goes to is not there.
void check_folder_exists(std::string_view option, const std::filesystem::path& file);

/// Replaces `file` by `bytes` so that a reader (or a crash) sees the old or the new content and nothing between: writes
/// a temporary name in the same folder, syncs it, renames it and syncs the folder. On failure the temporary file is
/// removed, the old one is kept, and UserError names the path, the cause and the mend.
void write_file_atomically(const std::filesystem::path& file, std::string_view bytes);

}  // namespace medal
