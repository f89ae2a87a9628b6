// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Names what somebody gave us instead of a kernel ELF, so that the message can say what to do. It
// never unpacks anything.
#pragma once

#include "lib/core/bytes.h"
#include "lib/core/finding.h"

namespace trxkit::kernel {

/// A kind of file that is mistaken for a kernel ELF.
struct OtherFormat {
  std::string_view name;  ///< "a gzip-compressed file"
  std::string_view hint;  ///< how to get the ELF file
  /// A compression that open_kernel() takes off: "gzip"; empty for all others.
  std::string_view compression = {};
  bool known = true;  ///< recognised by a magic
};

/// What the file that begins with `head` (64 bytes are enough) is, when it is no ELF file. An
/// unknown file is "a file of unknown format", which a raw kernel binary also is.
OtherFormat recognise(Bytes head);

/// The failure to read `file`, which is `format`, as a kernel: Code::bad_input, and ELF048 where
/// the format is known.
Error refusal_of(const OtherFormat& format, const std::string& file);

}  // namespace trxkit::kernel
