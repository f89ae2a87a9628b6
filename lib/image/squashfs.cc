// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/image/squashfs.h"

#include <algorithm>
#include <bit>
#include <optional>
#include <thread>
#include <vector>

#include <unistd.h>

#include "lib/archive/write.h"
#include "lib/image/output_range.h"
#include "lib/system/process.h"

namespace trxkit::image {
namespace {

using archive::Entry;
using archive::EntryType;

constexpr std::uint32_t kMagic = 0x73717368;  // linux fs/squashfs/squashfs_fs.h
constexpr std::uint32_t kSmallestBlock = 4096;
constexpr std::uint32_t kLargestBlock = 1 << 20;

// What the two programs would do differently is settled here: mksquashfs gives the root directory
// the time of SOURCE_DATE_EPOCH and pulls later times down to it; squashfs has no times before
// 1970.
void settle_time(Entry& entry, std::int64_t epoch) {
  entry.mtime = entry.path.empty() ? epoch : std::clamp<std::int64_t>(entry.mtime, 0, epoch);
}

std::vector<std::string> tar2sqfs_arguments(const SquashfsOptions& options, unsigned jobs,
                                            const std::string& path) {
  // Without --no-skip records that it cannot read are left out silently.
  return {"tar2sqfs",
          "--quiet",
          "--force",
          "--no-skip",
          "--compressor",
          "xz",
          "--comp-extra",
          "level=9,extreme,lc=0,lp=2,pb=2",
          "--block-size",
          std::to_string(options.block_size),
          "--num-jobs",
          std::to_string(jobs),
          path};
}

// mksquashfs 4.5.1 gives the root directory the owner of its process and mode 0777 whatever the tar
// says; -root-uid is accepted and ignored (squashfs-tools issue 173). So it has to believe that it
// is root.
std::vector<std::string> mksquashfs_arguments(const SquashfsOptions& options, unsigned jobs,
                                              const Entry& root, const std::string& path) {
  std::vector<std::string> result;
  if (geteuid() != 0 || getegid() != 0) result = {"fakeroot", "--"};
  for (std::string word :
       {std::string("mksquashfs"), std::string("-"), path, std::string("-tar"),
        std::string("-noappend"), std::string("-no-progress"), std::string("-quiet"),
        std::string("-comp"), std::string("xz"), std::string("-b"),
        std::to_string(options.block_size), std::string("-processors"), std::to_string(jobs),
        std::string("-root-mode"), fmt::format("{:o}", root.mode)}) {
    result.push_back(std::move(word));
  }
  return result;
}

Status check_options(const SquashfsOptions& options) {
  std::uint32_t block = options.block_size;
  if (std::has_single_bit(block) && block >= kSmallestBlock && block <= kLargestBlock) return {};
  return fail(Code::usage, "a squashfs block size of {} is no power of two from {} to {}", block,
              kSmallestBlock, kLargestBlock);
}

// "tar2sqfs 1.2.0" out of "tar2sqfs (squashfs-tools-ng) 1.2.0", "mksquashfs 4.5.1" out of
// "mksquashfs version 4.5.1 (2022/03/17)".
std::string short_version(std::string_view program, std::string_view said) {
  said = said.substr(0, said.find('\n'));
  std::size_t start = 0;
  while (start < said.size() &&
         !(said[start] >= '0' && said[start] <= '9' && start > 0 && said[start - 1] == ' ')) {
    ++start;
  }
  std::string_view number = said.substr(start);
  return fmt::format("{} {}", program, number.substr(0, number.find(' ')));
}

Result<std::string> probe(SquashfsBackend backend, const Env& env) {
  bool tar2sqfs = backend == SquashfsBackend::tar2sqfs;
  std::string program = tar2sqfs ? "tar2sqfs" : "mksquashfs";
  std::string said = TRY(run({{program, tar2sqfs ? "--version" : "-version"}}, env));
  return short_version(program, said);
}

Result<Entry> read_root(archive::Reader& reader, const std::string& tree) {
  std::optional<Entry> root = TRY(reader.next());
  if (root && root->path.empty() && root->type == EntryType::directory) return std::move(*root);
  return fail_at({tree, {}}, Code::bad_input, "the tree does not begin with its root directory");
}

// The tree as a tar into the child. Where that fails the child sees its input end and gives up.
Status feed(Process& child, archive::Reader& reader, Entry root, bool with_root,
            std::int64_t epoch) {
  auto writer = archive::tar_writer([&](Bytes bytes) { return child.write_input(bytes); });
  settle_time(root, epoch);
  if (with_root) TRY(writer->add(root, reader));
  while (auto entry = TRY(reader.next())) {
    settle_time(*entry, epoch);
    TRY(writer->add(*entry, reader));
  }
  return writer->finish();
}

Result<std::uint64_t> judge(const std::filesystem::path& path, const Env& env) {
  InputFile image = TRY(InputFile::open(path.string(), env));
  auto magic = image.read_struct<le32>(0);
  if (magic && *magic == kMagic) return image.size();
  return fail(Code::external_tool, "the program has written no squashfs image");
}

Result<std::uint64_t> build(const archive::Source& tree, const std::filesystem::path& path,
                            const SquashfsOptions& options, const Env& env) {
  unsigned jobs =
      options.jobs > 0 ? options.jobs : std::max(1U, std::thread::hardware_concurrency());
  bool tar2sqfs = options.backend == SquashfsBackend::tar2sqfs;
  auto reader = TRY(tree.open());
  Entry root = TRY(read_root(*reader, tree.name()));
  if (!tar2sqfs && (root.uid != 0 || root.gid != 0)) {
    return advise(
        fail_at({tree.name(), {}}, Code::bad_input,
                "mksquashfs cannot give the root directory the owner {}:{}", root.uid, root.gid),
        "use tar2sqfs");
  }
  Command command{tar2sqfs ? tar2sqfs_arguments(options, jobs, path.string())
                           : mksquashfs_arguments(options, jobs, root, path.string())};
  command.stdin_pipe = true;
  Process child = TRY(Process::start(command, env));
  Status fed = feed(child, *reader, std::move(root), tar2sqfs, env.source_date_epoch);
  auto ended = child.finish();
  TRY(std::move(fed));
  TRY(std::move(ended));
  return judge(path, env);
}

}  // namespace

Result<SquashfsResult> write_squashfs(const archive::Source& tree, OutputFile& output,
                                      const SquashfsOptions& options, const Env& env) {
  TRY(check_options(options));
  SquashfsResult result;
  result.program = TRY(probe(options.backend, env));
  if (!output.written_directly()) {
    result.size = TRY(build(tree, output.temporary_path(), options, env));
    // The child knows the output by name only: our descriptor must be of the file that it wrote.
    if (TRY(rewritable_size(output)) == result.size) return result;
    return fail(Code::external_tool, "the program has replaced the file that it was to write");
  }
  // The programs need a file in which they can seek.
  TemporaryDirectory scratch = TRY(TemporaryDirectory::create(env.temporary_directory));
  std::filesystem::path path = scratch.path() / "squashfs";
  result.size = TRY(build(tree, path, options, env));
  InputFile image = TRY(InputFile::open(path.string(), env));
  TRY(copy_file(image, output));
  return result;
}

}  // namespace trxkit::image
