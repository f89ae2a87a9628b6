// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// A stick as a disk image, with its manifest and its block map beside it.
#include <array>
#include <optional>

#include "lib/boot/stick_volumes.h"
#include "lib/image/bmap.h"
#include "lib/system/build_output.h"

namespace trxkit::boot {
namespace {

Result<std::string> block_map(const InputFile& image) {
  image::MappedBlocks mapped = TRY(image::mapped_blocks(image));
  return image::bmap_of(image, mapped.ranges);
}

// The image is complete in `made`, which is `target` itself unless that takes a copy: hash, block
// map and manifest follow from it.
Status finish(OutputFile& made, const std::string& output, OutputFile& target, StickResult& result,
              const Env& env) {
  std::string path = made.temporary_path().string();
  InputFile image = TRY(InputFile::open(path, env)).called(output);
  bool direct = target.written_directly();
  target.start_sync();  // its bytes are hashed meanwhile, for the manifest and for the map
  PendingHash sha256 = begin_hash(path, env);
  Result<std::string> map = direct ? std::string() : block_map(image);
  result.manifest.outputs.push_back({.role = "image",
                                     .name = std::filesystem::path(output).filename().string(),
                                     .sha256 = TRY(sha256.get()),
                                     .size = image.size()});
  if (direct) {
    TRY(copy_file(image, target));
    return target.commit();
  }
  std::string text = TRY(std::move(map));
  OutputFile beside = TRY(OutputFile::create(output + ".bmap"));
  TRY(beside.write(as_bytes(text)));
  return commit_build(target, output, result.manifest, std::array{&beside});
}

}  // namespace

Result<StickResult> write_stick_image(const StickRequest& request, const std::string& output,
                                      const Env& env, const Progress& progress,
                                      Findings& findings) {
  TRY(keep_build_inputs(output, request.files_read()));
  TRY(keep_inputs(output + ".bmap", request.files_read()));
  OutputFile target = TRY(OutputFile::create(output));
  TemporaryDirectory scratch = TRY(TemporaryDirectory::create(folder_beside(output, env)));
  StickBuild build = TRY(build_stick(request, {}, scratch.path(), env, progress, findings));
  StickResult result = result_of(request, build, env);

  progress("stick image", 0, 0);
  // A pipe or device node cannot be rewritten: it gets a copy of the finished image, and no other
  // files beside it.
  std::optional<OutputFile> own;
  if (target.written_directly()) own = TRY(OutputFile::create(scratch.path() / "stick.img"));
  OutputFile& image = own ? *own : target;
  DiskLayout layout = TRY(write_volumes(request, build, image, env, findings));
  for (const StickVolume& volume : layout.volumes) result.partitions.push_back(volume.partition);
  result.image_size = layout.size;
  progress("block map", 0, 0);
  TRY(finish(image, output, target, result, env));
  return result;
}

}  // namespace trxkit::boot
