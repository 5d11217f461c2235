#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "agents/checkpoint/observation_record.h"

namespace at {
class Tensor;
}

namespace medal {

class Adam;
class Network;
struct RankState;

/// Of the file; 2 (medal 0.1.0) is still read. 3 names the slices of the observation, the components of the actions and
/// the choices of the knobs, where 2 holds sizes and orders alone. A knob, option, slice or component more is no new
/// version: it names itself.
inline constexpr int kCheckpointVersion = 3;

/// What one file holds besides tensors. Strings are opaque here (config as TOML, curriculum as JSON).
struct CheckpointHeader {
  int version = kCheckpointVersion;  ///< of the file that it was read from
  std::string config_toml;
  std::string program_version;  ///< that trained the agent
  std::string curriculum_json;
  std::string counters_json;  ///< the trainer's own counters
  ObservationRecord observation;
  int ranks = 1;
};

/// Writes header, parameters, optimiser and all ranks' states to a temporary name in the same folder, syncs and
/// renames. Throws UserError (naming the path and the cause: full disk, permission) and leaves nothing half-written.
void save_checkpoint(const std::filesystem::path& file, const CheckpointHeader& header, const Network& network,
                     const Adam& optimizer, const std::vector<std::string>& rank_states);

/// The same file without optimiser and live episodes: enough to act, to be evaluated and to begin another run from, but
/// not to go on training. The same agent gives the same bytes.
void save_agent(const std::filesystem::path& file, const CheckpointHeader& header, const Network& network);

/// One rank's state as bytes (for gathering on rank 0), and back.
std::string pack_rank_state(const RankState& state);
/// `writer` is the version of the program that packed it. Throws UserError on what this program does not know.
RankState unpack_rank_state(const std::string& bytes, const std::string& writer);

/// An opened checkpoint. Every load verifies magic, version, length and hash first; UserError names the file and the
/// mend when it is missing, truncated, foreign, or of a program that knew more than this one.
class Checkpoint {
 public:
  explicit Checkpoint(const std::filesystem::path& file);
  const std::filesystem::path& file() const { return file_; }
  const CheckpointHeader& header() const { return header_; }
  /// The program version that wrote the file.
  const std::string& writer() const { return writer_; }
  /// Throws UserError unless the network has the same parameters in the same shapes; auxiliary heads that are newer
  /// than the file stay as they begin. Where `lidar` says what the network senses with, slices of the observation that
  /// are newer than the file weigh nothing at first; without it they must be the same.
  void load_parameters(Network& network, const LidarOptions* lidar = nullptr) const;
  void load_optimizer(const Network& network, Adam& optimizer, const LidarOptions* lidar = nullptr) const;
  /// Of a parameter; empty where the file holds none of that name.
  std::vector<std::int64_t> parameter_shape(const std::string& name) const;
  int rank_count() const;
  /// Whether a run can go on from it: false for what save_agent wrote.
  bool can_go_on() const;
  /// Whether it holds the episodes that were going on.
  bool has_live_state() const;
  RankState rank_state(int rank) const;
  /// Hash of all parameters, for comparing runs.
  std::uint64_t parameter_hash() const;
  /// The first thing in which training that led to this file differs from training that led to the other, "parameter
  /// policy.weight" say; empty where both are the same to the last bit. When it was and who wrote it plays no part.
  std::string difference_from(const Checkpoint& other) const;

 private:
  struct Blob {
    std::uint64_t offset = 0, length = 0;
    std::vector<std::int64_t> shape;
    std::int64_t step = 0;  ///< Adam's
  };
  at::Tensor tensor(const std::string& name) const;
  at::Tensor tensor_for(const std::string& name, const std::vector<std::int64_t>& shape,
                        const LidarOptions* lidar) const;

  std::filesystem::path file_;
  std::string bytes_;
  std::string writer_;  ///< version of the program that wrote the file
  CheckpointHeader header_;
  std::map<std::string, Blob> blobs_;
};

}  // namespace medal
