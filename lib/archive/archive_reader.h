// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Entries out of tar, cpio and package archives.
#pragma once

#include <memory>
#include <string>

#include "lib/archive/archive_handle.h"
#include "lib/archive/entry.h"

namespace trxkit::archive {

/// The entries of the tar or cpio in `stream`. Errors as Reader::next().
Result<std::unique_ptr<Reader>> archive_reader(std::unique_ptr<ByteStream> stream, Format format,
                                               const std::string& name, bool accept_unterminated);

/// The member "data.tar", in any compression, of the package (ipk, deb) in `stream`: an ar or a
/// tar. Its end is an error where the package is damaged behind it.
Result<std::unique_ptr<ByteStream>> package_data(std::unique_ptr<ByteStream> stream, Format format,
                                                 const std::string& name);

}  // namespace trxkit::archive
