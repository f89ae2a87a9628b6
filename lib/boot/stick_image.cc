// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The /boot tree as a disk image: MBR, one partition at 1 MiB.
#include <optional>

#include "lib/boot/stick_build.h"
#include "lib/image/disk.h"
#include "lib/image/ext4.h"
#include "lib/image/fat.h"
#include "lib/system/build_output.h"

namespace trxkit::boot {
namespace {

constexpr std::uint64_t kPartitionStart = 1 << 20;
// For the marker of the entry that is being tried, and what people drop there.
constexpr std::uint64_t kBootRoom = 4 << 20;
constexpr std::uint8_t kTypeFat32 = 0x0C;  // with LBA
constexpr std::uint8_t kTypeLinux = 0x83;

// Writes MBR and file system into `image`; returns its size in bytes.
Result<std::uint64_t> write_disk(const StickRequest& request, const StickBuild& build,
                                 OutputFile& image, const Env& env) {
  auto tree = TRY(boot_tree(build.files, env));
  archive::MergeSummary summary = TRY(archive::summarise(*tree));
  bool fat = request.layout.filesystem == BootFilesystem::fat32;
  std::uint64_t size = fat ? image::fat32_size_for(summary.content_bytes, summary.paths, kBootRoom)
                           : image::ext4_size_for(summary.content_bytes, summary.paths, kBootRoom);
  std::uint64_t total = kPartitionStart + size;
  TRY(image.resize(total));
  const StickIds& ids = build.plan.ids;
  TRY(image::write_mbr(
      image, ids.disk_id,
      {{.offset = kPartitionStart, .size = size, .type = fat ? kTypeFat32 : kTypeLinux}}));
  if (fat) {
    TRY(image::write_fat32(
        *tree, image,
        {.label = kBootLabel, .volume_id = ids.volume_id, .size = size, .offset = kPartitionStart},
        env));
  } else {
    TRY(image::write_ext4(
        *tree, image,
        {.label = kBootLabel, .uuid = ids.boot_uuid, .size = size, .offset = kPartitionStart},
        env));
  }
  return total;
}

// Builds the image under a name of its own and copies it where the target cannot seek (a pipe).
Status copy_to(const std::string& made, OutputFile& output, const Env& env) {
  InputFile input = TRY(InputFile::open(made, env));
  return copy_file(input, output);
}

Result<ManifestFile> describe_output(const std::string& made, const std::string& name,
                                     const Env& env) {
  InputFile input = TRY(InputFile::open(made, env));
  return ManifestFile{.role = "image",
                      .name = std::filesystem::path(name).filename().string(),
                      .sha256 = hex(TRY(sha256_of(input))),
                      .size = input.size()};
}

}  // namespace

Result<StickResult> write_stick_image(const StickRequest& request, const std::string& output,
                                      const Env& env, const Progress& progress,
                                      Findings& findings) {
  TRY(keep_build_inputs(output, request.files_read()));
  OutputFile target = TRY(OutputFile::create(output));
  // A pipe or device node: written in one go at the end, without a manifest beside it.
  bool direct = target.written_directly();
  TemporaryDirectory scratch = TRY(TemporaryDirectory::create(folder_beside(output, env)));
  StickBuild build = TRY(build_stick(request, scratch.path(), env, progress, findings));
  StickResult result = result_of(request, build, env);

  progress("stick image", 0, 0);
  std::string made = direct ? scratch.path() / "stick.img" : target.temporary_path();
  if (direct) {
    OutputFile image = TRY(OutputFile::create(made));
    result.image_size = TRY(write_disk(request, build, image, env));
    TRY(image.commit_scratch());
    TRY(copy_to(made, target, env));
  } else {
    result.image_size = TRY(write_disk(request, build, target, env));
  }
  result.manifest.outputs.push_back(TRY(describe_output(made, output, env)));
  TRY(direct ? target.commit() : commit_build(target, output, result.manifest));
  return result;
}

}  // namespace trxkit::boot
