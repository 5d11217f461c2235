#pragma once

#include <filesystem>
#include <string_view>

#include "sim/base/error.h"

namespace medal {

/// "'PATH' cannot be written: CAUSE; MEND", from the error number of the call that failed.
UserError cannot_write(const std::filesystem::path& path, int cause);

/// How JSON and pictures begin.
inline constexpr std::string_view kJsonBegin = "{", kPngBegin = "\x89PNG";

/// For before the work that makes the file: UserError, led by `option`, where it could not be written now, or is
/// another kind of file than what it would be replaced by: that begins so.
void check_output_file(std::string_view option, const std::filesystem::path& file, std::string_view begin);

/// The same for a folder that is made when the first file comes into it.
void check_output_folder(std::string_view option, const std::filesystem::path& folder);
/// check_output_file for a PNG, whose name must end so.
void check_png(std::string_view option, const std::filesystem::path& file);

/// Replaces `file` by `bytes` so that a reader (or a crash) sees the old or the new content and nothing between: writes
/// a temporary name in the same folder, syncs it, renames it and syncs the folder. On failure the temporary file is
/// removed, the old one is kept, and UserError names the path, the cause and the mend. What the name is it stays: a
/// link is followed, rights are kept, and a terminal, pipe or device gets the bytes.
void write_file_atomically(const std::filesystem::path& file, std::string_view bytes);
/// The same with what another program has written to the file `temporary`, which is gone then.
void replace_file(const std::filesystem::path& temporary, const std::filesystem::path& file);

}  // namespace medal
