#pragma once

#include <string>
#include <vector>

namespace medal {

/// Processors that this process may run on.
int available_cores();

/// Whether a launcher (torchrun, mpirun, srun, or `run_local_ranks`) has started this process as one rank of several.
bool launched_as_rank();

/// Runs this program `ranks` times with the given arguments (without the program's name), each process with one
/// compute thread and the usual rank variables, and waits for all. SIGINT and SIGTERM are passed on. When one fails,
/// the others are stopped. Returns the exit code: 0, or the first failure's.
int run_local_ranks(int ranks, const std::vector<std::string>& arguments);

}  // namespace medal
