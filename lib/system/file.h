// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Files in and files out. Inputs are read at offsets, so nothing has to be held in memory; outputs
// appear under their name only when they are complete.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <future>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "lib/core/bytes.h"
#include "lib/core/digest.h"
#include "lib/system/env.h"

namespace trxkit {

/// An open file descriptor that closes itself.
class FileDescriptor {
 public:
  FileDescriptor() = default;
  explicit FileDescriptor(int number) : number_(number) {}
  FileDescriptor(FileDescriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept;
  ~FileDescriptor() { close(); }
  int get() const { return number_; }
  explicit operator bool() const { return number_ >= 0; }
  void close();

 private:
  int number_ = -1;
};

/// A file that is read at offsets, as often as wanted.
class InputFile {
 public:
  /// Opens a regular file or block device. "-" is standard input, spooled to an unlinked temporary
  /// file (a pipe can be read only once). Errors: Code::io; Code::usage for a second "-" of `env`.
  static Result<InputFile> open(const std::string& path, const Env& env);

  /// The same file called `name` in messages: a temporary one by the name that it will have.
  InputFile called(std::string name) &&;

  const std::string& name() const { return name_; }  ///< as given, for messages
  std::uint64_t size() const { return size_; }       ///< bytes
  int descriptor() const { return descriptor_.get(); }

  /// Fills `target` from `offset` (bytes from the start) or fails with Code::bad_input where the
  /// file ends before that.
  Status read_at(std::uint64_t offset, MutableBytes target) const;
  /// Up to `length` bytes from `offset`: fewer only at the end of the file.
  Result<std::vector<std::byte>> bytes_at(std::uint64_t offset, std::uint64_t length) const;
  template <WireStruct T>
  Result<T> read_struct(std::uint64_t offset) const {
    T value;
    TRY(read_at(offset, std::as_writable_bytes(std::span(&value, 1))));
    return value;
  }
  /// Calls `consume` with consecutive pieces of [offset, offset + length).
  Status for_each_block(std::uint64_t offset, std::uint64_t length,
                        const std::function<Status(Bytes)>& consume) const;

 private:
  FileDescriptor descriptor_;
  std::string name_;
  std::uint64_t size_ = 0;
};

/// The whole file as text, for small files (templates, board files): at most `limit` bytes.
Result<std::string> read_text_file(const std::string& path, const Env& env,
                                   std::uint64_t limit = 1 << 20);

/// SHA-256 of a whole file.
Result<Sha256Digest> sha256_of(const InputFile& file);

/// A file that appears under its name, complete and synced, at commit() and not before. Destroyed
/// (or interrupted by SIGINT, SIGTERM or SIGHUP) without a commit it leaves nothing behind. A
/// target that exists and is no regular file (pipe, device node, /dev/stdout) is written directly.
class OutputFile {
 public:
  /// `path`: where the file shall be; "-" is standard output. Errors: Code::io; Code::refused for
  /// symlinks that lead nowhere but to each other.
  static Result<OutputFile> create(const std::string& path);
  OutputFile(OutputFile&&) noexcept = default;
  OutputFile& operator=(OutputFile&& other) noexcept;
  ~OutputFile();

  /// Appends. Errors: Code::io (disk full among them).
  Status write(Bytes bytes);
  /// Appends `count` zero bytes, as a hole where the file can have one.
  Status write_zeros(std::uint64_t count);
  /// Writes at `offset` (bytes from the start) without moving the end that write() appends to.
  /// Errors: Code::io; Code::refused on a target that cannot seek.
  Status write_at(std::uint64_t offset, Bytes bytes);
  /// Sets the size (bytes), growing with zeros.
  Status resize(std::uint64_t size);
  std::uint64_t position() const { return position_; }  ///< bytes written by write()
  /// Where the bytes are until commit(), for child processes that write it themselves.
  const std::filesystem::path& temporary_path() const { return temporary_; }
  int descriptor() const { return descriptor_.get(); }
  /// The target takes the bytes as they come: there is no temporary file.
  bool written_directly() const { return temporary_.empty(); }

  /// Begins to sync what was written so far; commit() waits for the end of that. Nothing may be
  /// written in between.
  void start_sync();
  /// Syncs and gives the file its name. Errors: Code::io, and then nothing is left behind.
  Status commit();
  /// Gives all of `files` their names, but only once the bytes of all of them are safe. Errors:
  /// Code::io; those that have no name yet leave nothing behind.
  static Status commit_all(std::span<OutputFile* const> files);
  /// Gives a file in a TemporaryDirectory its name: it does not outlast the run, so nothing is
  /// synced. Errors: Code::io.
  Status commit_scratch();

 private:
  OutputFile() = default;
  void discard();
  Status sync();
  Status put_in_place();
  FileDescriptor descriptor_;
  std::filesystem::path target_;
  std::filesystem::path temporary_;  ///< empty: the target is written directly
  std::uint64_t position_ = 0;
  std::future<Status> syncing_;  ///< valid from start_sync() on
};

/// A folder for scratch files, removed with everything in it (on signals too).
class TemporaryDirectory {
 public:
  /// Below `parent`: usually the folder of the output, where there is room for it.
  static Result<TemporaryDirectory> create(const std::filesystem::path& parent);
  TemporaryDirectory(TemporaryDirectory&& other) noexcept : path_(std::exchange(other.path_, {})) {}
  TemporaryDirectory& operator=(TemporaryDirectory&& other) noexcept;
  ~TemporaryDirectory();
  const std::filesystem::path& path() const { return path_; }

 private:
  TemporaryDirectory() = default;
  void discard();
  std::filesystem::path path_;
};

/// Refuses an output that would take the place of one of the files that it is made of (by whatever
/// path), or of a file in one of the folders that it is made of. Names that are empty, "-" or not
/// there are passed over. Errors: Code::refused.
Status keep_inputs(const std::string& output, const std::vector<std::string>& inputs);

/// The folder that `output` lies or will lie in; `env.temporary_directory` for "-" and for
/// targets in folders without regular files (/dev).
std::filesystem::path folder_beside(const std::string& output, const Env& env);

/// Copies all of `input` to the end of `output`, telling `seen` of every piece on the way.
Status copy_file(const InputFile& input, OutputFile& output,
                 const std::function<void(Bytes)>& seen = {});

}  // namespace trxkit
