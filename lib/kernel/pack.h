// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Packs an initramfs as kernels unpack it, piece by piece. The same bytes give the same stream.
#pragma once

#include <functional>
#include <memory>

#include "lib/kernel/unpack.h"

namespace trxkit::kernel {

/// Takes the bytes of an initramfs and delivers the packed stream.
class Packer {
 public:
  using Sink = std::function<Status(Bytes)>;
  virtual ~Packer() = default;
  /// Errors: Code::io; those of the sink.
  virtual Status write(Bytes bytes) = 0;
  /// Delivers the rest; nothing is written after it.
  virtual Status finish() = 0;
};

/// A packer into `sink` for none, gzip, xz or lzma; null for the others, which this tool does not
/// pack. xz and lzma use a dictionary of 1 MiB, which the router has to hold while it unpacks, and
/// xz a CRC-32, the check that kernels know (as linux usr/Makefile calls xz).
std::unique_ptr<Packer> make_packer(Packing packing, Packer::Sink sink);

}  // namespace trxkit::kernel
