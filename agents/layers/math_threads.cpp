#include "agents/layers/math_threads.h"

#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <dlfcn.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace medal {
namespace {

/// A function of the BLAS that was loaded, null where it has none of this name.
template <class Function>
Function* loaded_function(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_DEFAULT, name));
}

}  // namespace

void use_one_math_thread() {
  at::set_num_threads(1);
  if (auto* set_threads = loaded_function<void(int)>("openblas_set_num_threads")) set_threads(1);
#ifdef __GLIBC__
  // Otherwise each large tensor is fetched from the system and given back, which costs a page fault for every 4 KiB.
  constexpr int kLargestBlock = 1 << 30, kLargestInOldVersions = 32 << 20;
  if (::mallopt(M_MMAP_THRESHOLD, kLargestBlock) == 0) ::mallopt(M_MMAP_THRESHOLD, kLargestInOldVersions);
  ::mallopt(M_TRIM_THRESHOLD, kLargestBlock);
#endif
}

std::string blas_name() {
  if (auto* describe_openblas = loaded_function<char*()>("openblas_get_config")) return describe_openblas();
  return at::hasMKL() ? "MKL" : "reference BLAS";
}

bool blas_is_slow() { return blas_name() == "reference BLAS"; }

}  // namespace medal
