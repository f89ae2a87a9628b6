// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Disks that are written to: what the host knows about one, and its bytes. An interface, so that
// tests have disks that fail in every way; nothing here decides whether a disk may be written.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "lib/core/bytes.h"

namespace trxkit {

/// What the host knows about a block device, or about a regular file in place of one.
struct DeviceFacts {
  std::string path = {};            ///< as it was named
  bool regular_file = false;        ///< then only path, size and read_only say something
  std::string disk = {};            ///< kernel's name of the whole disk: "sdb"
  bool whole_disk = false;          ///< neither a partition nor assembled from other devices
  std::string model = {};           ///< vendor and model, without the spaces around; may be empty
  std::string serial = {};          ///< may be empty
  std::uint64_t size = 0;           ///< bytes
  std::uint32_t sector_size = 512;  ///< bytes that the disk reads or writes at least
  bool removable = false;
  bool usb = false;
  bool read_only = false;
  /// Where file systems of it, its partitions, and what is built on them are mounted.
  std::vector<std::string> mounts = {};
  std::vector<std::string> swaps = {};    ///< those of them that are swap, by path
  std::vector<std::string> holders = {};  ///< kernel's names of what is built on it: "dm-0", "md1"
};

/// An open disk or file. Only what is read after flush() is known to be on the medium.
class BlockDevice {
 public:
  virtual ~BlockDevice() = default;
  /// Writes some of `bytes` at `offset` (bytes) and says how many, at least 1. Errors: Code::io.
  virtual Result<std::size_t> write_some(std::uint64_t offset, Bytes bytes) = 0;
  /// Reads into `target` from `offset` (bytes) and says how many; 0 at the end. Errors: Code::io.
  virtual Result<std::size_t> read_some(std::uint64_t offset, MutableBytes target) = 0;
  /// Waits until everything is on the medium, and forgets copies of it in memory. Errors: Code::io.
  virtual Status flush() = 0;
  /// Tells the disk that nothing on it is needed any more; false where it has no use for that.
  virtual bool discard() = 0;
};

/// The disks of a machine.
class BlockDevices {
 public:
  virtual ~BlockDevices() = default;
  /// Errors: Code::io where there is nothing called `path`; Code::usage where it is neither a block
  /// device nor a regular file.
  virtual Result<DeviceFacts> examine(const std::string& path) const = 0;
  /// Opens it for reading and writing, a disk for nobody else beside (O_EXCL). Errors: Code::io;
  /// finding DEV005 where somebody else has it.
  virtual Result<std::unique_ptr<BlockDevice>> open(const std::string& path) const = 0;
};

/// Those of this machine, by sysfs, /proc/self/mountinfo and /proc/swaps.
const BlockDevices& system_block_devices();

/// Writes all of `bytes`. Errors: Code::io, at the offset that failed.
Status write_all(BlockDevice& device, std::uint64_t offset, Bytes bytes);
/// Fills `target`. Errors: Code::io, at the offset that failed; a device that ends before among
/// them.
Status read_all(BlockDevice& device, std::uint64_t offset, MutableBytes target);

}  // namespace trxkit
