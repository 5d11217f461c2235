#pragma once

#include <span>

#include "experiments/verbs/verbs.h"

namespace medal {

/// The verbs of medal-viewer.
std::span<const Verb> viewer_verbs();

void add_play(CLI::App& app, Program& program);
void add_watch(CLI::App& app, Program& program);
void add_replay(CLI::App& app, Program& program);
void add_picture(CLI::App& app, Program& program);
void add_video(CLI::App& app, Program& program);
void add_page(CLI::App& app, Program& program);

}  // namespace medal
