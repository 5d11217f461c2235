/* Preloaded into a program: of all that it does to files on the disk, the n-th fails, is cut short, or is where the
   process is killed. FAIL_AT: n from 1, 0 to count only. FAIL_HOW: error, short or kill. FAIL_COUNT: a file that the
   number is written to at the end. What goes to pipes and terminals does not count. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_int count;

/* 0: goes on as ever; 1: to fail; 2: to be cut short. */
static int verdict(void) {
  const char* at = getenv("FAIL_AT");
  const char* how = getenv("FAIL_HOW");
  const int n = atomic_fetch_add(&count, 1) + 1;
  if (at == NULL || how == NULL || n != atoi(at)) return 0;
  if (strcmp(how, "kill") == 0) raise(SIGKILL);
  return strcmp(how, "short") == 0 ? 2 : 1;
}

static int is_on_disk(int descriptor) {
  struct stat status;
  return fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode) && status.st_nlink > 0;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int descriptor, const void* bytes, size_t size) {
  const int what = is_on_disk(descriptor) ? verdict() : 0;
  if (what == 1) return errno = ENOSPC, -1;
  return REAL(write)(descriptor, bytes, what == 2 ? (size + 1) / 2 : size);
}

ssize_t pwrite(int descriptor, const void* bytes, size_t size, off_t offset) {
  const int what = is_on_disk(descriptor) ? verdict() : 0;
  if (what == 1) return errno = ENOSPC, -1;
  return REAL(pwrite)(descriptor, bytes, what == 2 ? (size + 1) / 2 : size, offset);
}

ssize_t pwrite64(int descriptor, const void* bytes, size_t size, off64_t offset) {
  return pwrite(descriptor, bytes, size, offset);
}

ssize_t writev(int descriptor, const struct iovec* parts, int number) {
  if (is_on_disk(descriptor) && verdict() == 1) return errno = ENOSPC, -1;
  return REAL(writev)(descriptor, parts, number);
}

int rename(const char* from, const char* to) {
  if (verdict() == 1) return errno = EIO, -1;
  return REAL(rename)(from, to);
}

int fsync(int descriptor) {
  if (verdict() == 1) return errno = EIO, -1;
  return REAL(fsync)(descriptor);
}

int ftruncate(int descriptor, off_t length) {
  if (verdict() == 1) return errno = EIO, -1;
  return REAL(ftruncate)(descriptor, length);
}

int mkdir(const char* path, mode_t mode) {
  if (verdict() == 1) return errno = ENOSPC, -1;
  return REAL(mkdir)(path, mode);
}

int symlink(const char* target, const char* path) {
  if (verdict() == 1) return errno = EIO, -1;
  return REAL(symlink)(target, path);
}

int link(const char* from, const char* to) {
  if (verdict() == 1) return errno = EIO, -1;
  return REAL(link)(from, to);
}

int unlink(const char* path) {
  if (verdict() == 1) return errno = EIO, -1;
  return REAL(unlink)(path);
}

static int opened(const char* path, int flags, mode_t mode) {
  if ((flags & O_CREAT) != 0 && verdict() == 1) return errno = ENOSPC, -1;
  return REAL(open)(path, flags, mode);
}

int open(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return opened(path, flags, mode);
}

int open64(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  return opened(path, flags, mode);
}

__attribute__((destructor)) static void tell(void) {
  const char* file = getenv("FAIL_COUNT");
  if (file == NULL) return;
  int most = 0; /* of a process that this one has started, perhaps */
  FILE* before = fopen(file, "r");
  if (before != NULL) {
    if (fscanf(before, "%d", &most) != 1) most = 0;
    fclose(before);
  }
  if (atomic_load(&count) <= most) return;
  FILE* out = fopen(file, "w");
  if (out == NULL) return;
  fprintf(out, "%d\n", atomic_load(&count));
  fclose(out);
}
