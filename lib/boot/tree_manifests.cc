// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/boot/tree_manifests.h"

#include "lib/boot/host_manifest.h"
#include "lib/boot/trusted_manifest.h"
#include "lib/core/printable.h"

namespace trxkit::boot {
namespace {

constexpr const char* kManifest = "manifest.json";
constexpr const char* kTrusted = "boot.manifest";
constexpr std::string_view kAgain = "write the stick or the tree again";

class ManifestReader {
 public:
  ManifestReader(Medium& medium, const Env& env, Findings& findings)
      : medium_(medium), env_(env), findings_(findings) {}

  Result<TreeManifests> run() {
    TRY(read_manifest());
    TRY(read_trusted());
    return std::move(result_);
  }

 private:
  std::string name_of(const char* manifest) const { return medium_.name() + "/" + manifest; }
  void add(FindingId id, const char* manifest, const std::string& message,
           std::string_view hint = kAgain) {
    findings_.add(id, {.file = name_of(manifest)}, printable(message), std::string(hint));
  }

  Status read_manifest() {
    auto text = TRY(small_file(medium_, kManifest, env_));
    if (!text) {
      add("STK035", kManifest, "is not there: what was written is not known",
          "only what boot.manifest names is compared");
      return {};
    }
    auto manifest = parse_host_manifest(*text, name_of(kManifest));
    if (!manifest) {
      add("STK034", kManifest, manifest.error().what);
      return {};
    }
    result_.board = manifest->board;
    for (const ManifestFile& file : manifest->files) {
      result_.files[path_in_boot(file.name)] = {file.sha256, file.mutable_content};
    }
    result_.complete = true;
    return {};
  }

  Status read_trusted() {
    auto text = TRY(small_file(medium_, kTrusted, env_));
    if (!text) {
      add("STK036", kTrusted, "is not there: a server's tree does not boot without it");
      return {};
    }
    TrustedManifest trusted = parse_trusted_manifest(*text);
    result_.trusted_board = trusted.board;
    for (const TrustedFile& file : trusted.files) trust(file.name, file.sha256);
    for (const ManifestFault& fault : trusted.faults) {
      findings_.add("NET001", {.file = name_of(kTrusted), .line = fault.line}, fault.what,
                    std::string(kAgain));
    }
    if (result_.board.empty()) result_.board = result_.trusted_board;
    return {};
  }

  /// What lies on another server (a name with a scheme) is not on this medium.
  void trust(const std::string& path, const std::string& hash) {
    if (path.contains(':')) return;
    auto [place, fresh] = result_.files.insert({path_in_boot(path), {hash, false}});
    if (fresh || place->second.sha256 == hash) return;
    add("STK034", kTrusted, fmt::format("names another hash of {} than manifest.json", path));
  }

  Medium& medium_;
  const Env& env_;
  Findings& findings_;
  TreeManifests result_;
};

}  // namespace

Result<TreeManifests> read_manifests(Medium& medium, const Env& env, Findings& findings) {
  return ManifestReader(medium, env, findings).run();
}

Result<std::optional<std::string>> small_file(Medium& medium, const std::string& path,
                                              const Env& env) {
  constexpr std::uint64_t kLongest = 1 << 20;  // preinit takes no longer script either
  if (!medium.has(path)) return std::nullopt;
  InputFile file = TRY(medium.open(path, env));
  if (file.size() > kLongest) return std::nullopt;
  return std::string(as_text(TRY(file.bytes_at(0, file.size()))));
}

std::string path_in_boot(std::string_view path) {
  if (path.starts_with('/')) path.remove_prefix(1);
  constexpr std::string_view kFolder = "boot/";
  return std::string(path.starts_with(kFolder) ? path.substr(kFolder.size()) : path);
}

}  // namespace trxkit::boot
