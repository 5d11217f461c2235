#pragma once

#include <filesystem>
#include <vector>

#include "agents/recordings/replay.h"
#include "experiments/runs/run_folder.h"

namespace medal {

/// Draws the learning curves of one run folder, or of several over each other, into the PNG `out`; where that is empty,
/// into RUN/report/learning_curves.png (one run) or ./learning_curves.png. Runs experiments/plots/learning_curves.py by
/// a python3 that has matplotlib. Throws UserError, with the script's own line where the metrics are missing or empty.
void write_learning_curves(const std::vector<std::filesystem::path>& runs, const std::filesystem::path& out);

/// Draws one recorded episode from above, by experiments/plots/episode.py: who went where, what it earned, and when the
/// expert was seen. Writes the PNG `out`. Throws UserError as write_learning_curves does, and where the replay does not
/// come out as recorded.
void write_episode_picture(const Replay& replay, const std::filesystem::path& out);

/// All pictures of one run, into its report/: the learning curves, an episode from its newest replay, if it has one,
/// and the phases of its learning, if it was evaluated at least twice (phases.md and phases.json say when they began).
void write_run_pictures(const RunFolder& run);

/// Draws a study by experiments/plots/study.py into the folder of its `summary` (experiments/ablation/study_summary.h),
/// where its results are too: curves.png, ct.png and scores.png. Throws UserError as write_learning_curves does.
void write_study_pictures(const std::filesystem::path& summary);

/// Makes a page of one or several cards (experiments/card/card_run.h), by experiments/plots/card.py: one file of HTML
/// with its pictures inside, and the pages of the `games`. Throws UserError as write_learning_curves does.
void write_card_page(const std::filesystem::path& json, const std::vector<std::filesystem::path>& games,
                     const std::filesystem::path& out);

}  // namespace medal
