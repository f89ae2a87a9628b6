// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/archive/squashfs_source.h"

#include <sys/stat.h>
#include <unistd.h>

#include "lib/archive/archive_reader.h"

namespace trxkit::archive {
namespace {

constexpr std::uint32_t kMagic = 0x73717368;         // "hsqs"
constexpr std::uint32_t kSwappedMagic = 0x68737173;  // "sqsh": a big-endian image (version 3)
// sqfs2tar keeps the whole tree: some 43 MiB for 200,000 paths. An image of a kilobyte can claim
// a tree of billions, by directories that share their subdirectories.
constexpr std::uint64_t kReaderMemory = 256 << 20;

// linux fs/squashfs/squashfs_fs.h, struct squashfs_super_block, up to what we need.
struct Superblock {
  le32 magic;
  le32 inodes;
  le32 modification_time;
  le32 block_size;
  le32 fragments;
  le16 compression;
  le16 block_log;
  le16 flags;
  le16 ids;
  le16 version_major;
  le16 version_minor;
  le64 root_inode;
  le64 bytes_used;
};
static_assert(sizeof(Superblock) == 48);

class SquashfsSource : public Source {
 public:
  SquashfsSource(std::shared_ptr<const InputFile> file, std::string program_path, Env env)
      : file_(std::move(file)), program_path_(std::move(program_path)), env_(std::move(env)) {}

  Result<std::unique_ptr<Reader>> open() const override {
    // Without --root-becomes the attributes of the root are lost; without --no-skip what does not
    // fit into a tar is left out silently.
    Command command{.argv = {"sqfs2tar", "--root-becomes", ".", "--no-skip", program_path_},
                    .memory_limit = kReaderMemory};
    auto stream = TRY(program_stream(std::move(command), env_));
    return tar_reader(std::move(stream), name(), false);
  }
  std::string name() const override { return file_->name(); }

 private:
  std::shared_ptr<const InputFile> file_;
  std::string program_path_;
  Env env_;
};

Status check(const InputFile& file) {
  auto superblock = TRY(file.read_struct<Superblock>(0));
  if (superblock.magic == kSwappedMagic || superblock.version_major != 4) {
    return advise(fail_at({file.name(), 0}, Code::bad_input,
                          "is a squashfs of {}; only 4.0, little endian, is read",
                          superblock.magic == kSwappedMagic
                              ? "big-endian byte order"
                              : fmt::format("version {}.{}", superblock.version_major.value(),
                                            superblock.version_minor.value())),
                  "unpack it with the unsquashfs of its vendor and give the directory");
  }
  std::uint64_t used = superblock.bytes_used;
  if (used <= file.size()) return {};
  return advise(fail_at({file.name(), file.size()}, Code::bad_input,
                        "the squashfs is cut short: it has {} bytes of {}, {} are missing",
                        file.size(), used, used - file.size()),
                "get the file again, and compare its checksum");
}

// Spooled files, and those that have been replaced meanwhile, have no name of their own; and a name
// that starts with '-' would be an option.
std::string path_for_program(const InputFile& file) {
  struct stat opened{};
  struct stat named{};
  bool same = fstat(file.descriptor(), &opened) == 0 && stat(file.name().c_str(), &named) == 0 &&
              opened.st_dev == named.st_dev && opened.st_ino == named.st_ino;
  if (!same) return fmt::format("/proc/{}/fd/{}", getpid(), file.descriptor());
  return file.name().starts_with('-') ? "./" + file.name() : file.name();
}

}  // namespace

bool looks_like_squashfs(Bytes head) {
  auto magic = ByteReader(head).read_at<le32>(0);
  return magic && (*magic == kMagic || *magic == kSwappedMagic);
}

Result<SourcePointer> squashfs_source(std::shared_ptr<const InputFile> file, const Env& env) {
  TRY(check(*file));
  std::string program_path = path_for_program(*file);
  return std::make_shared<SquashfsSource>(std::move(file), std::move(program_path), env);
}

}  // namespace trxkit::archive
