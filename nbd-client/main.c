// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// nbd-client for the router: an export of an NBD server as a block device, and off again.
//   nbd-client [-b BLOCKSIZE] [-t SECONDS] [-L] -N EXPORT HOST [PORT] /dev/nbdN
//   nbd-client [-L] -d /dev/nbdN
// As busybox and the reference client are called. It ends at once when the device is there; with
// -L, and where the kernel knows no other way, a child of it stays. Addresses only: there is no
// resolver on a router that starts. Without a C library, since it lies in the flash and in every
// initramfs of a network root.

#include <linux/errno.h>

#include "netlink.h"
#include "resident.h"
#include "text.h"

enum { kDefaultPort = 10809, kDefaultBlockSize = 4096, kDefaultTimeout = 30 };

#define USAGE \
  "nbd-client [-b BLOCKSIZE] [-t SECONDS] [-L] -N EXPORT HOST [PORT] DEVICE, or [-L] -d DEVICE"

struct Request {
  struct Server server;
  struct DeviceSettings device;
  int detach;
  int by_ioctl;  ///< even where the kernel has netlink
};

static void say(const char* text) {
  sys_write(2, text, length_of(text));
}

static int complain(const char* text, long error) {
  char digits[] = " (error 000)\n";
  say("nbd-client: ");
  say(text);
  if (error < 0) {
    for (int i = 10; i > 7; --i, error /= 10) {
      digits[i] = (char)('0' - error % 10);
    }
    say(digits);
  } else {
    say("\n");
  }
  return 1;
}

/// "/dev/nbd3". Returns 0 for anything else.
static int parse_device(const char* text, unsigned* index) {
  const char prefix[] = "/dev/nbd";
  unsigned long value;
  if (length_of(text) < sizeof prefix || !has_bytes(text, prefix, sizeof prefix - 1)) {
    return 0;
  }
  const char* end = parse_number(text + sizeof prefix - 1, &value);
  if (end == 0 || *end != '\0') {
    return 0;
  }
  *index = (unsigned)value;
  return 1;
}

/// The number that is all of `text`, from 1 to `limit`. Returns 0 for anything else.
static unsigned long whole_number(const char* text, unsigned long limit) {
  unsigned long value;
  const char* end = parse_number(text, &value);
  return end == 0 || *end != '\0' || value > limit ? 0 : value;
}

/// Returns 0 where an option makes no sense; `*at` is then behind the options otherwise.
static int parse_options(char** words, int* at, struct Request* request) {
  while (words[*at] != 0 && words[*at][0] == '-') {
    const char* option = words[(*at)++];
    if (is_text(option, "-d")) {
      request->detach = 1;
      return 1;
    }
    if (is_text(option, "-L")) {
      request->by_ioctl = 1;
      continue;
    }
    const char* value = words[(*at)++];
    if (value == 0) {
      return 0;
    }
    if (is_text(option, "-N")) {
      request->server.export_name = value;
    } else if (is_text(option, "-b")) {
      request->device.block_size = (unsigned)whole_number(value, 65536);
    } else if (is_text(option, "-t")) {
      request->device.reply_timeout = (unsigned)whole_number(value, 86400);
    } else {
      return 0;
    }
  }
  return request->device.block_size != 0 && request->device.reply_timeout != 0;
}

static int parse(char** words, struct Request* request) {
  int at = 1;
  if (!parse_options(words, &at, request)) {
    return 0;
  }
  if (!request->detach) {
    request->server.host = words[at];
    if (words[at] == 0 || words[at + 1] == 0 || request->server.export_name == 0) {
      return 0;
    }
    ++at;
    if (words[at + 1] != 0) {
      request->server.port = (unsigned short)whole_number(words[at], 65535);
      ++at;
    }
  }
  return words[at] != 0 && words[at + 1] == 0 && request->server.port != 0 &&
         parse_device(words[at], &request->device.index);
}

/// By netlink, or by a process that stays where the kernel has no netlink. Returns 0, or -errno.
static long connect(const struct Request* request, const struct Export* remote, char* name) {
  const long status = request->by_ioctl ? -ENOENT : connect_device(&request->device, remote);
  return status == -ENOENT ? keep_device(&request->device, remote, name) : status;
}

static int attach(const struct Request* request, char* name) {
  struct Export remote;
  const char* fault = open_export(&request->server, &remote);
  if (fault != 0) {
    return complain(fault, 0);
  }
  const long status = connect(request, &remote, name);
  return status < 0 ? complain("the kernel does not take the device", status) : 0;
}

static int detach(const struct Request* request) {
  const unsigned index = request->device.index;
  long status = request->by_ioctl ? -ENOENT : disconnect_device(index);
  if (status == -ENOENT) {
    status = release_device(index);
  }
  if (status < 0) {
    return complain("the kernel does not let go of the device", status);
  }
  await_release(index);
  return 0;
}

static int run(char** words) {
  struct Request request = {
      .server = {.port = kDefaultPort},
      .device = {.block_size = kDefaultBlockSize, .reply_timeout = kDefaultTimeout}};
  if (!parse(words, &request)) {
    return complain(USAGE, 0);
  }
  return request.detach ? detach(&request) : attach(&request, words[0]);
}

/// The kernel's start of a process: at `stack` the number of arguments, then the arguments.
__attribute__((noreturn, used)) void begin(char** stack) {
  sys_exit(run(stack + 1));
}

__asm__(
    ".globl __start\n"
    ".ent __start\n"
    "__start:\n"
    "\tmove $a0, $sp\n"
    "\taddiu $sp, $sp, -32\n"
    "\tjal begin\n"
    ".end __start\n");
