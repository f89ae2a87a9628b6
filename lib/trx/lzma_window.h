// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Where the LZMA decoder keeps what it has unpacked. A file of a few bytes can name a dictionary of
// 64 MiB and fill it; such a one lies in a scratch file, of which only a little is in memory at a
// time. Ordinary ones are plain memory.
#pragma once

#include <cstddef>

#include <lzma.h>

#include "lib/system/file.h"

namespace trxkit::trx {

/// What may be in memory of a window, beside as many bytes as the packed stream has.
inline constexpr std::uint64_t kResidentWindow = 4 << 20;

/// Gives liblzma its memory: the dictionary from an unlinked scratch file, the rest from the heap.
class SpilledWindow {
 public:
  SpilledWindow();
  ~SpilledWindow();
  SpilledWindow(const SpilledWindow&) = delete;
  SpilledWindow& operator=(const SpilledWindow&) = delete;

  const lzma_allocator* allocator() const { return &allocator_; }
  /// How much input one step of the decoder may take so that it cannot touch much of the window:
  /// each far distance costs it more than two bytes.
  static constexpr std::size_t kInputStep = 128;
  /// Takes the window's pages out of memory where there are many; call it after every step.
  void trim() const;

 private:
  void* allocate(std::size_t size);
  void release(void* memory);
  std::uint64_t resident() const;

  lzma_allocator allocator_;
  FileDescriptor statistics_;  ///< /proc/self/statm
  std::uint64_t resident_before_ = 0;
  void* window_ = nullptr;
  std::size_t window_size_ = 0;
};

}  // namespace trxkit::trx
