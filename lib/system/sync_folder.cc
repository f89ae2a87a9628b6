// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/system/sync_folder.h"

#include <cerrno>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>

#include "lib/system/file.h"

namespace trxkit {

Status sync_folder(const std::filesystem::path& folder) {
  std::filesystem::path named = folder.empty() ? "." : folder;
  FileDescriptor directory(::open(named.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  // Some file systems cannot sync a directory (EINVAL); the file itself is safe by then.
  if (!directory || fsync(directory.get()) == 0 || errno == EINVAL) return {};
  return fail_at({named.string(), {}}, Code::io, "cannot be synced: {}", std::strerror(errno));
}

}  // namespace trxkit
