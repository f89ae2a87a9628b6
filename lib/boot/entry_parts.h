// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The large files of a boot entry, made in a scratch folder: the kernel with its initramfs and
// command line inside, the root image, and a packed copy of it where it shall be resettable.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>

#include "lib/boot/entry_plan.h"
#include "lib/boot/pending_hash.h"
#include "lib/kernel/embed.h"

namespace trxkit::boot {

/// A file that was made, and its hash.
struct Part {
  std::string path;   ///< host path
  std::string place;  ///< path on the medium: "boot/default/root.img"
  PendingHash sha256;
  std::uint64_t size = 0;  ///< bytes
};

struct EntryParts {
  Part kernel;
  Part root_image;  ///< without a path where the root is a partition, or on a server already
  std::optional<Part> shipped_root = {};  ///< the same, packed, where usbboot-reset shall find it
  kernel::EmbedResult embedded;
};

/// Where contents with the hash `sha256` go that are wanted at `path` of the medium. Errors: those
/// of the hash.
using Placement =
    std::function<Result<std::string>(const std::string& path, const PendingHash& sha256)>;

/// Makes both in `folder`, which must hold those of no other entry; `entry` and `plan` are those of
/// one entry of `request`. The root comes first: `plan` names it as it was placed, and the kernel's
/// initramfs holds that name. Errors: Code::bad_input, Code::does_not_fit, Code::external_tool,
/// Code::io.
Result<EntryParts> make_parts(const StickRequest& request, const EntryRequest& entry,
                              EntryPlan& plan, const Placement& placement,
                              const std::filesystem::path& folder, const Env& env,
                              const Progress& progress);

/// The root of `plan` as an ext4 file system at [offset, offset + size) of `output`, in bytes.
/// Errors: those of image::write_ext4().
Status write_root_filesystem(const EntryPlan& plan, OutputFile& output, std::uint64_t offset,
                             std::uint64_t size, const Env& env);

}  // namespace trxkit::boot
