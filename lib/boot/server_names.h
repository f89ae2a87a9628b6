// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// How boot entries name what lies on a server, as boot.sh (templates/boot/sources.sh) and /init
// (templates/initramfs/server_root.sh) read it. Servers are named by address: a router that starts
// has no resolver. Nothing here opens a connection.
#pragma once

#include <string>
#include <string_view>

#include "lib/core/result.h"

namespace trxkit::boot {

/// Whether an entry's `root` is one on a server, well written or not.
bool is_on_server(std::string_view root);

/// Whether `root` is "nbd:HOST[:PORT]/EXPORT", "nfs:HOST:/PATH" or "http://HOST[:PORT]/PATH" (also
/// "http:http://..."). Errors: Code::usage.
Status check_server_root(const std::string& root);

/// Whether an entry's `kernel` is looked for elsewhere than beside boot.sh, well written or not.
bool is_kernel_source(std::string_view kernel);

/// Whether `kernel` is "http://HOST[:PORT]/PATH", "nbd:HOST[:PORT]/EXPORT:PATH" or
/// "nfs:HOST:/DIR:PATH". Errors: Code::usage.
Status check_kernel_source(const std::string& kernel);

/// Whether `network` is "dhcp", empty, or "A.B.C.D/N" that a host can have. Errors: Code::usage.
Status check_network(const std::string& network);

/// Whether `name` can be that of a network interface (linux net/core/dev.c, dev_valid_name; and
/// harmless in a shell), or is empty. Errors: Code::usage.
Status check_interface(const std::string& name);

}  // namespace trxkit::boot
