#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

namespace medal {

/// Draws the learning curves of one run folder, or of several over each other, into the PNG `out`; where that is empty,
/// into RUN/report/learning_curves.png (one run) or ./learning_curves.png. Runs experiments/plots/learning_curves.py by
/// a python3 that has matplotlib. Throws UserError, with the script's own line where the metrics are missing or empty.
void write_report(const std::vector<std::filesystem::path>& runs, const std::filesystem::path& out);

/// The text of experiments/plots/learning_curves.py. Defined in a file that CMake writes.
std::string_view learning_curves_script();

}  // namespace medal
