#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "agents/checkpoint/checkpoint.h"
#include "experiments/processes/folder_lock.h"

namespace medal {

/// runs/<name>/: what one training run leaves behind.
///   config.toml             every option, resolved
///   metrics.jsonl           one line for each iteration; tensorboard/ holds the same
///   checkpoints/            <steps>.medal, and `latest`, a link to the newest
///   expert.medal            a copy of environment.expert_agent, where tasks name it
///   eval/, replays/           <steps>.json, <steps>.replay
///   report/                  pictures
class RunFolder {
 public:
  /// Names the folder; touches nothing.
  explicit RunFolder(std::filesystem::path path) : path_(std::move(path)) {}

  const std::filesystem::path& path() const { return path_; }
  std::filesystem::path config() const { return path_ / "config.toml"; }
  std::filesystem::path metrics() const { return path_ / "metrics.jsonl"; }
  std::filesystem::path checkpoints() const { return path_ / "checkpoints"; }
  std::filesystem::path expert_agent() const { return path_ / "expert.medal"; }
  std::filesystem::path evaluations() const { return path_ / "eval"; }
  std::filesystem::path replays() const { return path_ / "replays"; }
  std::filesystem::path report() const { return path_ / "report"; }

  /// An empty folder is a name that somebody has claimed, no run.
  bool exists() const;
  /// Makes the folder and those in it where they are missing, locks it for as long as the process trains there, removes
  /// what killed processes left half-written, and writes the config. Throws UserError, naming the path and the mend,
  /// where that is impossible, another process trains there, or a fresh run would begin in a folder that holds one; a
  /// folder that it made is removed again.
  FolderLock open_for_training(const std::string& config_toml, bool fresh) const;
  /// Removes the folder, unless it holds a whole checkpoint: nothing can go on from it. Throws UserError where another
  /// process trains there.
  void remove_unsaved() const;
  /// Those that there are, oldest first.
  std::vector<std::filesystem::path> checkpoint_files() const;
  /// checkpoints/<steps>.medal
  std::filesystem::path checkpoint_file(std::int64_t steps) const;
  /// Points `latest` at a checkpoint that was just written and removes all but the newest `keep` up to it.
  void publish_checkpoint(const std::filesystem::path& file, int keep) const;
  /// The newest whole checkpoint, opened; damaged ones are passed over, and what is written or removed meanwhile does
  /// not matter. Nothing where there is none.
  std::optional<Checkpoint> newest_checkpoint() const;
  /// eval/<steps>.json
  std::filesystem::path evaluation_file(std::int64_t steps) const;
  /// replays/<steps>.replay
  std::filesystem::path replay_file(std::int64_t steps) const;
  /// Empty where there is none.
  std::filesystem::path newest_replay() const;
  /// Empty where there is none.
  std::filesystem::path newest_evaluation() const;

 private:
  std::filesystem::path path_;
};

/// Where runs live, below the working folder.
inline constexpr const char* kRunsFolder = "runs";

/// The folder of a run that was named on the command line: a name below runs/. Throws UserError on names that leave it,
/// or that are no text that commands and files can hold.
RunFolder run_folder_of(const std::string& name);
/// The first of `stem`, stem-2, stem-3 ... that is free below runs/, claimed by its empty folder: no other process gets
/// it. Throws UserError where it cannot be made.
RunFolder claim_run_folder(const std::string& stem);
/// The run below runs/ that was written to last. Throws UserError where there is none.
std::string newest_run_name();

/// What the user means by RUN: a name below runs/, else a folder. Throws UserError.
RunFolder find_run(const std::string& run);

/// What the user means by AGENT: a name below runs/, else the name of an agent that ships, else a path of a checkpoint,
/// a run or an exported agent. Opens it; of a run, the newest checkpoint. Throws UserError with the mend.
Checkpoint open_checkpoint(const std::string& agent);

}  // namespace medal
