// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "server.h"

#include "text.h"

// MIPS has numbers of its own (linux arch/mips/include/asm/socket.h, arch/mips/include/uapi/asm/
// socket.h); the time-outs are those with a 32-bit time.
enum {
  kInternet = 2,
  kStream = 2,
  kTcp = 6,
  kSocketLevel = 0xffff,
  kSendTimeout = 0x1005,
  kReceiveTimeout = 0x1006,
  kNoDelay = 1,
};

enum {
  kPatience = 10,  // seconds
  kOptionExportName = 1,
  kFlagFixed = 1,
  kFlagNoZeroes = 2,
  kZeroes = 124,
  kLongestName = 255,
};

struct Address {
  unsigned short family;
  unsigned char port[2];
  unsigned char host[4];
  unsigned char padding[8];
};

static void put_big_endian(unsigned char* to, unsigned long value, int size) {
  while (size-- > 0) {
    to[size] = (unsigned char)value;
    value >>= 8;
  }
}

static unsigned long long big_endian(const unsigned char* from, int size) {
  unsigned long long value = 0;
  for (int i = 0; i < size; ++i) {
    value = value << 8 | from[i];
  }
  return value;
}

/// "10.0.2.2". Returns 0 for anything else.
static int parse_host(const char* text, unsigned char host[4]) {
  for (int part = 0; part < 4; ++part) {
    unsigned long value;
    text = parse_number(text, &value);
    if (text == 0 || value > 255 || *text != (part < 3 ? '.' : '\0')) {
      return 0;
    }
    host[part] = (unsigned char)value;
    ++text;
  }
  return 1;
}

static void set_timeouts(long socket, long seconds) {
  const long duration[2] = {seconds, 0};
  const int options[2] = {kSendTimeout, kReceiveTimeout};
  for (int i = 0; i < 2; ++i) {
    system_call(__NR_setsockopt, socket, kSocketLevel, options[i], (long)duration, sizeof duration);
  }
}

/// Reads exactly `size` bytes. Returns 0 where they do not come.
static int receive(long socket, unsigned char* buffer, usize size) {
  for (usize done = 0; done < size;) {
    const long count = sys_read(socket, buffer + done, size - done);
    if (count <= 0) {
      return 0;
    }
    done += (usize)count;
  }
  return 1;
}

static int send_all(long socket, const void* bytes, usize size) {
  return sys_write(socket, bytes, size) == (long)size;
}

/// The two greetings and the request for the export, whose answer is its size and flags. A server
/// without that export closes the connection.
static const char* negotiate(long socket, const char* name, struct Export* result) {
  unsigned char buffer[16 + kLongestName];
  if (!receive(socket, buffer, 18)) {
    return "the server does not greet";
  }
  if (!has_bytes(buffer, "NBDMAGICIHAVEOPT", 16)) {
    return "this is no NBD server, or one before 2011";
  }
  const unsigned flags = (unsigned)big_endian(buffer + 16, 2) & (kFlagFixed | kFlagNoZeroes);
  const usize length = length_of(name);
  if (length > kLongestName) {
    return "the export's name is too long";
  }
  put_big_endian(buffer, flags, 4);
  if (!send_all(socket, buffer, 4)) {
    return "the server has hung up";
  }
  memcpy(buffer, "IHAVEOPT", 8);
  put_big_endian(buffer + 8, kOptionExportName, 4);
  put_big_endian(buffer + 12, length, 4);
  memcpy(buffer + 16, name, length);
  if (!send_all(socket, buffer, 16 + length) || !receive(socket, buffer, 10)) {
    return "the server has no such export, or not for us";
  }
  result->size = big_endian(buffer, 8);
  result->flags = (unsigned)big_endian(buffer + 8, 2);
  if ((flags & kFlagNoZeroes) == 0 && !receive(socket, buffer, kZeroes)) {
    return "the server has hung up";
  }
  return 0;
}

const char* open_export(const struct Server* server, struct Export* result) {
  struct Address address = {.family = kInternet};
  put_big_endian(address.port, server->port, 2);
  if (!parse_host(server->host, address.host)) {
    return "the server is named by its address, A.B.C.D";
  }
  result->socket = system_call(__NR_socket, kInternet, kStream, kTcp, 0, 0);
  if (result->socket < 0) {
    return "this kernel has no TCP";
  }
  set_timeouts(result->socket, kPatience);
  if (system_call(__NR_connect, result->socket, (long)&address, sizeof address, 0, 0) < 0) {
    return "no connection to the server";
  }
  const int on = 1;
  system_call(__NR_setsockopt, result->socket, kTcp, kNoDelay, (long)&on, sizeof on);
  const char* fault = negotiate(result->socket, server->export_name, result);
  // The kernel waits on it for requests' answers, however long none is asked for.
  set_timeouts(result->socket, 0);
  return fault;
}
