#include "experiments/runs/run_folder.h"

#include <algorithm>
#include <cstdio>
#include <vector>

#include "agents/checkpoint/checkpoint.h"
#include "agents/recordings/replay.h"
#include "experiments/runs/exported_agent.h"
#include "sim/base/atomic_file.h"
#include "sim/base/error.h"

namespace medal {
namespace {

namespace fs = std::filesystem;
constexpr const char* kExtension = ".medal";
constexpr const char* kLatest = "latest";

/// Files of a folder that are named by their steps, newest first.
std::vector<fs::path> newest_first(const fs::path& folder, const char* extension) {
  std::vector<fs::path> files;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored))
    if (entry.path().extension() == extension) files.push_back(entry.path());
  std::sort(files.rbegin(), files.rend());
  return files;
}

/// Of equal length, so that names sort as numbers.
std::string name_of_steps(std::int64_t steps, const char* extension) {
  char digits[32];
  std::snprintf(digits, sizeof digits, "%015lld", static_cast<long long>(steps));
  return std::string(digits) + extension;
}

/// Whether this call made it.
bool make_folder(const fs::path& folder) {
  std::error_code error;
  const bool made = fs::create_directories(folder, error);
  if (error)
    throw UserError("cannot make the run folder '" + folder.string() + "': " + error.message() +
                    "; run from a folder that you may write to");
  return made;
}

FolderLock lock_for_training(const fs::path& folder) {
  return FolderLock(folder, "run '" + folder.string() +
                                "' is being trained by another process; wait for it or stop it, or choose another "
                                "--run name");
}

}  // namespace

bool RunFolder::exists() const {
  std::error_code ignored;
  return fs::exists(path_, ignored);
}

FolderLock RunFolder::open_for_training(const std::string& config_toml) const {
  const bool is_new = make_folder(path_);
  FolderLock lock = lock_for_training(path_);
  try {
    for (const fs::path& folder : {checkpoints(), evaluations(), replays(), report()}) make_folder(folder);
    write_file_atomically(config(), config_toml);
  } catch (const UserError&) {
    std::error_code ignored;
    if (is_new) fs::remove_all(path_, ignored);  // whoever else found it first keeps it
    throw;
  }
  return lock;
}

void RunFolder::remove_unsaved() const {
  const FolderLock lock = lock_for_training(path_);
  if (!newest_checkpoint().empty()) return;
  std::error_code error;
  fs::remove_all(path_, error);
  if (error) throw UserError("cannot remove '" + path_.string() + "': " + error.message() + "; remove it yourself");
}

fs::path RunFolder::checkpoint_file(std::int64_t steps) const {
  return checkpoints() / name_of_steps(steps, kExtension);
}

fs::path RunFolder::evaluation_file(std::int64_t steps) const { return evaluations() / name_of_steps(steps, ".json"); }

fs::path RunFolder::replay_file(std::int64_t steps) const { return replays() / name_of_steps(steps, kReplayExtension); }

fs::path RunFolder::newest_replay() const {
  const std::vector<fs::path> files = newest_first(replays(), kReplayExtension);
  return files.empty() ? fs::path() : files.front();
}

fs::path RunFolder::newest_evaluation() const {
  const std::vector<fs::path> files = newest_first(evaluations(), ".json");
  return files.empty() ? fs::path() : files.front();
}

void RunFolder::publish_checkpoint(const fs::path& file, int keep) const {
  std::error_code ignored;  // `latest` is a comfort: newest_checkpoint() does without
  const fs::path link = checkpoints() / kLatest, fresh = checkpoints() / "latest.new";
  fs::remove(fresh, ignored);
  fs::create_symlink(file.filename(), fresh, ignored);
  fs::rename(fresh, link, ignored);
  int kept = 0;
  for (const fs::path& other : newest_first(checkpoints(), kExtension)) {
    // One that is newer by name was damaged and passed over when the run was resumed.
    const bool newer = other.filename() > file.filename();
    if (newer || ++kept > keep) fs::remove(other, ignored);
  }
}

fs::path RunFolder::newest_checkpoint() const {
  for (const fs::path& file : newest_first(checkpoints(), kExtension)) {
    try {
      const Checkpoint whole(file);
      return file;
    } catch (const UserError& error) {
      std::fprintf(stderr, "medal: passing over it: %s\n", error.what());
    }
  }
  return {};
}

RunFolder run_folder_of(const std::string& name) {
  const fs::path path(name);
  if (name.empty() || path.has_parent_path() || name == "." || name == "..")
    throw UserError("--run '" + name + "' is not a plain name; runs are kept in " + std::string(kRunsFolder) +
                    "/NAME below the working folder");
  return RunFolder(fs::path(kRunsFolder) / path);
}

std::string free_run_name(const std::string& stem) {
  std::string name = stem;
  for (int i = 2; run_folder_of(name).exists(); ++i) name = stem + "-" + std::to_string(i);
  return name;
}

std::string newest_run_name() {
  std::string newest;
  fs::file_time_type when{};
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(kRunsFolder, ignored)) {
    const RunFolder run(entry.path());
    const fs::file_time_type time = fs::last_write_time(run.checkpoints(), ignored);
    if (ignored || (!newest.empty() && time <= when)) continue;
    newest = entry.path().filename().string();
    when = time;
  }
  if (newest.empty())
    throw UserError("there is no run in '" + std::string(kRunsFolder) + "' to resume; start one with 'medal train'");
  return newest;
}

RunFolder find_run(const std::string& run) {
  std::error_code ignored;
  for (const fs::path& path : {fs::path(run), fs::path(kRunsFolder) / run})
    if (fs::is_directory(path, ignored)) return RunFolder(path);
  throw UserError("there is no run '" + run + "'; give a name or folder in " + kRunsFolder + "/");
}

fs::path find_checkpoint(const std::string& run_or_checkpoint) {
  std::error_code ignored;
  if (fs::is_regular_file(run_or_checkpoint, ignored)) return run_or_checkpoint;
  const RunFolder run = find_run(run_or_checkpoint);
  fs::path newest = run.newest_checkpoint();
  if (!newest.empty()) return newest;
  const ExportedAgent exported(run.path());
  if (!exported.exists())
    throw UserError("'" + run.path().string() +
                    "' holds no checkpoint; give a run that 'medal train' has saved, or an " +
                    "agent that 'medal export' has written");
  return exported.agent();
}

}  // namespace medal
