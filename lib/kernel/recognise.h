// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Names what somebody gave us instead of a kernel ELF, so that the message can say what to do. It
// never unpacks anything.
#pragma once

#include "lib/core/bytes.h"
#include "lib/core/result.h"

namespace trxkit::kernel {

/// A kind of file that is mistaken for a kernel ELF.
struct OtherFormat {
  std::string_view name;  ///< "a gzip-compressed file"
  std::string_view hint;  ///< how to get the ELF file
};

/// What the file that begins with `head` (64 bytes are enough) is, when it is no ELF file. An
/// unknown file is "a file of unknown format", which a raw kernel binary also is.
OtherFormat recognise(Bytes head);

}  // namespace trxkit::kernel
