// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What a kernel's raw binary says about itself, found in a stream of its bytes: no symbols needed,
// no copy kept.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "lib/core/bytes.h"

namespace trxkit::trx {

/// Searches consecutive pieces of a kernel.
class KernelText {
 public:
  void update(Bytes bytes);
  /// Judges what is still held back; call it once, last.
  void finish();

  /// "Linux version 6.1.0 (...) ..." up to the line's end; empty if there is none.
  const std::string& banner() const { return banner_; }
  /// The built-in command line: a text of option words, root= or console= with a value among them.
  /// One with root= is preferred. Empty if there is none.
  const std::string& command_line() const { return command_line_; }
  /// The kernel carries trxkit's flash-init (boards/kernel), uncompressed.
  bool has_flash_init() const { return has_flash_init_; }
  /// The kernel's initramfs is a second-stage loader of ours, uncompressed: it has the search for
  /// sticks (templates/second-stage).
  bool has_search() const { return has_search_; }

 private:
  void search(std::size_t end);
  void consider_command_line(std::size_t position);

  std::string held_;
  std::size_t searched_ = 0;  ///< matches that start before this were handled
  std::string banner_;
  std::string command_line_;
  bool has_flash_init_ = false;
  bool has_search_ = false;
};

}  // namespace trxkit::trx
