// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// peak_memory SECONDS PROGRAM ARGUMENT...: runs the program with that much processor time and
// prints its exit status (or minus the signal) and its peak resident memory in bytes. A program of
// its own because Linux counts the memory of whoever forks: a Python that does has 20 MiB.
#include <cstdio>
#include <cstdlib>

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  auto seconds = static_cast<rlim_t>(std::strtoul(argv[1], nullptr, 10));
  pid_t child = fork();
  if (child == 0) {
    rlimit patience{seconds, seconds};
    setrlimit(RLIMIT_CPU, &patience);
    int silence = open("/dev/null", O_WRONLY | O_CLOEXEC);
    dup2(silence, STDOUT_FILENO);
    dup2(silence, STDERR_FILENO);
    execv(argv[2], argv + 2);
    _exit(127);
  }
  int status = 0;
  rusage usage{};
  if (child < 0 || wait4(child, &status, 0, &usage) != child) return 1;
  int end = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  std::printf("%d %ld\n", end, usage.ru_maxrss * 1024);
  return 0;
}
