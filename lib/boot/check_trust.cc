// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/boot/check_trust.h"

#include "lib/boot/tree_manifests.h"
#include "lib/boot/trusted_manifest.h"
#include "lib/core/printable.h"
#include "lib/signature/key_files.h"

namespace trxkit::boot {
namespace {

constexpr const char* kManifest = "boot.manifest";
constexpr const char* kSignature = "boot.manifest.sig";
constexpr const char* kSign = "sign the tree: mkbootusb sign, or --sign-key while it is made";

class TrustCheck {
 public:
  TrustCheck(Medium& medium, const std::map<std::string, EntryValues>& entries,
             const TrustDemand& demand, const Env& env)
      : medium_(medium), entries_(entries), demand_(demand), env_(env) {}

  Result<Findings> run() {
    std::optional<signature::PublicKey> key;
    if (!demand_.public_key.empty()) {
      key = TRY(signature::read_public_key(demand_.public_key, env_));
    }
    std::optional<std::string> text = TRY(small_file(medium_, kManifest, env_));
    if (!text) return std::move(findings_);  // STK036
    manifest_ = parse_trusted_manifest(*text);
    check_build();
    std::optional<std::string> signature = TRY(small_file(medium_, kSignature, env_));
    if (signature) {
      check_signature(*text, *signature, key);
    } else if (key) {
      add("SIG001", kSignature,
          "is not there: a router that demands a signature takes nothing else", kSign);
    }
    if (key || signature) check_entries();
    return std::move(findings_);
  }

 private:
  void add(FindingId id, const std::string& path, const std::string& message,
           const std::string& hint) {
    findings_.add(id, {.file = medium_.name() + "/" + path}, printable(message), hint);
  }

  void check_build() {
    if (!demand_.minimum_build || !manifest_.build) return;
    if (*manifest_.build >= *demand_.minimum_build) return;
    add("NET002", kManifest,
        fmt::format("is of build {}, the router takes none before {}", *manifest_.build,
                    *demand_.minimum_build),
        "mkbootusb sign --build NUMBER");
  }

  void check_signature(const std::string& text, const std::string& file,
                       const std::optional<signature::PublicKey>& key) {
    auto signature = signature::parse_signature(file, kSignature);
    if (!signature) {
      add("SIG002", kSignature, signature.error().what, kSign);
    } else if (!key) {
      add("SIG005", kSignature,
          fmt::format("was not checked; it is by the key {}", signature::text_of(signature->id)),
          "--public-key FILE checks it");
    } else if (signature->id != key->id) {
      add("SIG003", kSignature,
          fmt::format("is by the key {}, not by {}", signature::text_of(signature->id),
                      signature::text_of(key->id)),
          kSign);
    } else if (!signature::verify(*key, as_bytes(text), *signature)) {
      add("SIG004", kSignature, "is not the signature of this boot.manifest", kSign);
    }
  }

  // What boot.sh asks for, entry by entry.
  void check_entries() {
    for (const auto& [name, values] : entries_) {
      std::string file = fmt::format("entries/{}.conf", name);
      demand(file, file, "");
      if (!value(values, "kernel").empty()) {
        demand(file, value(values, "kernel"), value(values, "kernel-sha256"));
      }
      if (is_read_only(values)) demand(file, root_path(values), value(values, "root-sha256"));
    }
  }

  void demand(const std::string& file, const std::string& named, const std::string& own_hash) {
    if (!own_hash.empty() || !manifest_.hash_of(named).empty()) return;
    add("NET003", file,
        fmt::format("is not started where a signature is demanded: boot.manifest has no hash of {}",
                    named),
        "write the tree again: mkbootusb tree or netboot");
  }

  static std::string value(const EntryValues& values, const std::string& key) {
    auto found = values.find(key);
    return found == values.end() ? std::string() : found->second;
  }

  // As templates/boot/stick.sh tells it: what is mounted for writing has no hash.
  static bool is_read_only(const EntryValues& values) {
    std::string root = value(values, "root");
    std::string options = "," + value(values, "options") + ",";
    bool kept = options.contains(",ro,") || options.contains(",overlay,");
    return root.starts_with("tmpfs:") || root.starts_with("http:") ||
           (root.starts_with("image:") && kept);
  }

  static std::string root_path(const EntryValues& values) {
    std::string root = value(values, "root");
    return root.starts_with("http:") ? root : root.substr(root.find(':') + 1);
  }

  Medium& medium_;
  const std::map<std::string, EntryValues>& entries_;
  const TrustDemand& demand_;
  const Env& env_;
  TrustedManifest manifest_;
  Findings findings_;
};

}  // namespace

Result<Findings> check_trust(Medium& medium, const std::map<std::string, EntryValues>& entries,
                             const TrustDemand& demand, const Env& env) {
  return TrustCheck(medium, entries, demand, env).run();
}

}  // namespace trxkit::boot
