// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/rootfs/flash_root.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "lib/archive/merge.h"
#include "lib/core/digest.h"
#include "lib/rootfs/flash_kernel.h"
#include "lib/rootfs/modules.h"
#include "lib/rootfs/network_check.h"
#include "lib/rootfs/program.h"
#include "lib/rootfs/upgrade_check.h"
#include "lib/rootfs/wrapper.h"

namespace trxkit::rootfs {
namespace {

constexpr const char* kPreinit = "etc/preinit";
constexpr const char* kOriginal = "etc/preinit.00";
constexpr const char* kSysupgrade = "sbin/sysupgrade";
constexpr const char* kUpgradeScripts = "lib/upgrade";
// OpenWrt's has 1 KiB.
constexpr std::uint64_t kLongestPreinit = 1 << 20;
// Where preinit mounts, with the modes that they have in OpenWrt. The root is read-only, so they
// have to exist.
constexpr std::pair<const char*, std::uint32_t> kMountPoints[] = {
    {"dev", 0755}, {"proc", 0755}, {"sys", 0755}, {"tmp", 01777}};

using Found = std::map<std::string, archive::Entry>;

// Entries of `source` that matter here, in one pass.
Result<Found> survey(const archive::Source& source) {
  Found found;
  std::unique_ptr<archive::Reader> reader = TRY(source.open());
  auto matters = [](const std::string& path) {
    if (path == kPreinit || path == kOriginal || path == "lib") return true;
    if (path == kSysupgrade || path == kUpgradeScripts) return true;
    if (is_network_program(path)) return true;
    for (const char* place : kKexecPlaces) {
      if (path == place) return true;
    }
    for (const auto& [place, mode] : kMountPoints) {
      if (path == place) return true;
    }
    return false;
  };
  while (auto entry = TRY(reader->next())) {
    if (matters(entry->path)) found[entry->path] = *entry;
  }
  return found;
}

std::unexpected<Error> unusable(const archive::Source& source, std::string what, std::string hint) {
  return advise(fail_at({source.name(), {}}, Code::bad_input, "{}", what), std::move(hint));
}

// The preinit that was there before any wrapper of ours.
Result<archive::FoundFile> find_original(const archive::Source& merged, const std::string& name,
                                         const Found& found, bool& carried_wrapper) {
  auto named = [&](Error error) {
    error.where = {name, {}};
    if (error.hint.empty()) error.hint = "the base has to be the root of an OpenWrt-like system";
    return std::unexpected(std::move(error));
  };
  auto preinit = archive::read_file(merged, kPreinit, kLongestPreinit);
  if (!preinit) return named(std::move(preinit).error());
  carried_wrapper = is_wrapper(preinit->contents);
  if (carried_wrapper) {
    preinit = archive::read_file(merged, kOriginal, kLongestPreinit);
    if (!preinit) return named(std::move(preinit).error());
    if (is_wrapper(preinit->contents)) {
      return unusable(merged, "/etc/preinit.00 is a wrapper too: the original preinit is lost",
                      "start again from the original root");
    }
  } else if (found.contains(kOriginal)) {
    return unusable(merged, "has an /etc/preinit.00, but its /etc/preinit is not trxkit's",
                    "remove or rename it: the original preinit is kept under that name");
  }
  if ((preinit->entry.mode & 0111) == 0) {
    return unusable(merged, fmt::format("/{} is not executable", preinit->entry.path),
                    "the router could not start it; chmod 755 in the base");
  }
  return std::move(*preinit);
}

// The text of the original under its new name, with everything else of its entry.
void add_original(archive::MemoryTree& tree, const archive::FoundFile& original) {
  archive::Entry& entry = tree.add_text(kOriginal, original.contents);
  std::uint64_t size = entry.size;
  entry = original.entry;
  entry.path = kOriginal;
  entry.size = size;
}

void add_forced(archive::MemoryTree& tree, const Found& found) {
  tree.add_directory("");
  for (const auto& [path, mode] : kMountPoints) {
    if (path == std::string_view("dev") || !found.contains(path)) tree.add_directory(path, mode);
  }
  tree.add_device("dev/console", archive::EntryType::character_device, 5, 1, 0600);
}

// Debian's /lib is a link to usr/lib; entries below a link would be lost.
std::string modules_prefix(const Found& found) {
  auto lib = found.find("lib");
  bool linked = lib != found.end() && lib->second.type == archive::EntryType::symlink &&
                (lib->second.link_target == "usr/lib" || lib->second.link_target == "/usr/lib");
  return linked ? "usr/lib/modules" : "lib/modules";
}

// pivot_root refuses an initramfs (linux fs/namespace.c), so boot.sh must not find its part.
bool belongs_in_initramfs(archive::Entry& entry) {
  return entry.path != "etc/usbboot/pivot.sh";
}

std::string sha256_of_text(const std::string& text) {
  Sha256 hash;
  hash.update(as_bytes(text));
  return hex(hash.digest());
}

// What goes over the base, layer by layer.
class Overlay {
 public:
  Overlay(const FlashRootRequest& request, const board::Board& board, const Env& env,
          Findings& findings)
      : request_(request),
        board_(board),
        env_(env),
        findings_(findings),
        settings_(request.wrapper),
        layers_{request.base} {}

