// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "netlink.h"

#include <linux/errno.h>
#include <linux/genetlink.h>
#include <linux/nbd-netlink.h>
#include <linux/netlink.h>

#include "text.h"

enum {
  kNetlink = 16,
  kDatagram = 1,  // of MIPS
  kMessageSize = 512,
};

static const usize kAttributeHeader = sizeof(struct nlattr);
static const usize kBeforeAttributes = sizeof(struct nlmsghdr) + sizeof(struct genlmsghdr);

static usize aligned(usize size) {
  return (size + 3) & ~(usize)3;
}

/// A request in the making. Attributes are 4-byte aligned, as netlink wants them.
struct Message {
  union {
    struct nlmsghdr header;
    unsigned char bytes[kMessageSize];
  } __attribute__((aligned(4)));
};

static void begin_message(struct Message* message, unsigned short family, unsigned char command) {
  const struct genlmsghdr generic = {.cmd = command, .version = 1};
  message->header = (struct nlmsghdr){.nlmsg_len = kBeforeAttributes,
                                      .nlmsg_type = family,
                                      .nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK};
  memcpy(message->bytes + sizeof(struct nlmsghdr), &generic, sizeof generic);
}

/// Adds an attribute and returns its place; `value` may be null, for one with others inside.
static usize add(struct Message* message, unsigned short type, const void* value, usize size) {
  const usize place = message->header.nlmsg_len;
  const struct nlattr attribute = {(unsigned short)(kAttributeHeader + size), type};
  memcpy(message->bytes + place, &attribute, sizeof attribute);
  memcpy(message->bytes + place + kAttributeHeader, value, size);
  message->header.nlmsg_len += (unsigned)(kAttributeHeader + aligned(size));
  return place;
}

static void add_number(struct Message* message, unsigned short type, unsigned long long value) {
  add(message, type, &value, sizeof value);
}

static void add_small(struct Message* message, unsigned short type, unsigned value) {
  add(message, type, &value, sizeof value);
}

/// The attribute at `place` ends here: what was added since is inside it.
static void close_nest(struct Message* message, usize place) {
  const unsigned short size = (unsigned short)(message->header.nlmsg_len - place);
  memcpy(message->bytes + place, &size, sizeof size);
}

/// The value of the attribute `type` of a generic answer, or null.
static const unsigned char* find(const struct Message* answer, unsigned short type) {
  usize place = kBeforeAttributes;
  while (place + kAttributeHeader <= answer->header.nlmsg_len) {
    struct nlattr attribute;
    memcpy(&attribute, answer->bytes + place, sizeof attribute);
    if (attribute.nla_len < kAttributeHeader) {
      return 0;
    }
    if (attribute.nla_type == type) {
      return answer->bytes + place + kAttributeHeader;
    }
    place += aligned(attribute.nla_len);
  }
  return 0;
}

/// Sends `message` and reads up to its acknowledgement; what comes before it stays in `answer`.
/// Returns 0, or -errno.
static long ask(long socket, const struct Message* message, struct Message* answer) {
  static struct Message piece;
  if (sys_write(socket, message->bytes, message->header.nlmsg_len) < 0) {
    return -EIO;
  }
  for (;;) {
    const long size = sys_read(socket, piece.bytes, sizeof piece.bytes);
    if (size < (long)(sizeof(struct nlmsghdr) + sizeof(int)) ||
        piece.header.nlmsg_len > (unsigned)size) {
      return -EIO;
    }
    if (piece.header.nlmsg_type == NLMSG_ERROR) {
      int error;
      memcpy(&error, piece.bytes + sizeof(struct nlmsghdr), sizeof error);
      return error;
    }
    memcpy(answer, &piece, sizeof piece);
  }
}

/// A netlink socket, and the number that the kernel has given to "nbd".
static long open_family(unsigned short* family) {
  static struct Message message, answer;
  const long socket = system_call(__NR_socket, kNetlink, kDatagram, NETLINK_GENERIC, 0, 0);
  if (socket < 0) {
    return -ENOENT;
  }
  begin_message(&message, GENL_ID_CTRL, CTRL_CMD_GETFAMILY);
  add(&message, CTRL_ATTR_FAMILY_NAME, NBD_GENL_FAMILY_NAME, sizeof NBD_GENL_FAMILY_NAME);
  const long status = ask(socket, &message, &answer);
  if (status < 0) {
    return status;
  }
  const unsigned char* id = find(&answer, CTRL_ATTR_FAMILY_ID);
  if (id == 0) {
    return -ENOENT;
  }
  memcpy(family, id, sizeof *family);
  return socket;
}

long connect_device(const struct DeviceSettings* device, const struct Export* remote) {
  static struct Message message, answer;
  unsigned short family;
  const long socket = open_family(&family);
  if (socket < 0) {
    return socket;
  }
  begin_message(&message, family, NBD_CMD_CONNECT);
  add_small(&message, NBD_ATTR_INDEX, device->index);
  add_number(&message, NBD_ATTR_SIZE_BYTES, remote->size);
  add_number(&message, NBD_ATTR_BLOCK_SIZE_BYTES, device->block_size);
  add_number(&message, NBD_ATTR_SERVER_FLAGS, remote->flags);
  add_number(&message, NBD_ATTR_TIMEOUT, device->reply_timeout);
  const usize sockets = add(&message, NBD_ATTR_SOCKETS, 0, 0);
  const usize item = add(&message, NBD_SOCK_ITEM, 0, 0);
  add_small(&message, NBD_SOCK_FD, (unsigned)remote->socket);
  close_nest(&message, item);
  close_nest(&message, sockets);
  return ask(socket, &message, &answer);
}

long disconnect_device(unsigned index) {
  static struct Message message, answer;
  unsigned short family;
  const long socket = open_family(&family);
  if (socket < 0) {
    return socket;
  }
  begin_message(&message, family, NBD_CMD_DISCONNECT);
  add_small(&message, NBD_ATTR_INDEX, index);
  return ask(socket, &message, &answer);
}
