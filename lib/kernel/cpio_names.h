// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The names in a cpio that arrives piece by piece, as it comes out of a decoder. It lists; it never
// keeps contents.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "lib/core/bytes.h"

namespace trxkit::kernel {

/// A newc cpio (linux Documentation/driver-api/early-userspace/buffer-format.rst), or several
/// behind each other with zeros between, as the kernel takes them.
class CpioNames {
 public:
  /// Takes the next bytes. Errors: Code::bad_input where they are no cpio, or it has more than
  /// 100,000 entries or a name of more than 4096 bytes.
  Status consume(Bytes bytes);
  /// The names so far, without the trailer, as stored.
  const std::vector<std::string>& names() const { return names_; }
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
  std::uint64_t contents_ = 0;  // bytes still to skip, padding included
  std::uint64_t position_ = 0;
  std::uint64_t end_ = 0;
  bool seen_trailer_ = false;
  std::vector<std::string> names_;
};

}  // namespace trxkit::kernel
