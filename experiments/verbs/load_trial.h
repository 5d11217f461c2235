#pragma once

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstddef>
#include <cstdio>

// Within a low limit on memory (ulimit -v) LibTorch ends a process, or has it hang, while it is loaded: before main. So
// where there is such a limit, a child tries it first. For the main.cpp of a program alone: what runs before the
// libraries it is linked with (.preinit_array) cannot lie in one of them.

namespace medal {

inline constexpr unsigned kLongestLoad = 15;  ///< seconds; then it hangs

/// What OpenBLAS takes for its first product, 128 MiB, and waits for without end where that is not to be had; and a
/// little more.
inline constexpr std::size_t kFirstProduct = std::size_t{160} << 20;

/// Whether this process is the child that tries: main then ends with trial_result().
inline bool only_tries_to_load = false;

/// Exit code of that child, once all is loaded: 0 where enough is left to compute with.
inline int trial_result() {
  return ::mmap(nullptr, kFirstProduct, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? 1 : 0;
}

/// Returns in the child, and in the parent once that child has come to its end. Nothing but the C library can be used.
inline void try_to_load() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_AS, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return;
  const pid_t child = ::fork();
  if (child < 0) return;
  if (child == 0) {
    only_tries_to_load = true;
    const rlimit no_core_file{};
    ::setrlimit(RLIMIT_CORE, &no_core_file);
    const int nowhere = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    for (const int stream : {STDOUT_FILENO, STDERR_FILENO}) ::dup2(nowhere, stream);
    ::signal(SIGALRM, SIG_DFL);
    ::alarm(kLongestLoad);
    return;
  }
  int status = 0;
  if (::waitpid(child, &status, 0) == child && status == 0) return;
  ::dprintf(STDERR_FILENO, "medal: LibTorch cannot be loaded within %llu kB of memory; raise the limit (ulimit -v)\n",
            static_cast<unsigned long long>(limit.rlim_cur / 1024));
  ::_exit(2);
}

[[gnu::section(".preinit_array"), gnu::used]] static void (*const try_to_load_first)() = try_to_load;

}  // namespace medal
