#include "experiments/runs/run_folder.h"

#include <signal.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <set>
#include <vector>

#include "agents/recordings/replay.h"
#include "experiments/processes/command_text.h"
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

/// What a process that was killed had not yet given its name: "FILE.tmp1234", of process 1234.
void remove_leftovers(const fs::path& folder) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder, ignored)) {
    const std::string extension = entry.path().extension().string(), mark = ".tmp";
    if (!extension.starts_with(mark) || extension == mark) continue;
    pid_t process = 0;
    const char *begin = extension.data() + mark.size(), *end = extension.data() + extension.size();
    if (std::from_chars(begin, end, process).ptr != end || process <= 0) continue;
    if (::kill(process, 0) != 0 && errno == ESRCH) fs::remove(entry.path(), ignored);
  }
}

FolderLock lock_for_training(const fs::path& folder) {
  return FolderLock(folder, "run '" + folder.string() +
                                "' is being trained by another process; wait for it or stop it, or choose another "
                                "--run name");
}

/// One folder below another, no path.
bool is_plain_name(const std::string& name) {
  return !name.empty() && name.find('/') == std::string::npos && name != "." && name != "..";
}

/// The run below runs/ of that name, if there is one.
std::optional<RunFolder> run_called(const std::string& name) {
  std::error_code ignored;
  const fs::path folder = fs::path(kRunsFolder) / name;
  if (!is_plain_name(name) || !fs::is_directory(folder, ignored)) return std::nullopt;
  return RunFolder(folder);
}

}  // namespace

bool RunFolder::exists() const {
  std::error_code error;
  const bool empty = fs::is_empty(path_, error);
  return fs::exists(path_, error) && !empty;
}

FolderLock RunFolder::open_for_training(const std::string& config_toml, bool fresh) const {
  make_folder(path_);
  FolderLock lock = lock_for_training(path_);
  const bool is_new = !exists();
  if (fresh && !is_new) throw UserError("run '" + path_.string() + "' exists already; choose another --run name");
  for (const fs::path& folder : {path_, checkpoints(), evaluations(), replays(), report()}) remove_leftovers(folder);
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
  if (newest_checkpoint()) return;
  std::error_code error;
  fs::remove_all(path_, error);
  if (error) throw UserError("cannot remove '" + path_.string() + "': " + error.message() + "; remove it yourself");
}

std::vector<fs::path> RunFolder::checkpoint_files() const {
  std::vector<fs::path> files = newest_first(checkpoints(), kExtension);
  std::reverse(files.begin(), files.end());
  return files;
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

std::optional<Checkpoint> RunFolder::newest_checkpoint() const {
  std::set<fs::path> damaged;
  for (bool vanished = true; vanished;) {
    vanished = false;
    for (const fs::path& file : newest_first(checkpoints(), kExtension)) {
      if (damaged.contains(file)) continue;
      try {
        return Checkpoint(file);
      } catch (const UserError& error) {
        std::error_code ignored;
        vanished = !fs::exists(file, ignored);  // the run goes on: there is a newer one
        if (vanished) break;
        std::fprintf(stderr, "medal: passing over it: %s\n", error.what());
        damaged.insert(file);
      }
    }
  }
  return std::nullopt;
}

RunFolder run_folder_of(const std::string& name) {
  if (!is_plain_name(name))
    throw UserError("--run '" + name + "' is not a plain name; runs are kept in " + std::string(kRunsFolder) +
                    "/NAME below the working folder");
  if (name.starts_with('-') || !is_text(name))
    throw UserError("--run '" + name + "': a name begins with no dash, and is UTF-8 text of one line");
  return RunFolder(fs::path(kRunsFolder) / name);
}

RunFolder claim_run_folder(const std::string& stem) {
  make_folder(kRunsFolder);
  std::string name = stem;
  for (int i = 2;; ++i) {
    RunFolder run = run_folder_of(name);
    if (make_folder(run.path())) return run;
    name = stem + "-" + std::to_string(i);
  }
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
  if (const auto named = run_called(run)) return *named;
  std::error_code ignored;
  if (fs::is_directory(run, ignored)) return RunFolder(run);
  throw UserError("there is no run '" + run + "'; give a name or folder in " + kRunsFolder + "/");
}

Checkpoint open_checkpoint(const std::string& agent) {
  const auto named = run_called(agent);
  if (!named && is_plain_name(agent))
    if (const fs::path shipped = shipped_agent_called(agent); !shipped.empty())
      return Checkpoint(ExportedAgent(shipped).agent());
  std::error_code ignored;
  if (!named && fs::exists(agent, ignored) && !fs::is_directory(agent, ignored)) return Checkpoint(agent);
  const RunFolder run = find_run(agent);
  if (std::optional<Checkpoint> newest = run.newest_checkpoint()) return *std::move(newest);
  const ExportedAgent exported(run.path());
  if (!exported.exists())
    throw UserError("'" + run.path().string() +
                    "' holds no checkpoint; give a run that 'medal train' has saved, or an " +
                    "agent that 'medal export' has written");
  return Checkpoint(exported.agent());
}

}  // namespace medal
