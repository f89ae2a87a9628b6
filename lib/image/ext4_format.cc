// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/image/ext4_format.h"

#include <algorithm>
#include <limits>

#include "lib/image/ext4_filesystem.h"
#include "lib/system/process.h"

namespace trxkit::image {
namespace {

constexpr std::uint64_t kBlocksPerGroup = std::uint64_t{kExt4BlockSize} * 8;  // one bitmap block
constexpr std::uint64_t kInodesPerGroup = kBlocksPerGroup;
constexpr std::uint64_t kReservedInodes = 11;     // 10 of the format, lost+found
constexpr std::uint32_t kSmallestJournal = 1024;  // blocks; linux include/linux/jbd2.h

// What a 3.10 kernel mounts for writing. Left out on purpose: metadata_csum, 64bit, orphan_file,
// metadata_csum_seed (too new), huge_file (a 32-bit kernel without CONFIG_LBDAF mounts it
// read-only, linux fs/ext4/super.c).
constexpr std::string_view kFeatures =
    "none,sparse_super,large_file,filetype,resize_inode,dir_index,ext_attr";
constexpr std::string_view kExt4Features = ",extent,flex_bg,dir_nlink,extra_isize";

constexpr std::string_view kConfiguration = R"([defaults]
	base_features = sparse_super,filetype
	default_mntopts = acl,user_xattr
	enable_periodic_fsck = 0
	blocksize = 4096
	inode_size = 256
	inode_ratio = 16384
	hash_alg = half_md4
	flex_bg_size = 16
[fs_types]
	ext4 = {
		features = extent
	}
)";

Status check_options(const Ext4Options& options) {
  if (options.label.size() > 16) {
    return fail(Code::usage, "the ext4 label '{}' is longer than 16 bytes", options.label);
  }
  std::uint64_t blocks = options.size / kExt4BlockSize;
  if (options.size % kExt4BlockSize != 0 || blocks > std::numeric_limits<std::uint32_t>::max()) {
    return fail(Code::usage, "an ext4 file system of {} bytes is no multiple of {} below 16 TiB",
                options.size, kExt4BlockSize);
  }
  // mke2fs -J size= takes whole MiB.
  bool journal_fits = options.journal_blocks == 0 || (options.journal_blocks >= kSmallestJournal &&
                                                      options.journal_blocks % 256 == 0);
  if (!journal_fits) {
    return fail(Code::usage, "a journal of {} blocks is not a multiple of 256 from {}",
                options.journal_blocks, kSmallestJournal);
  }
  bool journal = options.journal_blocks > 0;
  if ((options.kind == ExtKind::ext2 && journal) || (options.kind == ExtKind::ext3 && !journal)) {
    return fail(Code::usage, "{} is {}", journal ? "ext2 with a journal" : "ext3 without a journal",
                journal ? "ext3" : "ext2");
  }
  return {};
}

std::vector<std::string> arguments(const Ext4Options& options, std::uint32_t inodes,
                                   const std::string& path) {
  std::string features(kFeatures);
  if (options.kind == ExtKind::ext4) features += kExt4Features;
  if (options.journal_blocks > 0) features += ",has_journal";
  // The type only names the section of the configuration; the features say which one it is.
  std::vector<std::string> result{"mke2fs", "-q", "-F", "-t", "ext4"};
  auto add = [&](std::string option, std::string value) {
    result.push_back(std::move(option));
    result.push_back(std::move(value));
  };
  add("-b", std::to_string(kExt4BlockSize));
  add("-I", "256");
  add("-N", std::to_string(inodes));
  add("-m", "0");
  add("-L", options.label);
  add("-U", options.uuid);
  add("-O", features);
  if (options.journal_blocks > 0) {
    add("-J", fmt::format("size={}", options.journal_blocks / 256));
  }
  add("-E", fmt::format("offset={},hash_seed={},root_owner=0:0,lazy_itable_init=0,"
                        "lazy_journal_init=0,nodiscard",
                        options.offset, options.uuid));
  result.push_back(path);
  result.push_back(std::to_string(options.size / kExt4BlockSize));
  return result;
}

}  // namespace

Result<std::uint32_t> ext4_inode_count(std::uint64_t paths, const Ext4Options& options) {
  std::uint64_t size = options.size;
  std::uint64_t blocks = size / kExt4BlockSize;
  std::uint64_t most = (blocks / kBlocksPerGroup + 1) * kInodesPerGroup;
  // A quarter of the volume for inodes leaves room for everything else.
  most = std::min({most, size / 4 / 256, std::uint64_t{std::numeric_limits<std::uint32_t>::max()}});
  std::uint64_t least = paths + kReservedInodes;
  if (least > most) {
    return fail(Code::does_not_fit, "an ext4 file system of {} bytes has no room for {} paths",
                size, paths);
  }
  return static_cast<std::uint32_t>(std::min(most, least + size / options.bytes_per_inode));
}

Status format_ext4(OutputFile& output, const Ext4Options& options, std::uint32_t inodes,
                   const Env& env) {
  TRY(check_options(options));
  TemporaryDirectory scratch = TRY(TemporaryDirectory::create(env.temporary_directory));
  std::string configuration = (scratch.path() / "mke2fs.conf").string();
  OutputFile file = TRY(OutputFile::create(configuration));
  TRY(file.write(as_bytes(kConfiguration)));
  TRY(file.commit_scratch());
  Command command{arguments(options, inodes, output.temporary_path().string())};
  // libext2fs reads 0 as "use the clock".
  command.environment = {
      {"MKE2FS_CONFIG", configuration},
      {"E2FSPROGS_FAKE_TIME", std::to_string(std::max<std::int64_t>(env.source_date_epoch, 1))}};
  TRY(run(command, env));
  return {};
}

}  // namespace trxkit::image
