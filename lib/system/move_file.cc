// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/system/move_file.h"

#include <cerrno>
#include <cstdio>
#include <cstring>

#include <fcntl.h>
#include <unistd.h>

#include "lib/system/file.h"
#include "lib/system/sync_folder.h"

namespace trxkit {
namespace {

Status sync_file(const std::filesystem::path& path) {
  FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file && fsync(file.get()) == 0) return {};
  return fail_at({path.string(), {}}, Code::io, "cannot be synced: {}", std::strerror(errno));
}

}  // namespace

Status move_file(const std::filesystem::path& from, const std::filesystem::path& to) {
  TRY(sync_file(from));
  if (std::rename(from.c_str(), to.c_str()) != 0) {
    return fail_at({to.string(), {}}, Code::io, "cannot be put in place: {}", std::strerror(errno));
  }
  return sync_folder(to.parent_path());
}

}  // namespace trxkit
