#pragma once

#include <filesystem>
#include <string>

namespace medal {

/// The page with the numbers of its tables as they were recorded last. Those are tables between "<!-- from FOLDER -->",
/// a folder of records below `root`, and "<!-- end -->", by their columns:
/// - `figure` names one: `NAME`, or `SUITE:NAME` where the file is not called by NAME's first word;
/// - `median` has it with its lowest and highest;
/// - `before` and `after` have a median each: of the figure; led by `.MORE`, of NAME.MORE; led by `OTHER/`, of the
///   folder OTHER beside; `times` has the greater over the lesser.
/// What was never recorded is "-". Throws std::runtime_error where a table is not like this.
std::string with_records(const std::string& page, const std::filesystem::path& root);

}  // namespace medal
