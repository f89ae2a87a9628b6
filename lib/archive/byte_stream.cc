// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/archive/byte_stream.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <optional>

#include <fcntl.h>
#include <unistd.h>

namespace trxkit::archive {
namespace {

constexpr std::size_t kSpoolBlock = 256 << 10;

class RangeStream : public ByteStream {
 public:
  RangeStream(std::shared_ptr<const InputFile> file, std::uint64_t offset, std::uint64_t size)
      : file_(std::move(file)), whole_(offset == 0), position_(offset), left_(size) {}

  Result<std::size_t> read(MutableBytes target) override {
    auto length = static_cast<std::size_t>(std::min<std::uint64_t>(target.size(), left_));
    TRY(file_->read_at(position_, target.first(length)));
    position_ += length;
    left_ -= length;
    return length;
  }
  bool is_the_file() const override { return whole_; }

 private:
  std::shared_ptr<const InputFile> file_;
  bool whole_;  // the stream starts where the file does
  std::uint64_t position_;
  std::uint64_t left_;
};

class ProgramStream : public ByteStream {
 public:
  ProgramStream(FileDescriptor pipe, Process process)
      : pipe_(std::move(pipe)), process_(std::move(process)) {}

  Result<std::size_t> read(MutableBytes target) override {
    while (pipe_) {
      ssize_t got = ::read(pipe_.get(), target.data(), target.size());
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return fail(Code::io, "cannot read from a pipe: {}", std::strerror(errno));
      if (got > 0) return static_cast<std::size_t>(got);
      pipe_.close();
      TRY(process_->finish());
      process_.reset();
    }
    return 0;
  }

 private:
  FileDescriptor pipe_;
  std::optional<Process> process_;
};

}  // namespace

std::unique_ptr<ByteStream> file_stream(std::shared_ptr<const InputFile> file) {
  std::uint64_t size = file->size();
  return range_stream(std::move(file), 0, size);
}

std::unique_ptr<ByteStream> range_stream(std::shared_ptr<const InputFile> file,
                                         std::uint64_t offset, std::uint64_t size) {
  return std::make_unique<RangeStream>(std::move(file), offset, size);
}

Result<InputFile> spool(ByteStream& stream, const std::string& name,
                        const std::filesystem::path& folder) {
  TemporaryDirectory scratch = TRY(TemporaryDirectory::create(folder));
  std::string path = scratch.path() / "spooled";
  OutputFile copy = TRY(OutputFile::create(path));
  std::vector<std::byte> block(kSpoolBlock);
  while (std::size_t got = TRY(stream.read(block))) TRY(copy.write(Bytes(block).first(got)));
  TRY(copy.commit_scratch());
  return TRY(InputFile::open(path, Env{})).called(name);
}

Result<std::unique_ptr<ByteStream>> program_stream(Command command, const Env& env) {
  std::array<int, 2> ends{-1, -1};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) {
    return fail(Code::io, "cannot make a pipe: {}", std::strerror(errno));
  }
  FileDescriptor from_program(ends[0]);
  FileDescriptor to_us(ends[1]);  // ours is closed on return: the program's end is the end
  command.stdout_descriptor = to_us.get();
  Process process = TRY(Process::start(command, env));
  return std::make_unique<ProgramStream>(std::move(from_program), std::move(process));
}

Result<std::size_t> read_fully(ByteStream& stream, MutableBytes target) {
  std::size_t done = 0;
  while (done < target.size()) {
    std::size_t got = TRY(stream.read(target.subspan(done)));
    if (got == 0) break;
    done += got;
  }
  return done;
}

}  // namespace trxkit::archive
