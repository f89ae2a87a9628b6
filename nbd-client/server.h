// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The server's side of an NBD connection: from an address to a socket on which requests may follow.
// Protocol: the NetworkBlockDevice project's doc/proto.md, "newstyle negotiation".

#pragma once

#include "../flash-init/system.h"

struct Server {
  const char* host;         ///< dotted quad
  const char* export_name;  ///< as the server calls it
  unsigned short port;
};

struct Export {
  long socket;              ///< connected and through with the negotiation
  unsigned long long size;  ///< bytes
  unsigned flags;           ///< NBD_FLAG_* of linux/nbd.h
};

/// Connects and asks for the export; no step takes more than ten seconds. Returns null, or what
/// went wrong.
const char* open_export(const struct Server* server, struct Export* result);
