#pragma once

#include <string>
#include <vector>

namespace medal {

/// What a finished child process leaves.
struct ChildResult {
  int exit_code = 0;   ///< 127: the program could not be started; 128 + N: ended by signal N
  std::string errors;  ///< all of its stderr
};

/// Where a child's stdout goes.
enum class ChildOutput { as_ours, nowhere };

/// Runs a program to its end, without a shell. `command[0]` is a path, or a name that is looked for in PATH.
ChildResult run_child(const std::vector<std::string>& command, ChildOutput output = ChildOutput::as_ours);

/// The exit code of what waitpid reports; 128 + N: ended by signal N.
int exit_code_of(int wait_status);

/// The last line of what a program has written: the one that says what went wrong.
std::string last_line(std::string text);

}  // namespace medal
