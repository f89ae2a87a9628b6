// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/firmware/pack_manifest.h"

#include <filesystem>

namespace trxkit::firmware {
namespace {

// The hash of `file` if all of it is one piece of the image, which was hashed already.
Result<Sha256Digest> digest_of(const InputFile& file, const trx::Composition& composition,
                               const trx::Digests& digests) {
  auto digest = digests.sources.begin();
  for (const trx::Piece& piece : composition.pieces()) {
    if (!piece.source) continue;
    if (piece.source->file == &file && piece.size == file.size()) return *digest;
    ++digest;
  }
  return sha256_of(file);
}

}  // namespace

std::string name_without_folder(const std::string& path) {
  return path == "-" ? path : std::filesystem::path(path).filename().string();
}

Result<BuildManifest> manifest_of(const PackRequest& request, const PackInputs& inputs,
                                  const trx::Composition& composition, const InputFile& image,
                                  const Env& env) {
  trx::Digests digests = TRY(trx::digests_of(composition, image));
  BuildManifest manifest;
  manifest.tool = "trxtool";
  manifest.version = version();
  if (request.board != nullptr) manifest.board = request.board->name;
  manifest.source_date_epoch = env.source_date_epoch;
  manifest.programs = trx::codec_versions();
  for (const PackInput* input : inputs.all()) {
    const InputFile& file = *input->file;
    manifest.inputs.push_back({input->role, name_without_folder(file.name()),
                               hex(TRY(digest_of(file, composition, digests))), file.size()});
  }
  manifest.outputs.push_back(
      {"image", name_without_folder(request.output), hex(digests.whole), image.size()});
  std::uint64_t position = image.size() - composition.size();
  std::vector<const PackInput*> inputs_of_parts = inputs.parts();
  auto input = inputs_of_parts.begin();
  for (const trx::Part& part : composition.image({}, 0).parts) {
    manifest.contents.push_back({(*input++)->role, fmt::format("part {}", part.number),
                                 hex(digests.parts[part.number - 1]),
                                 composition.part_size(part.number), position + part.offset});
  }
  return manifest;
}

}  // namespace trxkit::firmware
