// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// A file tree as a stream of entries: what every archive reader gives and every image writer takes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "lib/core/bytes.h"
#include "lib/core/result.h"

namespace trxkit::archive {

enum class EntryType : std::uint8_t {
  file,
  directory,
  symlink,
  hard_link,  ///< another name of the file `link_target`, which came earlier in the stream
  character_device,
  block_device,
  fifo,
};

struct ExtendedAttribute {
  std::string name;   ///< with its namespace: "user.comment", "security.capability"
  std::string value;  ///< any bytes
};

/// One path of a tree. `path` is normalised: relative, '/' between names, no "", "." or "..", no
/// leading or trailing '/'; the root directory is "".
struct Entry {
  std::string path;
  EntryType type = EntryType::file;
  std::uint32_t mode = 0644;  ///< permission bits with setuid, setgid, sticky: at most 07777
  std::uint32_t uid = 0;
  std::uint32_t gid = 0;
  std::int64_t mtime = 0;        ///< seconds since 1970-01-01 UTC
  std::uint64_t size = 0;        ///< bytes of contents; 0 for all but files
  std::string link_target = {};  ///< symlink: as stored; hard link: a normalised path
  std::uint32_t device_major = 0;
  std::uint32_t device_minor = 0;
  std::vector<ExtendedAttribute> attributes = {};
};

/// Delivers entries one after the other, in the order of the archive (a directory: sorted by path,
/// parents first).
class Reader {
 public:
  virtual ~Reader() = default;
  /// The next entry, or nothing at the end. Errors: Code::bad_input for damage, unsafe paths
  /// ("..", an absolute symlink is fine) and unsupported types (sockets); Code::io.
  virtual Result<std::optional<Entry>> next() = 0;
  /// Contents of the file that next() returned last: up to target.size() bytes, 0 at their end.
  virtual Result<std::size_t> read(MutableBytes target) = 0;
};

/// A tree that can be read as often as wanted: each open() starts again.
class Source {
 public:
  virtual ~Source() = default;
  virtual Result<std::unique_ptr<Reader>> open() const = 0;
  /// As the user named it, for messages.
  virtual std::string name() const = 0;
};

using SourcePointer = std::shared_ptr<const Source>;

/// Takes entries: an archive or image being written.
class Writer {
 public:
  virtual ~Writer() = default;
  /// Adds one entry. For a file, exactly entry.size bytes are taken from `contents`;
  /// Code::bad_input where it delivers fewer or more. Parents come before their children.
  virtual Status add(const Entry& entry, Reader& contents) = 0;
  /// Completes the output; nothing may be added after it.
  virtual Status finish() = 0;
};

/// `path` made relative and normalised ("./a//b/" -> "a/b"), or Code::bad_input where it is unsafe
/// (contains ".." or a NUL byte, or a name longer than 255 bytes).
Result<std::string> normalise_path(std::string_view path);

}  // namespace trxkit::archive
