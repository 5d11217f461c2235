/* Preloaded into a program: from the beginning of main on, of all memory of 64 KiB and more that it asks for, the n-th is
   refused. FAIL_AT: n from 1, 0 to count only. FAIL_COUNT: a file that the number is written to at the end. What
   libraries take as they are loaded does not count: a loader that gets none ends the process by itself. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { kLarge = 64 * 1024 };

/* glibc's own, so that nothing is looked up while memory is taken. */
extern void* __libc_malloc(size_t size);
extern void* __libc_calloc(size_t number, size_t size);
extern void* __libc_realloc(void* memory, size_t size);
extern void* __libc_memalign(size_t alignment, size_t size);

static atomic_int begun, count, at;

static int is_refused(size_t size) {
  if (size < kLarge || !atomic_load(&begun)) return 0;
  if (atomic_fetch_add(&count, 1) + 1 != atomic_load(&at)) return 0;
  errno = ENOMEM;
  return 1;
}

void* malloc(size_t size) { return is_refused(size) ? NULL : __libc_malloc(size); }

void* calloc(size_t number, size_t size) {
  return size != 0 && is_refused(number * size) ? NULL : __libc_calloc(number, size);
}

void* realloc(void* memory, size_t size) { return is_refused(size) ? NULL : __libc_realloc(memory, size); }

void* aligned_alloc(size_t alignment, size_t size) {
  return is_refused(size) ? NULL : __libc_memalign(alignment, size);
}

void* memalign(size_t alignment, size_t size) { return is_refused(size) ? NULL : __libc_memalign(alignment, size); }

int posix_memalign(void** memory, size_t alignment, size_t size) {
  if (is_refused(size)) return ENOMEM;
  *memory = __libc_memalign(alignment, size);
  return *memory == NULL ? ENOMEM : 0;
}

static int (*real_main)(int, char**, char**);

static int counted_main(int argc, char** argv, char** environment) {
  const char* n = getenv("FAIL_AT");
  atomic_store(&at, n == NULL ? 0 : atoi(n));
  atomic_store(&begun, 1);
  const int code = real_main(argc, argv, environment);
  atomic_store(&begun, 0);
  const char* file = getenv("FAIL_COUNT");
  FILE* out = file == NULL ? NULL : fopen(file, "w");
  if (out != NULL) {
    fprintf(out, "%d\n", atomic_load(&count));
    fclose(out);
  }
  return code;
}

int __libc_start_main(int (*main)(int, char**, char**), int argc, char** argv, void (*init)(void), void (*fini)(void),
                      void (*loader_fini)(void), void* stack_end) {
  real_main = main;
  __typeof__(&__libc_start_main) real = (__typeof__(&__libc_start_main))dlsym(RTLD_NEXT, "__libc_start_main");
  return real(counted_main, argc, argv, init, fini, loader_fini, stack_end);
}
