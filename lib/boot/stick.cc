// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/boot/stick.h"

#include <fmt/format.h>

namespace trxkit::boot {

std::string_view name_of(BootFilesystem filesystem) {
  switch (filesystem) {
    case BootFilesystem::fat16:
      return "fat16";
    case BootFilesystem::fat32:
      return "fat32";
    case BootFilesystem::ext2:
      return "ext2";
    case BootFilesystem::ext3:
      return "ext3";
    case BootFilesystem::ext4:
      break;
  }
  return "ext4";
}

bool is_fat(BootFilesystem filesystem) {
  return filesystem == BootFilesystem::fat16 || filesystem == BootFilesystem::fat32;
}

std::string_view name_of(PartitionTable table) {
  if (table == PartitionTable::none) return "none";
  return table == PartitionTable::mbr ? "mbr" : "gpt";
}

RootForm EntryRequest::form() const {
  if (server_root.empty()) return root_form;
  if (rootfs.empty() && !minimal) return RootForm::none;
  if (server_root.starts_with("nbd:")) return RootForm::image;
  return server_root.starts_with("nfs:") ? RootForm::archive : RootForm::squashfs;
}

std::string EntryRequest::root_path() const {
  const char* ending = "img";
  if (form() == RootForm::squashfs) ending = "squashfs";
  if (form() == RootForm::archive) ending = "tar";
  return fmt::format("boot/{}/root.{}", name, ending);
}

std::vector<std::string> StickRequest::files_read() const {
  std::vector<std::string> files{board.file, busybox, kexec, sign_key};
  for (std::string& file : additions.files_read()) files.push_back(std::move(file));
  for (const EntryRequest& entry : entries) {
    files.push_back(entry.kernel);
    files.push_back(entry.rootfs);
    files.insert(files.end(), entry.modules.begin(), entry.modules.end());
    for (std::string& file : entry.changes.files_read()) files.push_back(std::move(file));
  }
  return files;
}

}  // namespace trxkit::boot
