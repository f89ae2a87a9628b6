// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/rootfs/flash_root.h"

#include <map>
#include <optional>

#include "lib/archive/merge.h"
#include "lib/core/digest.h"
#include "lib/kernel/check.h"
#include "lib/kernel/open.h"
#include "lib/kernel/root_programs.h"
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

// The kernel that the root is for, where it is known.
struct FlashKernel {
  kernel::OpenedKernel opened;
  kernel::KernelFacts facts;
};

Result<std::optional<FlashKernel>> open_flash_kernel(const FlashRootRequest& request,
                                                     const board::Board& board, const Env& env) {
  if (request.kernel.empty()) return std::nullopt;
  auto opened = TRY(kernel::open_kernel(request.kernel, env));
  auto facts = TRY(kernel::read_facts(opened.file(), opened.elf, board.kernel.machine));
  return FlashKernel{std::move(opened), std::move(facts)};
}

// The kernel against the root: the same checks as when the two are packed.
Status judge_flash_kernel(const FlashKernel& flash_kernel, const FlashRootRequest& request,
                          const board::Board& board, const archive::Source& root,
                          Findings& findings) {
  kernel::Surroundings surroundings{.root_compression = "xz",  // as image::write_squashfs() packs
                                    .hard_float_root = TRY(kernel::uses_floating_point(root)),
                                    .network = !request.wrapper.url.empty()};
  if (request.in_initramfs) {
    surroundings.root_compression = "";
    surroundings.brings_modules = !request.modules.empty();
    surroundings.gets_initramfs = true;
    surroundings.second_stage = true;
  }
  board::Board judged = kernel::behind_loader(board);
  const kernel::KernelElf& elf = flash_kernel.opened.elf;
  findings.append(kernel::check_packing(flash_kernel.opened));
  findings.append(kernel::check_layout(elf, judged, kernel::Role::flash));
  findings.append(
      kernel::check_facts(elf, flash_kernel.facts, judged, kernel::Role::flash, surroundings));
  return {};
}

// What the flash system has to load before it can read a stick.
Result<kernel::ModulePlan> plan_flash_modules(const FlashRootRequest& request,
                                              const board::Board& board,
                                              const kernel::KernelFacts* facts, const Env& env,
                                              Findings& findings) {
  if (request.modules.empty()) return kernel::ModulePlan{};
  auto set = TRY(kernel::ModuleSet::open(request.modules, env, findings));
  return kernel::plan_modules(set, modules_to_load(board.modules, "image:"), facts, findings);
}

bool has_kexec(const Found& found) {
  for (const char* place : kKexecPlaces) {
    if (found.contains(place)) return true;
  }
  return false;
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

}  // namespace

Result<FlashRoot> flash_root(const FlashRootRequest& request, const board::Board& board,
                             const Env& env, Findings& findings) {
  std::optional<FlashKernel> flash_kernel = TRY(open_flash_kernel(request, board, env));
  kernel::ModulePlan modules = TRY(plan_flash_modules(
      request, board, flash_kernel ? &flash_kernel->facts : nullptr, env, findings));
  WrapperSettings settings = request.wrapper;
  settings.modules = load_order(modules);
  auto ours = TRY(wrapper_tree(settings, board, env));
  std::vector<archive::SourcePointer> layers{request.base};
  const archive::MergeOptions options{.latest_time = env.source_date_epoch, .filter = {}};

  // Looked at through a merge of its own: the one that is written starts from the layers again.
  Findings seen_again;
  archive::SourcePointer merged = TRY(archive::merge(layers, options, seen_again));
  Found found = TRY(survey(*merged));
  FlashRoot root;
  archive::FoundFile original =
      TRY(find_original(*merged, request.base->name(), found, root.carried_wrapper));
  if (flash_kernel) {
    TRY(judge_flash_kernel(*flash_kernel, request, board, *merged, findings));
  }
  merged.reset();

  if (!modules.modules.empty()) {
    auto tree = std::make_shared<archive::MemoryTree>("the modules", env.source_date_epoch);
    TRY(add_modules(*tree, modules, modules_prefix(found)));
    layers.push_back(std::move(tree));
  }
  if (!request.kexec.empty()) {
    TRY(check_static_program(request.kexec, env));
    TRY(ours->add_file(kKexecPlaces[0], request.kexec, 0755, env));
  } else if (!has_kexec(found)) {
    findings.add("FSR002", {request.base->name(), {}}, "the root has no kexec",
                 "boot scripts cannot start a kernel: add OpenWrt's kexec-tools (--add), or a "
                 "static kexec (--kexec)");
  }
  constexpr const char* kSignify = "usr/bin/signify-openbsd";
  if (!request.signify.empty()) {
    TRY(check_static_program(request.signify, env));
    TRY(ours->add_file(kSignify, request.signify, 0755, env));
    found[kSignify] = {};
  }
  check_network_programs(
      settings, board, request.base->name(),
      [&found](const std::string& path) { return found.contains(path); }, findings);
  if (!settings.public_key.empty()) root.public_key = TRY(router_key_text(settings, env));
  if (!request.nbd_client.empty()) {
    TRY(check_static_program(request.nbd_client, env));
    TRY(ours->add_file("usr/sbin/nbd-client", request.nbd_client, 0755, env));
  }
  TRY(add_upgrade_check(
      *ours, {.program = found.contains(kSysupgrade), .folder = found.contains(kUpgradeScripts)},
      board, {request.base->name(), {}}, env, findings));
  add_original(*ours, original);
  add_forced(*ours, found);
  layers.push_back(std::move(ours));
  root.original_sha256 = sha256_of_text(original.contents);
  root.original_size = original.contents.size();
  archive::MergeOptions how = options;
  if (request.in_initramfs) how.filter = belongs_in_initramfs;
  root.tree = TRY(archive::merge(std::move(layers), how, findings));
  return root;
}

}  // namespace trxkit::rootfs
