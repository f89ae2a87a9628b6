// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// PID 1 of the flash kernel's initramfs: finds the partition *named* rootfs, makes it the root and
// becomes its /etc/preinit, leaving nothing behind. See README.md. It opens no device for writing
// and has no second choice: if there is no such root it says what it saw and ends, which makes the
// kernel panic and, with panic=10, reboot.

#include "names.h"
#include "system.h"

#define ROOT_NAME "rootfs"
#define PREINIT "/etc/preinit"

enum {
  kPollMilliseconds = 100,
  kPolls = 50,  // 5 s: built-in drivers have probed long before; a chip that is not there by then
                // never comes.
  kTextSize = 4096,
};

/// As getdents64 returns it (linux include/linux/dirent.h).
struct DirectoryEntry {
  unsigned long long inode;
  long long offset;
  unsigned short record_length;
  unsigned char type;
  char name[];
};

static char text[kTextSize];
static char entries[kTextSize] __attribute__((aligned(8)));
static char device[8 + kDeviceNameSize];
static long last_error;

static usize length_of(const char* string) {
  usize length = 0;
  while (string[length] != '\0') {
    ++length;
  }
  return length;
}

static void say(const char* string) {
  sys_write(2, string, length_of(string));
}

static char* append(char* to, const char* string) {
  while (*string != '\0') {
    *to++ = *string++;
  }
  *to = '\0';
  return to;
}

/// Writes `number` (0 to 99999) in decimal to `to`. Returns the position behind it.
static char* append_number(char* to, long number) {
  char digits[6];
  int count = 0;
  do {
    digits[count++] = (char)('0' + number % 10);
    number /= 10;
  } while (number != 0 && count < 5);
  while (count > 0) {
    *to++ = digits[--count];
  }
  *to = '\0';
  return to;
}

/// Says `what`, and with a negative `error` (-errno) its number.
static void complain(const char* what, long error) {
  say("flash-init: ");
  say(what);
  if (error < 0) {
    char number[8];
    append_number(number, -error);
    say(": error ");
    say(number);
  }
  say("\n");
}

/// Reads the start of a file into `text` as a string. Returns 0 if it cannot be opened.
static int read_text(const char* path) {
  const long fd = sys_open(path, O_RDONLY | O_CLOEXEC);
  if (fd < 0) {
    return 0;
  }
  usize size = 0;
  long count;
  while (size < kTextSize - 1 && (count = sys_read(fd, text + size, kTextSize - 1 - size)) > 0) {
    size += (usize)count;
  }
  text[size] = '\0';
  sys_close(fd);
  return 1;
}

static void show_text(const char* path) {
  if (read_text(path)) {
    say(path);
    say(":\n");
    say(text);
  }
}

/// Tries to mount `device` on /new-root. Returns 1 on success.
static int mount_device(void) {
  last_error = sys_mount(device, "/new-root", "squashfs", MS_RDONLY);
  if (last_error < 0) {
    complain(device, last_error);
  }
  return last_error == 0;
}

/// Tries every flash partition of the right name, in the order of their numbers.
static int mount_from_mtd(void) {
  if (!read_text("/proc/mtd")) {
    return 0;
  }
  int number;
  for (const char* at = text; (at = next_mtd_called(at, ROOT_NAME, &number)) != 0;) {
    append_number(append(device, "/dev/mtdblock"), number);
    if (mount_device()) {
      return 1;
    }
  }
  return 0;
}

/// Tries the disk partition `name` if it is called rootfs.
static int mount_if_called(const char* name) {
  char path[80];
  char device_name[kDeviceNameSize];
  if (name[0] == '.' || length_of(name) >= kDeviceNameSize) {
    return 0;
  }
  append(append(append(path, "/sys/class/block/"), name), "/uevent");
  if (!read_text(path) || !uevent_device_called(text, ROOT_NAME, device_name)) {
    return 0;
  }
  append(append(device, "/dev/"), device_name);
  return mount_device();
}

/// Tries every disk partition of the right name: the emulated board's flash is a disk.
static int mount_from_disk(void) {
  const long directory = sys_open("/sys/class/block", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) {
    return 0;
  }
  int mounted = 0;
  long size;
  while (!mounted && (size = sys_getdents64(directory, entries, sizeof entries)) > 0) {
    for (long at = 0; !mounted && at < size;) {
      const struct DirectoryEntry* entry = (const struct DirectoryEntry*)(entries + at);
      mounted = mount_if_called(entry->name);
      at += entry->record_length;
    }
  }
  sys_close(directory);
  return mounted;
}

static __attribute__((noreturn)) void give_up(const char* what, long error) {
  complain(what, error);
  sys_exit(1);
}

/// Mounts the partition named rootfs on /new-root, or says which partitions there are and ends.
static void mount_root(void) {
  for (int poll = 0; poll < kPolls; ++poll) {
    if (mount_from_mtd() || mount_from_disk()) {
      return;
    }
    if (last_error < 0) {
      break;  // It is there but no squashfs: waiting does not mend it.
    }
    sys_sleep_milliseconds(kPollMilliseconds);
  }
  show_text("/proc/mtd");
  show_text("/proc/partitions");
  give_up("no squashfs on a partition named " ROOT_NAME, 0);
}

/// Makes /new-root the root directory, with devtmpfs on its /dev as after a root= mount by the
/// kernel.
static void move_into_root(void) {
  sys_umount("/sys");
  sys_umount("/proc");
  long error = sys_mount("/dev", "/new-root/dev", 0, MS_MOVE);
  if (error < 0) {
    complain("/dev of the root", error);
    sys_umount("/dev");
  }
  sys_unlink("/init");  // Its memory is free as soon as preinit replaces this program.
  if ((error = sys_chdir("/new-root")) < 0 || (error = sys_mount(".", "/", 0, MS_MOVE)) < 0 ||
      (error = sys_chroot(".")) < 0 || (error = sys_chdir("/")) < 0) {
    give_up("moving into the root", error);
  }
}

/// Standard input, output and error on the root's own console, no other descriptor open.
static void open_console(void) {
  const long console = sys_open("/dev/console", O_RDWR);
  if (console < 0) {
    complain("/dev/console of the root", console);
    return;
  }
  for (long fd = 0; fd <= 2; ++fd) {
    sys_dup2(console, fd);
  }
  if (console > 2) {
    sys_close(console);
  }
}

__attribute__((noreturn, used)) static void run(char** stack) {
  char** argv = stack + 1;
  char** envp = argv + (long)stack[0] + 1;
  if (sys_getpid() != 1) {
    give_up("runs only as the first process of the flash kernel", 0);
  }
  sys_mount("devtmpfs", "/dev", "devtmpfs", 0);
  sys_mount("proc", "/proc", "proc", 0);
  sys_mount("sysfs", "/sys", "sysfs", 0);
  mount_root();
  say("flash-init: the root is ");
  say(device);
  say("\n");
  move_into_root();
  open_console();
  argv[0] = PREINIT;
  give_up(PREINIT, sys_execve(PREINIT, argv, envp));
}

// The kernel starts the program here with argc, argv and envp on the stack.
__asm__(
    ".text\n"
    ".globl __start\n"
    ".ent __start\n"
    "__start:\n"
    "\tmove $a0, $sp\n"
    "\taddiu $sp, $sp, -32\n"
    "\tjal run\n"
    ".end __start\n");
