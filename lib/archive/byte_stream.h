// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Bytes that can only be read forwards: a file, the output of a program, a decompressed stream, a
// member of an archive. Archive readers are chained through it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "lib/core/bytes.h"
#include "lib/system/file.h"
#include "lib/system/process.h"

namespace trxkit::archive {

class ByteStream {
 public:
  virtual ~ByteStream() = default;
  /// Up to target.size() bytes (at least one of them), 0 at the end.
  virtual Result<std::size_t> read(MutableBytes target) = 0;
  /// Whether byte N of the stream is byte N of the file that the user named.
  virtual bool is_the_file() const { return false; }
};

/// A whole file from its start. Several streams can read one file at the same time.
std::unique_ptr<ByteStream> file_stream(std::shared_ptr<const InputFile> file);

/// The bytes [offset, offset + size) of a file.
std::unique_ptr<ByteStream> range_stream(std::shared_ptr<const InputFile> file,
                                         std::uint64_t offset, std::uint64_t size);

/// All that `stream` delivers as a file called `name`, for readers that have to jump about in it: a
/// copy in `folder`, gone from there already. Errors: those of `stream`, Code::io.
Result<InputFile> spool(ByteStream& stream, const std::string& name,
                        const std::filesystem::path& folder);

/// What `command` prints. The end of the stream is an error where the program failed; a stream that
/// is dropped earlier ends the program.
Result<std::unique_ptr<ByteStream>> program_stream(Command command, const Env& env);

/// Fills `target` as far as the stream reaches; returns how many bytes that were.
Result<std::size_t> read_fully(ByteStream& stream, MutableBytes target);

}  // namespace trxkit::archive
