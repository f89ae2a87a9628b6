// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/system/unnamed_file.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>

namespace trxkit {

// Not by O_TMPFILE, which overlayfs (the file system of containers) refuses with Debian 12's
// kernel, and NFS and FUSE with any.
Result<FileDescriptor> unnamed_file(const std::filesystem::path& folder) {
  std::string name = (folder / ".trxkit.XXXXXX").string();
  FileDescriptor file(mkostemp(name.data(), O_CLOEXEC));
  if (file && unlink(name.c_str()) == 0) return file;
  return fail_at({folder.string(), {}}, Code::io, "cannot be used for temporary files: {}",
                 std::strerror(errno));
}

}  // namespace trxkit
