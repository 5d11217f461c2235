#pragma once

#include <string>
#include <vector>

namespace medal {

/// Processors that this process may run on, within the container's quota.
int available_cores();
/// What cgroups of version 1 say, in the form of cpu.max: cpu.cfs_quota_us and cpu.cfs_period_us, -1 for no quota.
std::string cpu_max_of_version_1(const std::string& quota, const std::string& period);
/// Of `most` cores those that a quota allows, rounded up: `cpu_max` is what the kernel writes in cpu.max, microseconds
/// of computing in a period and the period ("150000 100000"), or "max" for no quota; empty where there is no such file.
int cores_within_quota(const std::string& cpu_max, int most);

/// A port of this machine that nobody listens on now, for ranks to meet. Throws UserError if there is none.
int free_local_port();

/// Whether `run_local_ranks` started this process.
bool is_local_rank();

/// Exit code of a rank that ended because another one had: not a failure of its own.
inline constexpr int kLostRankExitCode = 3;

/// Runs this program `ranks` times with the given arguments (without the program's name), each process with the
/// usual rank variables, and waits for all. kStoppingSignals are passed on. When one fails,
/// the others are stopped. What several ranks write to stderr alike is shown once.
/// Returns the exit code: 0, or that of the first rank that failed by itself.
int run_local_ranks(int ranks, const std::vector<std::string>& arguments);

}  // namespace medal
