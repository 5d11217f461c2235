#pragma once

#include <span>

#include "experiments/verbs/verbs.h"

namespace CLI {
class App;
}

namespace medal {

/// `main` of a program made of verbs: adds them to `app`, parses, runs the one that is named and returns the exit code.
/// What a user did wrong becomes one line on stderr that begins with the program's name, and exit code 2.
int run_command_line(CLI::App& app, std::span<const Verb> verbs, int argc, char** argv);

}  // namespace medal
