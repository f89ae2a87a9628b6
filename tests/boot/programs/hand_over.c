// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The init of a root that judges how it was started: whether anything of the initramfs is still in
// use, what its memory is worth, what the environment is. Says "probe: ..." lines and goes off.
// A hook in the initramfs told it what to compare with, in the variables OLD_ROOT (the device
// number of the initramfs) and MEMORY_BEFORE (MemAvailable in KiB).
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <unistd.h>

extern char **environ;

static unsigned long long old_root;
static int found;

static void judge(const char *path) {
  struct stat entry;
  if (stat(path, &entry) != 0 || entry.st_dev != old_root) return;
  printf("probe: %s is on the old root\n", path);
  ++found;
}

// Each link in the folder, such as /proc/1/fd.
static void judge_all(const char *folder) {
  DIR *list = opendir(folder);
  struct dirent *entry;
  if (list == NULL) {
    printf("probe: cannot read %s\n", folder);
    ++found;
    return;
  }
  while ((entry = readdir(list)) != NULL) {
    char path[600];
    if (entry->d_name[0] == '.') continue;
    snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
    judge(path);
  }
  closedir(list);
}

static void show_name(const char *process) {
  char path[300], name[200];
  snprintf(path, sizeof path, "/proc/%s/cmdline", process);
  FILE *file = fopen(path, "r");
  size_t size = file != NULL ? fread(name, 1, sizeof name - 1, file) : 0;
  if (file != NULL) fclose(file);
  name[size] = '\0';
  printf("probe: program %s is called %s\n", process, name);
}

// Whether `process` has a program: kernel threads have none.
static int judge_process(const char *process) {
  const char *links[] = {"cwd", "root", "exe"};
  char path[300], target[300];
  snprintf(path, sizeof path, "/proc/%s/exe", process);
  if (readlink(path, target, sizeof target) < 0) return 0;
  for (int i = 0; i < 3; ++i) {
    snprintf(path, sizeof path, "/proc/%s/%s", process, links[i]);
    judge(path);
  }
  snprintf(path, sizeof path, "/proc/%s/fd", process);
  judge_all(path);
  snprintf(path, sizeof path, "/proc/%s/map_files", process);
  judge_all(path);
  show_name(process);
  return 1;
}

static int judge_processes(void) {
  int programs = 0;
  DIR *list = opendir("/proc");
  struct dirent *entry;
  while (list != NULL && (entry = readdir(list)) != NULL) {
    if (isdigit((unsigned char)entry->d_name[0])) programs += judge_process(entry->d_name);
  }
  return programs;
}

static long value_of(const char *key) {
  char line[200];
  long value = -1;
  FILE *file = fopen("/proc/meminfo", "r");
  while (file != NULL && fgets(line, sizeof line, file) != NULL) {
    if (strncmp(line, key, strlen(key)) == 0) value = atol(line + strlen(key));
  }
  if (file != NULL) fclose(file);
  return value;
}

static void show(const char *path) {
  char line[500];
  FILE *file = fopen(path, "r");
  while (file != NULL && fgets(line, sizeof line, file) != NULL) printf("probe: %s: %s", path, line);
  if (file != NULL) fclose(file);
}

static void go_off(void) {
  int trigger = open("/proc/sysrq-trigger", O_WRONLY);
  mount("", "/opt", "", MS_REMOUNT | MS_RDONLY, "");
  mount("", "/", "", MS_REMOUNT | MS_RDONLY, "");
  if (trigger >= 0 && write(trigger, "u", 1) == 1) sleep(1);
  sync();
  reboot(RB_POWER_OFF);
}

int main(void) {
  const char *before = getenv("MEMORY_BEFORE"), *device = getenv("OLD_ROOT");
  struct stat root;
  setvbuf(stdout, NULL, _IOLBF, 0);
  old_root = device != NULL ? strtoull(device, NULL, 10) : 0;
  printf("probe: process %d, old root %llu, root %llu\n", (int)getpid(), old_root,
         stat("/", &root) == 0 ? (unsigned long long)root.st_dev : 0);
  for (char **variable = environ; *variable != NULL; ++variable) printf("probe: has %s\n", *variable);
  printf("probe: %d programs run\n", judge_processes());
  printf("probe: %ld KiB more than before\n",
         value_of("MemAvailable:") - (before != NULL ? atol(before) : 0));
  printf("probe: %ld KiB of swap\n", value_of("SwapTotal:"));
  show("/proc/mounts");
  close(open("/written", O_WRONLY | O_CREAT, 0644));
  printf("probe: /written %s\n", access("/written", F_OK) == 0 ? "is there" : "is not there");
  printf("probe: %d references to the old root\n", found);
  go_off();
  return 1;
}
