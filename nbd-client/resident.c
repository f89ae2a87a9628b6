// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "resident.h"

#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/nbd.h>
#include <linux/wait.h>
#include <stddef.h>  // of BLKGETSIZE64

#include "text.h"

// MIPS has numbers and sizes of its own (linux arch/mips/include/uapi/asm/signal.h).
enum {
  kSetMask = 3,
  kMaskSize = 16,
};

enum {
  kPatience = 10000,  // milliseconds until the device has its size
  kReleasePatience = 5000,
  kPause = 20,
  kDescriptors = 256,  // more than any shell has opened
};

/// "/dev/nbd3" or "/sys/block/nbd3/pid".
struct Path {
  char text[40];
};

static struct Path path_of(const char* before, unsigned index, const char* behind) {
  struct Path path;
  usize length = length_of(before);
  memcpy(path.text, before, length);
  unsigned scale = 1;
  while (index / scale >= 10) {
    scale *= 10;
  }
  for (; scale > 0; scale /= 10) {
    path.text[length++] = (char)('0' + index / scale % 10);
  }
  memcpy(path.text + length, behind, length_of(behind) + 1);
  return path;
}

static long control(long device, unsigned long request, unsigned long argument) {
  return system_call(__NR_ioctl, device, (long)request, (long)argument, 0, 0);
}

static long open_device(unsigned index) {
  const struct Path path = path_of("/dev/nbd", index, "");
  return sys_open(path.text, O_RDWR);
}

/// `size` in blocks of 2^`shift` bytes, in 32 bits as the kernel takes it; 0 where they do not do.
static unsigned long blocks_of(unsigned long long size, unsigned shift) {
  const unsigned long high = (unsigned long)(size >> 32), low = (unsigned long)size;
  return shift == 0 || high >> shift != 0 ? 0 : high << (32 - shift) | low >> shift;
}

/// The device as it is to be, its socket with it. Returns 0, or -errno.
static long set_up(long device, const struct DeviceSettings* settings,
                   const struct Export* remote) {
  unsigned shift = 0;
  while (1u << shift < settings->block_size) {
    ++shift;
  }
  const unsigned long blocks = blocks_of(remote->size, shift);
  if (blocks == 0 || 1u << shift != settings->block_size) {
    return -EINVAL;
  }
  long status = control(device, NBD_SET_BLKSIZE, settings->block_size);
  if (status == 0) {
    status = control(device, NBD_SET_SIZE_BLOCKS, blocks);
  }
  // Linux before 3.7 knows no flags; that nothing may be written it has to hear in another way.
  if (control(device, NBD_SET_FLAGS, remote->flags) < 0) {
    const int read_only = (remote->flags & NBD_FLAG_READ_ONLY) != 0;
    control(device, BLKROSET, (unsigned long)&read_only);
  }
  control(device, NBD_SET_TIMEOUT, settings->reply_timeout);
  return status < 0 ? status : control(device, NBD_SET_SOCK, (unsigned long)remote->socket);
}

/// No signal but KILL ends this process, no other one's terminal, folder or file is held by it, and
/// a system short of memory looks elsewhere: whoever ends it takes the root away.
static void leave_everything(long device, long socket) {
  const unsigned long all[4] = {~0ul, ~0ul, ~0ul, ~0ul};
  const long priority = sys_open("/proc/self/oom_score_adj", O_WRONLY);
  sys_write(priority, "-1000", 5);
  system_call(__NR_rt_sigprocmask, kSetMask, (long)all, 0, kMaskSize, 0);
  system_call(__NR_setsid, 0, 0, 0, 0, 0);
  for (long other = 0; other < kDescriptors; ++other) {
    if (other != device && other != socket) {
      sys_close(other);
    }
  }
  // /dev goes along into the new root, while / becomes the old one.
  if (sys_chdir("/dev") == 0) {
    sys_chroot(".");
  }
}

static __attribute__((noreturn)) void stay(long device, long socket, char* name) {
  leave_everything(device, socket);
  name[0] = '@';
  const long status = control(device, NBD_DO_IT, 0);
  sys_exit(status < 0 ? (int)-status : 0);
}

/// Until the device has its size, which newer kernels give it inside NBD_DO_IT only. Returns 0, or
/// -errno.
static long await_size(long device, long child) {
  for (int waited = 0; waited < kPatience; waited += kPause) {
    unsigned long long size = 0;
    int status = 0;
    if (system_call(__NR_wait4, child, (long)&status, WNOHANG, 0, 0) == child) {
      return (status >> 8 & 0xff) != 0 ? -(status >> 8 & 0xff) : -EIO;
    }
    if (control(device, BLKGETSIZE64, (unsigned long)&size) == 0 && size != 0) {
      return 0;
    }
    sys_sleep_milliseconds(kPause);
  }
  return -ETIMEDOUT;
}

long keep_device(const struct DeviceSettings* settings, const struct Export* remote, char* name) {
  const long device = open_device(settings->index);
  if (device < 0) {
    return device;
  }
  const long status = set_up(device, settings, remote);
  if (status < 0) {
    return status;
  }
  const long child = system_call(__NR_fork, 0, 0, 0, 0, 0);
  if (child == 0) {
    stay(device, remote->socket, name);
  }
  return child < 0 ? child : await_size(device, child);
}

long release_device(unsigned index) {
  const long device = open_device(index);
  if (device < 0) {
    return device;
  }
  const long status = control(device, NBD_DISCONNECT, 0);
  control(device, NBD_CLEAR_SOCK, 0);
  sys_close(device);
  return status;
}

void await_release(unsigned index) {
  const struct Path path = path_of("/sys/block/nbd", index, "/pid");
  for (int waited = 0; waited < kReleasePatience; waited += kPause) {
    const long file = sys_open(path.text, O_RDONLY);
    if (file < 0) {
      return;
    }
    sys_close(file);
    sys_sleep_milliseconds(kPause);
  }
}
