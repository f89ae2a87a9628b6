// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What is in a cpio that arrives piece by piece, as it comes out of a decoder. It lists, and looks
// at the first bytes of programs and links; it never keeps whole contents.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lib/core/bytes.h"

namespace trxkit::kernel {

/// One entry of a cpio.
struct CpioEntry {
  std::string name;        ///< as stored
  std::uint32_t mode = 0;  ///< type and permissions, as in st_mode
  std::uint32_t device_major = 0;
  std::uint32_t device_minor = 0;
  std::uint64_t size = 0;  ///< bytes of contents
  /// The first kHeadSize bytes of contents, of programs (files that anybody may execute) and
  /// symlinks; of at most kMostHeads entries.
  std::string head = {};

  static constexpr std::size_t kHeadSize = 1024;
  static constexpr std::size_t kMostHeads = 2048;

  bool is_file() const { return (mode & 0170000) == 0100000; }
  bool is_symlink() const { return (mode & 0170000) == 0120000; }
  bool is_character_device() const { return (mode & 0170000) == 0020000; }
  bool is_executable() const { return is_file() && (mode & 0111) != 0; }
};

/// The entry that `path` (relative or absolute, "." allowed) leads to where `entries` are unpacked
/// one after the other, symlinks followed; null where there is none.
const CpioEntry* find_in(const std::vector<CpioEntry>& entries, std::string_view path);

/// A newc cpio (linux Documentation/driver-api/early-userspace/buffer-format.rst), or several
/// behind each other with zeros between, as the kernel takes them.
class CpioListing {
 public:
  /// Takes the next bytes. Errors: Code::bad_input where they are no cpio, or it has more than
  /// 100,000 entries or a name of more than 4096 bytes.
  Status consume(Bytes bytes);
  /// The entries so far, without the trailer.
  const std::vector<CpioEntry>& entries() const { return entries_; }
  /// Whether an archive has ended with its trailer and no other has begun.
  bool complete() const { return state_ == State::between && seen_trailer_; }
  /// Bytes up to the end of the last trailer, its padding included.
  std::uint64_t end() const { return end_; }

 private:
  enum class State : std::uint8_t { between, header, name, contents };
  static constexpr std::size_t kHeaderSize = 110;

  Status step();
  Status parse_header();
  void finish_name();
  void skip_contents(Bytes& bytes);

  State state_ = State::between;
  std::string buffer_;          // header or name in the making
  std::size_t wanted_ = 0;      // bytes that buffer_ shall have
  std::size_t name_size_ = 0;   // bytes, its NUL included
  CpioEntry entry_;             // in the making
  std::uint64_t contents_ = 0;  // bytes still to skip, padding included
  std::size_t head_ = 0;        // bytes that still go into the last entry's head
  std::size_t heads_ = 0;
  std::uint64_t position_ = 0;
  std::uint64_t end_ = 0;
  bool seen_trailer_ = false;
  std::vector<CpioEntry> entries_;
};

}  // namespace trxkit::kernel
