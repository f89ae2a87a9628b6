// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// A flash chip as it will be: files and bytes laid over each other, erased (0xFF) where nothing
// lies. Holds no contents of files, reads them when asked.
#pragma once

#include <cstdint>
#include <variant>
#include <vector>

#include "lib/core/bytes.h"
#include "lib/core/result.h"
#include "lib/system/file.h"

namespace trxkit::firmware {

/// Contents of a chip, for whoever wants to look at them as a kernel does.
class FlashContents {
 public:
  virtual ~FlashContents() = default;
  virtual std::uint64_t size() const = 0;  ///< bytes
  /// Fills `target` from `offset`. Errors: Code::bad_input behind the end of the chip, Code::io.
  virtual Status read(std::uint64_t offset, MutableBytes target) const = 0;
};

class FlashPicture final : public FlashContents {
 public:
  /// An erased chip of `size` bytes.
  explicit FlashPicture(std::uint64_t size) : size_(size) {}

  /// Lays `length` bytes of `file` from `file_offset` at `offset` of the chip, over what lies
  /// there; what would lie behind the chip is cut off. `file` must outlive the picture.
  void add_file(std::uint64_t offset, const InputFile& file, std::uint64_t file_offset,
                std::uint64_t length);
  /// The same with bytes.
  void add_bytes(std::uint64_t offset, std::vector<std::byte> bytes);
  /// The same with 32-bit little-endian words, as the kernel compares marks.
  void add_words(std::uint64_t offset, std::initializer_list<std::uint32_t> words);

  std::uint64_t size() const override { return size_; }
  Status read(std::uint64_t offset, MutableBytes target) const override;

 private:
  struct FilePiece {
    const InputFile* file;
    std::uint64_t offset;
  };
  struct Layer {
    std::uint64_t offset;  ///< in the chip
    std::uint64_t length;
    std::variant<FilePiece, std::vector<std::byte>> contents;
  };
  std::uint64_t size_;
  std::vector<Layer> layers_;  ///< later ones lie on top
};

}  // namespace trxkit::firmware
