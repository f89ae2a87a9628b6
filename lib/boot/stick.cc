// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/boot/stick.h"

namespace trxkit::boot {

std::string_view name_of(BootFilesystem filesystem) {
  return filesystem == BootFilesystem::fat32 ? "fat32" : "ext4";
}

std::vector<std::string> StickRequest::files_read() const {
  std::vector<std::string> files{busybox, kexec};
  for (std::string& file : additions.files_read()) files.push_back(std::move(file));
  for (const EntryRequest& entry : entries) {
    files.push_back(entry.kernel);
    files.push_back(entry.rootfs);
    files.insert(files.end(), entry.modules.begin(), entry.modules.end());
  }
  return files;
}

}  // namespace trxkit::boot
