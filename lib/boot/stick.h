// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The stick: from kernels and roots to a /boot tree, and from that to a disk image or a folder.
// Needs no privileges, no mount and no loop device; keeps no image in memory.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/board/board.h"
#include "lib/boot/boot_script.h"
#include "lib/core/finding.h"
#include "lib/core/manifest.h"
#include "lib/rootfs/customise.h"
#include "lib/rootfs/initramfs.h"
#include "lib/rootfs/usb_root.h"
#include "lib/system/env.h"

namespace trxkit::boot {

inline constexpr const char* kBootLabel = "USBBOOT";  ///< of the boot partition
inline constexpr const char* kRootLabel = "USBROOT";  ///< of a root's file system
inline constexpr const char* kSwapLabel = "USBSWAP";
inline constexpr const char* kDataLabel = "USBDATA";  ///< of the last one, for everything else

enum class BootFilesystem : std::uint8_t { fat16, fat32, ext2, ext3, ext4 };
std::string_view name_of(BootFilesystem filesystem);  ///< as on the command line: "fat32"
bool is_fat(BootFilesystem filesystem);

enum class PartitionTable : std::uint8_t { mbr, gpt, none };
std::string_view name_of(PartitionTable table);  ///< as on the command line: "mbr"

enum class RootForm : std::uint8_t {
  image,      ///< an ext4 image, a file on the boot partition
  squashfs,   ///< a squashfs image there, read-only, with a RAM disk over it
  partition,  ///< an ext4 partition of its own
  archive,    ///< a tar for a server to unpack and export
  none,       ///< no file: a server has it already
};

/// What a file system of the stick is called.
struct VolumeNames {
  std::string label;    ///< at most 16 bytes, of FAT 11
  std::string id = {};  ///< a UUID in lower case; empty: made from all that goes in
  /// Of its partition in a GPT, a UUID in lower case; empty: made from all that goes in.
  std::string partition_id = {};
};

/// One system that the stick can boot: a kernel of its own and a root of its own.
struct EntryRequest {
  std::string name = "default";  ///< [a-z0-9-]+, at most 32 bytes
  std::string title = {};        ///< shown on the router's console; empty: the entry's name
  unsigned priority = 100;       ///< boot.sh takes the entry with the highest
  std::string kernel = {};       ///< host path of the stick kernel (ELF, compressed or not)
  std::vector<std::string> modules = {};  ///< host paths of what holds the kernel's modules
  std::string command_line = {};          ///< empty: the board's; "mem=" is added where it has none
  std::string rootfs = {};                ///< host path, any source of entries
  bool minimal = false;                   ///< instead of `rootfs`: a small root of busybox alone
  rootfs::Customisation changes = {};     ///< of the root
  bool as_is = false;                     ///< take the root without a change, flash writers and all
  bool resettable = false;  ///< a packed copy of the root image beside it, for usbboot-reset
  RootForm root_form = RootForm::image;   ///< what becomes of it on the stick
  VolumeNames root_names = {kRootLabel};  ///< of its file system, unless that is a squashfs
  /// Where /init finds the root instead: "nbd:...", "nfs:...", "http://..."; empty: on the stick.
  /// Then `rootfs` may be missing, and `root_form` follows from this.
  std::string server_root = {};
  /// Where boot.sh finds the kernel instead of beside itself: "http://...", "nbd:...", "nfs:...".
  std::string kernel_source = {};
  std::uint64_t free_bytes = 32 << 20;  ///< room left in the root; a squashfs has none
  rootfs::StartSettings start = {};     ///< how /init starts it

