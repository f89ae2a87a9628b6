// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/boot/sign_tree.h"

#include <filesystem>

#include "lib/boot/served_file.h"
#include "lib/boot/tree_manifests.h"
#include "lib/signature/key_files.h"
#include "lib/system/file.h"

namespace trxkit::boot {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kAgain = "write the tree again: mkbootusb tree or netboot";

// A name with a scheme lies on another server: its owner vouches for the hash alone.
bool lies_elsewhere(std::string_view name) {
  return name.contains(':');
}

Status compare(const fs::path& folder, const TrustedManifest& manifest, const Env& env) {
  for (const TrustedFile& listed : manifest.files) {
    if (lies_elsewhere(listed.name)) continue;
    std::string path = (folder / path_in_boot(listed.name)).string();
    auto file = InputFile::open(path, env);
    if (file && hex(TRY(sha256_of(*file))) == listed.sha256) continue;
    return advise(fail_at({path, {}}, Code::refused,
                          "is not what boot.manifest says, so the tree is not signed"),
                  std::string(kAgain));
  }
  return {};
}

Result<OutputFile> prepare(const fs::path& path, const std::string& text) {
  OutputFile file = TRY(OutputFile::create(path.string()));
  TRY(file.write(as_bytes(text)));
  return file;
}

}  // namespace

Result<SignResult> sign_tree(const SignRequest& request, const Env& env) {
  signature::SecretKey key = TRY(signature::read_secret_key(request.key, env));
  fs::path folder = TRY(manifest_folder(request.directory));
  SignResult result{.manifest = (folder / "boot.manifest").string(),
                    .signature = (folder / "boot.manifest.sig").string(),
                    .contents = TRY(read_trusted_manifest(folder, env)),
                    .key = key.id};
  TRY(compare(folder, result.contents, env));
  if (request.build) result.contents.build = TRY(build_number(request.build, 0));
  std::string text = result.contents.text();
  TRY(keep_inputs(result.signature, {request.key}));
  OutputFile manifest = TRY(prepare(result.manifest, text));
  OutputFile seal = TRY(prepare(result.signature, signature_text(key, text)));
  OutputFile* const both[] = {&manifest, &seal};
  TRY(OutputFile::commit_all(both));
  return result;
}

std::string signature_text(const signature::SecretKey& key, std::string_view text) {
  return signature::text_of(
      signature::sign(key, as_bytes(text)),
      fmt::format("boot.manifest, signed with key {}", signature::text_of(key.id)));
}

}  // namespace trxkit::boot
