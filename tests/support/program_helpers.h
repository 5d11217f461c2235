#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "experiments/processes/child_process.h"
#include "tests/support/places.h"

namespace medal {

/// Runs the medal program in `folder` to its end; `before` is put before it (such as timeout and its options). What it
/// prints on stdout goes to folder/stdout.txt.
inline ChildResult run_medal(const std::filesystem::path& folder, const std::vector<std::string>& arguments,
                             const std::vector<std::string>& before = {}) {
  // The shell only redirects; arguments pass through unread.
  std::vector<std::string> command = {"/bin/sh", "-c", "cd \"$0\" && exec \"$@\" >stdout.txt", folder.string()};
  command.insert(command.end(), before.begin(), before.end());
  command.push_back(program_path().string());
  command.insert(command.end(), arguments.begin(), arguments.end());
  return run_child(command);
}

/// A run so small that it takes a second or two, without pictures.
inline std::vector<std::string> tiny_training(const std::string& run, const std::vector<std::string>& more = {}) {
  std::vector<std::string> arguments = {"train", "--config",           "smoke", "--run",           run,
                                        "--set", "evaluation.tasks=4", "--set", "run.report=false"};
  arguments.insert(arguments.end(), more.begin(), more.end());
  return arguments;
}

}  // namespace medal
