// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/image/fdisk_context.h"

#include <cstring>

namespace trxkit::image {

Status check_fdisk(int code, std::string_view action) {
  if (code >= 0) return {};
  return fail(Code::io, "partition table: {}: {}", action, std::strerror(-code));
}

// Sector size, alignment, and the customary geometry for the CHS fields.
Result<FdiskContext> open_fdisk(const std::filesystem::path& path) {
  FdiskContext context(fdisk_new_context());
  if (!context) return fail(Code::io, "partition table: out of memory");
  TRY(check_fdisk(fdisk_disable_dialogs(context.get(), 1), "cannot be made"));
  TRY(check_fdisk(fdisk_save_user_sector_size(context.get(), kDiskSector, kDiskSector),
                  "cannot be made"));
  TRY(check_fdisk(fdisk_save_user_geometry(context.get(), 0, 255, 63), "cannot be made"));
  TRY(check_fdisk(fdisk_save_user_grain(context.get(), kDiskSector), "cannot be made"));
  TRY(check_fdisk(fdisk_assign_device(context.get(), path.c_str(), 0), "cannot open the image"));
  return context;
}

Status close_fdisk(fdisk_context* context) {
  TRY(check_fdisk(fdisk_write_disklabel(context), "cannot be written"));
  return check_fdisk(fdisk_deassign_device(context, 1), "cannot be written");
}

}  // namespace trxkit::image
