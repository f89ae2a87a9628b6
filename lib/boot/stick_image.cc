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

// The image is complete under the name `made`: hash, block map and manifest follow from it.
Status finish(const std::string& made, const std::string& output, OutputFile& target,
              StickResult& result, const Env& env) {
  result.manifest.outputs.push_back(TRY(describe_output(made, output, env)));
  if (target.written_directly()) {
    TRY(copy_to(made, target, env));
    return target.commit();
  }
  InputFile image = TRY(InputFile::open(made, env)).called(output);
  OutputFile map = TRY(OutputFile::create(output + ".bmap"));
  image::MappedBlocks mapped = TRY(image::mapped_blocks(image));
  std::string text = TRY(image::bmap_of(image, mapped.ranges));
  TRY(map.write(as_bytes(text)));
  return commit_build(target, output, result.manifest, std::array{&map});
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
  TRY(finish(image.temporary_path(), output, target, result, env));
  return result;
}

}  // namespace trxkit::boot
