#pragma once

#include <functional>
#include <optional>
#include <string>

namespace medal {

/// Which rank this process is and where all ranks meet.
struct RankSettings {
  int rank = 0;
  int size = 1;
  std::string host = "127.0.0.1";  ///< of the store where ranks meet; rank 0's machine
  int port = 29500;
  bool host_store = true;     ///< rank 0 opens the store; false where the launcher (torchrun) has opened it
  bool shared_memory = true;  ///< whether ranks that are all on one machine meet in its memory
  std::string prefix;         ///< keeps restarts by the launcher apart
  /// Whether somebody wants this process to end; then it waits for no other rank much longer. Null for never.
  std::function<bool()> asked_to_stop = nullptr;
};

/// Looks up an environment variable; nothing where it is not set.
using Lookup = std::function<std::optional<std::string>(const char* name)>;

/// Reads torchrun's variables (RANK, WORLD_SIZE, MASTER_ADDR, MASTER_PORT, TORCHELASTIC_*), else Open MPI's
/// (OMPI_COMM_WORLD_*), else Slurm's (SLURM_*, inside srun). A single process where none is set or the size is 1.
/// Throws UserError on numbers that make no sense together.
RankSettings read_rank_settings(const Lookup& lookup);

/// The same from this process's environment; empty variables count as not set.
RankSettings environment_rank_settings();

/// The first host of a Slurm node list: "node[03-07,9],other" is "node03".
std::string first_slurm_host(const std::string& nodes);

}  // namespace medal
