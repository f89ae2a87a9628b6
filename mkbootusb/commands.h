// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The verbs of mkbootusb. A verb turns options into a request, calls one library function and
// prints the result.
#pragma once

#include "lib/cli/program.h"

namespace trxkit {

/// mkbootusb image: a stick image file.
void add_image(cli::Program& program);
/// mkbootusb check: a kernel or a finished stick, judged.
void add_check(cli::Program& program);
/// mkbootusb keygen: a pair of keys.
void add_keygen(cli::Program& program);
/// mkbootusb sign: a tree, signed.
void add_sign(cli::Program& program);
/// mkbootusb tree: the same /boot in a folder.
void add_tree(cli::Program& program);
/// mkbootusb netboot: the same for a server.
void add_netboot(cli::Program& program);
/// mkbootusb serve: that server.
void add_serve(cli::Program& program);
/// mkbootusb write: an image onto a stick.
void add_write(cli::Program& program);
/// mkbootusb initramfs: the cpio alone.
void add_initramfs(cli::Program& program);
/// mkbootusb run: a stick in an emulated router.
void add_run(cli::Program& program);

}  // namespace trxkit
