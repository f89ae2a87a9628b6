// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What a router would find under /boot of a stick, an image or a folder, read without mounting
// anything. Files are copied out of file systems into a scratch folder; nothing is ever written to
// the medium.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lib/image/volume_facts.h"
#include "lib/system/env.h"
#include "lib/system/file.h"

namespace trxkit::boot {

class Medium {
 public:
  virtual ~Medium() = default;

  /// Paths of all files below the folder of boot.sh, relative to it: "default/vmlinux.elf".
  const std::vector<std::string>& files() const { return files_; }
  bool has(const std::string& path) const;
  /// The file `path` of files(), called `name()` and `path` in messages. Errors: Code::bad_input
  /// where it cannot be read out of its file system, Code::io, Code::external_tool.
  Result<InputFile> open(const std::string& path, const Env& env);
  /// The same as a file of the host, for programs that work on files.
  virtual Result<std::string> host_path(const std::string& path, const Env& env) = 0;
  /// What messages call the folder of boot.sh: "stick.img:/boot".
  const std::string& name() const { return name_; }

 protected:
  explicit Medium(std::string name) : name_(std::move(name)) {}
  std::string name_;
  std::vector<std::string> files_ = {};
};

/// The folder `path`: one that holds boot/boot.sh, or itself boot.sh, as servers have it. Errors:
/// Code::io.
Result<std::unique_ptr<Medium>> folder_medium(const std::string& path);

/// A file system inside a file or device.
struct VolumePlace {
  std::string file;          ///< host path
  std::uint64_t offset = 0;  ///< bytes
  std::uint64_t size = 0;    ///< bytes
  image::VolumeFacts volume = {};
};

/// Whether /boot is rather looked for in `place` than in `best`: that takes a FAT or ext volume,
/// and one that is labelled USBBOOT comes before others.
bool is_rather_boot_volume(const VolumePlace& place, const std::optional<VolumePlace>& best);

/// The folder /boot of a FAT or ext volume; `scratch` outlives the medium. Errors:
/// Code::external_tool where mtools or e2fsprogs are missing or cannot read it, Code::io.
Result<std::unique_ptr<Medium>> volume_medium(const VolumePlace& place,
                                              const std::filesystem::path& scratch, const Env& env);

}  // namespace trxkit::boot