  Result<FlashRoot> make() {
    std::optional<FlashKernel> known = TRY(open_flash_kernel(request_, board_, env_));
    const FlashKernel* flash_kernel = known ? &*known : nullptr;
    kernel::ModulePlan modules =
        TRY(plan_flash_modules(request_, board_, flash_kernel, env_, findings_));
    settings_.modules = load_order(modules);
    ours_ = TRY(wrapper_tree(settings_, board_, env_));
    archive::FoundFile original = TRY(look_at_base(flash_kernel));
    TRY(add_module_layer(modules));
    TRY(add_programs());
    const UpgradeScripts scripts{.program = found_.contains(kSysupgrade),
                                 .folder = found_.contains(kUpgradeScripts)};
    TRY(add_upgrade_check(*ours_, scripts, board_, {request_.base->name(), {}}, env_, findings_));
    add_original(*ours_, original);
    add_forced(*ours_, found_);
    return merge_over(original);
  }

 private:
  // Through a merge of its own: the one that is written starts from the layers again.
  Result<archive::FoundFile> look_at_base(const FlashKernel* flash_kernel) {
    Findings seen_again;
    archive::SourcePointer merged = TRY(archive::merge(layers_, options(), seen_again));
    found_ = TRY(survey(*merged));
    archive::FoundFile original =
        TRY(find_original(*merged, request_.base->name(), found_, root_.carried_wrapper));
    if (flash_kernel != nullptr) {
      TRY(judge_flash_kernel(*flash_kernel, request_, board_, *merged, findings_));
    }
    return original;
  }

  archive::MergeOptions options() const {
    return {.latest_time = env_.source_date_epoch, .filter = {}};
  }

  Status add_module_layer(const kernel::ModulePlan& modules) {
    if (modules.modules.empty()) return {};
    auto tree = std::make_shared<archive::MemoryTree>("the modules", env_.source_date_epoch);
    TRY(add_modules(*tree, modules, modules_prefix(found_)));
    layers_.push_back(std::move(tree));
    return {};
  }

  Status add_programs() {
    TRY(add(kKexecPlaces[0], request_.kexec));
    TRY(add("usr/bin/signify-openbsd", request_.signify));
    TRY(add("usr/sbin/nbd-client", request_.nbd_client));
    auto has = [this](const std::string& path) { return found_.contains(path); };
    if (std::ranges::none_of(kKexecPlaces, has)) {
      findings_.add("FSR002", {request_.base->name(), {}}, "the root has no kexec",
                    "boot scripts cannot start a kernel: add OpenWrt's kexec-tools (--add), or a "
                    "static kexec (--kexec)");
    }
    std::set<std::string> files;
    for (const auto& [path, entry] : found_) files.insert(path);
    check_network_programs(settings_, board_, request_.base->name(), files, findings_);
    if (!settings_.public_key.empty()) root_.public_key = TRY(router_key_text(settings_, env_));
    return {};
  }

  // The host's `program` at `place`, if the user gave one.
  Status add(const std::string& place, const std::string& program) {
    if (program.empty()) return {};
    found_[place] = {};
    return add_static_program(*ours_, place, program, env_);
  }

  Result<FlashRoot> merge_over(const archive::FoundFile& original) {
    root_.original_sha256 = sha256_of_text(original.contents);
    root_.original_size = original.contents.size();
    archive::MergeOptions how = options();
    if (request_.in_initramfs) how.filter = belongs_in_initramfs;
    layers_.push_back(ours_);
    root_.tree = TRY(archive::merge(std::move(layers_), how, findings_));
    return std::move(root_);
  }

  const FlashRootRequest& request_;
  const board::Board& board_;
  const Env& env_;
  Findings& findings_;
  WrapperSettings settings_;
  std::vector<archive::SourcePointer> layers_;  ///< the base, then what goes over it
  std::shared_ptr<archive::MemoryTree> ours_;   ///< the last layer
  Found found_;                                 ///< of the base, and programs of ours
  FlashRoot root_;
};

}  // namespace

Result<FlashRoot> flash_root(const FlashRootRequest& request, const board::Board& board,
                             const Env& env, Findings& findings) {
  return Overlay(request, board, env, findings).make();
}

}  // namespace trxkit::rootfs
