// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The system calls of flash-init, straight to the kernel: there is no C library in it. Linux o32
// convention (arch/mips/kernel/scall32-o32.S): number in $v0, four arguments in $a0-$a3, the fifth
// at 16($sp); afterwards $a3 is non-zero on failure and $v0 then holds the positive errno.

#pragma once

#include <asm/unistd.h>
#include <linux/fcntl.h>
#include <linux/mount.h>

typedef __SIZE_TYPE__ usize;

/// One system call with up to five arguments. Returns the result, or -errno.
static inline long system_call(long number, long first, long second, long third, long fourth,
                               long fifth) {
  register long v0 __asm__("$2") = number;
  register long a0 __asm__("$4") = first;
  register long a1 __asm__("$5") = second;
  register long a2 __asm__("$6") = third;
  register long a3 __asm__("$7") = fourth;
  __asm__ volatile(
      "addiu $sp, $sp, -32\n\t"
      "sw %[fifth], 16($sp)\n\t"
      "syscall\n\t"
      "addiu $sp, $sp, 32"
      : "+r"(v0), "+r"(a3)
      : "r"(a0), "r"(a1), "r"(a2), [fifth] "r"(fifth)
      : "$1", "$3", "$8", "$9", "$10", "$11", "$12", "$13", "$14", "$15", "$24", "$25", "hi", "lo",
        "memory");
  return a3 != 0 ? -v0 : v0;
}

static inline long sys_open(const char* path, int flags) {
  return system_call(__NR_open, (long)path, flags, 0, 0, 0);
}

static inline long sys_close(long fd) {
  return system_call(__NR_close, fd, 0, 0, 0, 0);
}

static inline long sys_read(long fd, void* buffer, usize size) {
  return system_call(__NR_read, fd, (long)buffer, (long)size, 0, 0);
}

static inline long sys_write(long fd, const void* bytes, usize size) {
  return system_call(__NR_write, fd, (long)bytes, (long)size, 0, 0);
}

static inline long sys_getdents64(long fd, void* buffer, usize size) {
  return system_call(__NR_getdents64, fd, (long)buffer, (long)size, 0, 0);
}

static inline long sys_dup2(long from, long to) {
  return system_call(__NR_dup2, from, to, 0, 0, 0);
}

static inline long sys_mount(const char* source, const char* target, const char* type,
                             unsigned long flags) {
  return system_call(__NR_mount, (long)source, (long)target, (long)type, (long)flags, 0);
}

static inline long sys_umount(const char* target) {
  return system_call(__NR_umount2, (long)target, 0, 0, 0, 0);
}

static inline long sys_unlink(const char* path) {
  return system_call(__NR_unlink, (long)path, 0, 0, 0, 0);
}

static inline long sys_chdir(const char* path) {
  return system_call(__NR_chdir, (long)path, 0, 0, 0, 0);
}

static inline long sys_chroot(const char* path) {
  return system_call(__NR_chroot, (long)path, 0, 0, 0, 0);
}

static inline long sys_execve(const char* path, char** argv, char** envp) {
  return system_call(__NR_execve, (long)path, (long)argv, (long)envp, 0, 0);
}

static inline long sys_getpid(void) {
  return system_call(__NR_getpid, 0, 0, 0, 0, 0);
}

static inline void sys_sleep_milliseconds(long milliseconds) {
  long duration[2] = {milliseconds / 1000, milliseconds % 1000 * 1000000};
  system_call(__NR_nanosleep, (long)duration, 0, 0, 0, 0);
}

static inline __attribute__((noreturn)) void sys_exit(int status) {
  for (;;) {
    system_call(__NR_exit, status, 0, 0, 0, 0);
  }
}
