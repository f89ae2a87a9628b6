// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/rootfs/root_input.h"

#include <filesystem>

#include "lib/rootfs/image_root.h"

namespace trxkit::rootfs {
namespace {

Result<archive::SourcePointer> root_of_image(const InputFile& file, const Env& env) {
  auto analysis = TRY(firmware::analyse(file, nullptr, trx::Depth::headers));
  if (analysis.computed_crc == analysis.image.crc) {
    return image_root(file, analysis, env.temporary_directory, env);
  }
  auto failure = fail_at(analysis.image.at(trx::kCrcField), Code::bad_input,
                         "the CRC of the image is not that of its bytes");
  failure.error().finding = "TRX005";
  return advise(std::move(failure),
                "get the file again; trxtool extract takes what is left of a damaged one");
}

}  // namespace

Result<archive::SourcePointer> open_root(const std::string& path,
                                         const archive::SourceOptions& options, const Env& env) {
  std::error_code ignored;
  if (path != "-" && std::filesystem::is_directory(path, ignored)) {
    return archive::open_source(path, env, options);
  }
  Env spooling = env;
  if (!options.spool_directory.empty()) spooling.temporary_directory = options.spool_directory;
  InputFile file = TRY(InputFile::open(path, spooling));
  if (trx::read_wrapped(file, {}, std::nullopt)) return root_of_image(file, spooling);
  return archive::open_source(std::move(file), spooling, options);
}

}  // namespace trxkit::rootfs
