#pragma once

#include <memory>
#include <string>
#include <vector>

#include "agents/ranks/lost_rank.h"
#include "agents/ranks/rank_settings.h"

namespace at {
class Tensor;
}

namespace medal {

/// Collectives between ranks (one process each). All ranks must make the same calls in the same order;
/// each may throw LostRank.
class Communicator {
 public:
  virtual ~Communicator() = default;
  virtual int rank() const = 0;
  virtual int size() const = 0;
  /// Sums in place over ranks (float or double or int64 CPU tensor).
  virtual void all_reduce_sum(at::Tensor& tensor) = 0;
  virtual void all_reduce_max(at::Tensor& tensor) = 0;
  /// Copies rank 0's values to all, in place.
  virtual void broadcast(at::Tensor& tensor) = 0;
  /// Every rank's bytes, in rank order, on every rank.
  virtual std::vector<std::string> all_gather(const std::string& bytes) = 0;
  virtual void barrier() = 0;
};

/// Means over ranks in place, of a float tensor on any device.
void all_reduce_mean(Communicator& communicator, at::Tensor& tensor);

/// Reads RANK, WORLD_SIZE, MASTER_ADDR, MASTER_PORT (torchrun's), or the rank variables of Open MPI and Slurm; a single
/// process when none is set. Ranks that are all on one machine meet in its shared memory, others through c10d's Gloo.
/// Throws UserError on contradictory variables or an unreachable master.
std::unique_ptr<Communicator> make_communicator();
std::unique_ptr<Communicator> make_communicator(const RankSettings& settings);

}  // namespace medal