  /// `root_form`, or with `server_root` what the server wants: an image for NBD, an archive for
  /// NFS, a squashfs for HTTP.
  RootForm form() const;
  /// Path of the root's file on the medium, where form() has one.
  std::string root_path() const;
};

/// What the entries lie on.
struct StickLayout {
  BootFilesystem filesystem = BootFilesystem::fat32;  ///< of the boot partition
  PartitionTable table = PartitionTable::mbr;         ///< none: the stick is the boot partition
  std::uint64_t swap_size = 0;                        ///< bytes of a swap partition; 0: none
  /// Least bytes of a data partition, the last one, behind which it has room to grow; 0: none.
  std::uint64_t data_size = 0;
  bool data_grows = false;  ///< /init lets it grow to the end of the stick
  /// Id of the boot partition: a UUID, or for FAT "1234-ABCD"; "label:USBBOOT" (or whatever its
  /// label is): the entries name it by that; "none": there is no stick, the tree is served; empty:
  /// made from all that goes in.
  std::string medium = {};
  std::string boot_label = kBootLabel;
  std::string boot_partition_id = {};  ///< as VolumeNames has it
  VolumeNames swap = {kSwapLabel};
  VolumeNames data = {kDataLabel};
  /// Of the partition table: "0x1234abcd" for an MBR, a UUID for a GPT; empty: made from all that
  /// goes in.
  std::string disk_id = {};
};

/// A partition of a stick, for layout and report.
struct StickPartition {
  std::string label;
  std::string filesystem;  ///< "fat32", "ext4", "swap"
  std::string id;          ///< as blkid prints it
  /// PARTUUID, as blkid and Linux have it; empty: the stick has no partition table.
  std::string partition_id = {};
  std::uint64_t offset = 0;  ///< bytes from the start of the stick
  std::uint64_t size = 0;    ///< bytes
};

struct StickRequest {
  board::Board board;
  std::string busybox;  ///< host path of a static busybox for initramfs and minimal root
  std::string kexec;    ///< host path of a static kexec for the minimal root; may be empty
  rootfs::InitramfsAdditions additions;  ///< for every initramfs
  StickLayout layout;
  bool guard = true;  ///< boot.sh may write the stick, to note in /boot/tried what it starts
  unsigned choice_timeout = kChoiceTimeout;  ///< seconds, up to 999, to choose an entry; 0: none
  std::vector<EntryRequest> entries;         ///< one at least, each with another name
  /// Number of the build, 0 to rootfs::kHighestBuild, which must only grow; not given:
  /// SOURCE_DATE_EPOCH.
  std::optional<std::uint64_t> build = {};
  std::string sign_key = {};  ///< host path of the secret key that signs boot.manifest; empty: none

  /// Files and folders of the host that the request names.
  std::vector<std::string> files_read() const;
};

/// Told of each step: name, done, total (bytes; 0: unknown).
using Progress = std::function<void(std::string_view, std::uint64_t, std::uint64_t)>;

/// What became of one entry, for the report.
struct EntryResult {
  std::string name;
  std::string embedding;     ///< how the initramfs went into the kernel
  std::string command_line;  ///< of the finished kernel, complete
  std::string root_uuid;
  rootfs::UsbRoot root;              ///< what it is, and what was changed in it
  std::uint64_t initramfs_size = 0;  ///< bytes, compressed
  std::uint64_t kernel_size = 0;     ///< bytes of the finished ELF
  std::string server_root;           ///< where /init finds the root, if on a server
  RootForm root_form = RootForm::image;
  std::uint64_t root_size = 0;     ///< bytes of the root image or partition
  std::uint64_t root_content = 0;  ///< bytes of the files in it
};

/// What was written.
struct StickResult {
  BuildManifest manifest;
  std::string medium;                     ///< id of the boot partition, as the entries name it
  std::vector<EntryResult> entries = {};  ///< in the order of the request
  std::vector<StickPartition> partitions = {};  ///< none for a folder
  /// Writable roots of earlier trees in the folder, which stay; relative to it.
  std::vector<std::string> left = {};
  std::uint64_t image_size = 0;  ///< bytes; 0 for a folder
};

/// Writes the whole stick image to `output`, with OUTPUT.manifest.json and OUTPUT.bmap beside it:
/// partition table, boot partition from 1 MiB on, further ones as the request says. Equal requests
/// give equal bytes. Errors: Code::bad_input (kernel, programs or root), Code::does_not_fit,
/// Code::usage (entry names), Code::external_tool, Code::io; then nothing is left behind.
Result<StickResult> write_stick_image(const StickRequest& request, const std::string& output,
                                      const Env& env, const Progress& progress, Findings& findings);

/// Writes the same /boot tree into the folder `directory` (made where missing): DIRECTORY/boot/...
/// What is there of earlier trees is updated (tree_update.h): other entries stay, and nothing that
/// other hands put there is removed. Errors as above; Code::refused where a file that has to change
/// was changed by others, or where the folder is another board's.
Result<StickResult> write_stick_tree(const StickRequest& request, const std::string& directory,
                                     const Env& env, const Progress& progress, Findings& findings);

/// The same for a server. Where all roots lie on servers there is no stick to wait for, unless the
/// layout names one.
Result<StickResult> write_network_tree(const StickRequest& request, const std::string& directory,
                                       const Env& env, const Progress& progress,
                                       Findings& findings);

}  // namespace trxkit::boot
