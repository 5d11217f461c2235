/* Preloaded into a program: at the beginning of its main, where all libraries are loaded, it waits for runs that are
   asked of it and forks one for each: loading LibTorch takes longer than a short run itself. A run is asked for on the
   standard input, in lines: its folder and the files for its output and its errors; its variables, as NAME=value; its
   arguments; an empty line after each of these three. The answer is a line: how it ended, as waitpid tells it. The end
   of the input ends the program. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { kMost = 100, kFailed = 99 };

typedef int Main(int, char**, char**);

static Main* real_main;

/* Lines up to an empty one, and how many they are. */
static int read_lines(char** lines) {
  int number = 0;
  for (char line[4096]; fgets(line, sizeof line, stdin) != NULL && strcmp(line, "\n") != 0; ++number) {
    if (number == kMost) exit(kFailed);
    line[strcspn(line, "\n")] = '\0';
    lines[number] = strdup(line);
  }
  lines[number] = NULL;
  return number;
}

static void open_as(int descriptor, const char* path, int flags) {
  const int opened = open(path, flags);
  if (opened < 0 || dup2(opened, descriptor) < 0) _exit(kFailed);
  close(opened);
}

static int run(char** places, char** variables, int argc, char** argv) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (chdir(places[0]) != 0) _exit(kFailed);
  open_as(0, "/dev/null", O_RDONLY);
  open_as(1, places[1], O_WRONLY | O_TRUNC);
  open_as(2, places[2], O_WRONLY | O_TRUNC);
  for (; *variables != NULL; ++variables) putenv(*variables);
  return real_main(argc, argv, environ);
}

static int serve(int argc, char** argv, char** environment) {
  unsetenv("LD_PRELOAD"); /* what a run starts is not asked for here */
  static char *places[kMost + 1], *variables[kMost + 1], *arguments[kMost + 1];
  arguments[0] = argv[0];
  (void)argc, (void)environment;
  while (read_lines(places) == 3) {
    read_lines(variables);
    const int number = read_lines(arguments + 1) + 1;
    const pid_t child = fork();
    if (child == 0) return run(places, variables, number, arguments);
    int status = 0;
    if (child < 0 || waitpid(child, &status, 0) != child) return kFailed;
    printf("%d\n", status);
    fflush(stdout);
  }
  return 0;
}

int __libc_start_main(Main* main, int argc, char** argv, void (*init)(void), void (*fini)(void),
                      void (*loader_fini)(void), void* stack_end) {
  real_main = main;
  __typeof__(&__libc_start_main) real = (__typeof__(&__libc_start_main))dlsym(RTLD_NEXT, "__libc_start_main");
  return real(serve, argc, argv, init, fini, loader_fini, stack_end);
}
