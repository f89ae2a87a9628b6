// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/rootfs/check_root.h"

#include <algorithm>
#include <set>

#include "lib/archive/merge.h"
#include "lib/core/units.h"
#include "lib/kernel/module_set.h"
#include "lib/kernel/program_head.h"
#include "lib/rootfs/fallback_root.h"
#include "lib/rootfs/program.h"
#include "lib/rootfs/wrapper.h"

namespace trxkit::rootfs {
namespace {

using archive::Entry;
using archive::EntryType;

constexpr std::uint64_t kLongestPreinit = 1 << 20;
constexpr std::uint64_t kLargestKexec = 4 << 20;
constexpr std::uint64_t kLargestModule = 64 << 20;
constexpr std::string_view kModules = "lib/modules/";

bool runs_on_router(std::string_view program) {
  auto head = kernel::read_program_head(as_bytes(program.substr(0, kernel::kProgramHeadSize)));
  return head && head->for_mipsel();
}

// What one pass over the tree tells.
struct Survey {
  std::optional<Entry> preinit;
  std::optional<std::string> kexec;             ///< the first of its places
  bool fallback_kernel = false;                 ///< something for a second-stage loader
  std::set<std::string, std::less<>> releases;  ///< folders of modules
  std::uint64_t modules = 0;
  std::uint64_t other_modules = 0;  ///< for another kernel
  std::string first_other;          ///< "lib/modules/.../ext4.ko is for 5.4.1"
  std::string first_unfit;          ///< the first module for another processor
};

class RootJudge {
 public:
  /// The kernel that runs the root behind a second-stage loader lies in it: modules are not
  /// compared with the loader's.
  RootJudge(const archive::Source& root, const Where& where, const FlashKernelText& kernel)
      : root_(root),
        where_(where),
        second_stage_(kernel.second_stage),
        release_(kernel.second_stage ? "" : std::string_view(kernel.release)) {}

  Result<Findings> run() {
    TRY(look());
    TRY(judge_preinit());
    if (!second_stage_) TRY(judge_kexec());
    judge_modules();
    judge_fallback();
    return std::move(findings_);
  }

 private:
  void add(FindingId id, std::string message, std::string hint = {}) {
    findings_.add(id, where_, std::move(message), std::move(hint));
  }

  Status look() {
    std::unique_ptr<archive::Reader> reader = TRY(root_.open());
    while (auto entry = TRY(reader->next())) {
      if (entry->path == "etc/preinit") survey_.preinit = *entry;
      if (entry->path == kFallbackKernel) survey_.fallback_kernel = true;
      bool kexec = std::ranges::find(kKexecPlaces, entry->path) != kKexecPlaces.end();
      if (kexec && !survey_.kexec) survey_.kexec = entry->path;
      std::size_t at = entry->path.find(kModules);
      if (at != 0 && (at == std::string::npos || entry->path[at - 1] != '/')) continue;
      std::string_view below = std::string_view(entry->path).substr(at + kModules.size());
      survey_.releases.emplace(below.substr(0, below.find('/')));
      if (entry->type == EntryType::file && kernel::is_module_path(below)) {
        TRY(look_at_module(*reader, entry->path));
      }
    }
    return {};
  }

  Status look_at_module(archive::Reader& reader, const std::string& path) {
    auto contents = kernel::read_module_contents(reader, path, kLargestModule);
    if (!contents && contents.error().code != Code::bad_input) {
      return std::unexpected(contents.error());
    }
    std::optional<kernel::ModuleFile> module;
    if (contents) {
      auto read = kernel::read_module(as_bytes(std::string_view(*contents)), path);
      if (read) module = std::move(*read);
    }
    ++survey_.modules;
    bool fit = module && module->for_mipsel();
    if (!fit && survey_.first_unfit.empty()) survey_.first_unfit = path;
    std::string release = module ? module->release() : "";
    if (release_.empty() || release == release_) return {};
    if (survey_.other_modules++ > 0) return {};
    survey_.first_other =
        fmt::format("/{} is for {}", path, release.empty() ? "no kernel" : release);
    return {};
  }

  Status judge_preinit() {
    if (!survey_.preinit) {
      add("FSR004", "the root has no /etc/preinit",
          "the kernel of OpenWrt starts it first; is this the root of a router?");
      return {};
    }
    auto preinit = archive::read_file(root_, "etc/preinit", kLongestPreinit);
    if (!preinit) return unreadable("/etc/preinit", preinit.error(), *survey_.preinit);
    if ((preinit->entry.mode & 0111) == 0) {
      add("FSR005", fmt::format("/{} is not executable", preinit->entry.path),
          "the kernel cannot start it: chmod 755");
    }
    if (is_wrapper(preinit->contents)) return judge_original();
    if (second_stage_) return {};
    add("FSR007", "/etc/preinit is the system's own: nothing looks for a USB stick",
        "mkflashroot puts trxkit's in front of it");
    return {};
  }

  void judge_fallback() {
    if (second_stage_ == survey_.fallback_kernel) return;
    if (second_stage_) {
      add("FSR082",
          fmt::format("the root has no /{}: the second-stage loader in front of it never starts it",
                      kFallbackKernel),
          "make the root with mkflashroot --fallback-kernel");
    } else {
      add("FSR083",
          fmt::format("nothing starts /{}: the flash kernel is no second-stage loader",
                      kFallbackKernel),
          "make the kernel in front of it with mkflashroot --kexec-loader");
    }
  }

  // What becomes of a preinit that read_file() could not read.
  Status unreadable(std::string_view name, const Error& error, const Entry& entry) {
    if (error.code != Code::bad_input) return std::unexpected(error);
    if (entry.type == EntryType::symlink) {
      add("FSR006", fmt::format("{} leads nowhere: {}", name, error.what),
          "let it be a file, or a link to one inside the root");
    } else {
      add("FSR005", fmt::format("{} cannot be started: {}", name, error.what));
    }
    return {};
  }

  Status judge_original() {
    constexpr std::string_view kHint = "build the root again with mkflashroot";
    auto original = archive::read_file(root_, "etc/preinit.00", kLongestPreinit);
    if (!original) {
      if (original.error().code != Code::bad_input) return std::unexpected(original.error());
      add("FSR008",
          fmt::format("trxkit's preinit has nothing to fall back to: {}", original.error().what),
          std::string(kHint));
    } else if ((original->entry.mode & 0111) == 0) {
      add("FSR008",
          fmt::format("/{}, the original preinit, is not executable", original->entry.path),
          std::string(kHint));
    } else if (is_wrapper(original->contents)) {
      add("FSR008", "/etc/preinit.00 is trxkit's preinit again: the original is lost",
          "start again from the original root");
    }
    return {};
  }

  Status judge_kexec() {
    if (!survey_.kexec) {
      add("FSR002", "the root has no kexec",
          "boot scripts cannot start a kernel: add kexec-tools with mkflashroot");
      return {};
    }
    auto kexec = archive::read_file(root_, *survey_.kexec, kLargestKexec);
    if (!kexec && kexec.error().code != Code::bad_input) return std::unexpected(kexec.error());
    if (!kexec) {
      add("FSR009", fmt::format("/{} is no program: {}", *survey_.kexec, kexec.error().what));
    } else if (!runs_on_router(kexec->contents)) {
      add("FSR009",
          fmt::format("/{} is no program for 32-bit little-endian MIPS", kexec->entry.path),
          "take one that was built for the router");
    } else if ((kexec->entry.mode & 0111) == 0) {
      add("FSR009", fmt::format("/{} is not executable", kexec->entry.path), "chmod 755");
    }
    return {};
  }

  void judge_modules() {
    if (!survey_.first_unfit.empty()) {
      add("MOD002",
          fmt::format("/{} is no module for 32-bit little-endian MIPS", survey_.first_unfit));
    }
    if (survey_.other_modules > 0) {
      add("MOD001",
          fmt::format("{} of {} module{} not for the image's kernel {}: {}", survey_.other_modules,
                      survey_.modules, survey_.modules == 1 ? " is" : "s are", release_,
                      survey_.first_other),
          "the kernel refuses them: take those that were built with it");
    }
    survey_.releases.erase("");
    bool elsewhere = !survey_.releases.empty() && !survey_.releases.contains(release_);
    if (release_.empty() || !elsewhere) return;
    add("FSR011",
        fmt::format("the kernel {} looks in /lib/modules/{}; the root has /lib/modules/{}",
                    release_, release_, fmt::join(survey_.releases, ", ")));
  }

  const archive::Source& root_;
  const Where& where_;
  bool second_stage_;
  std::string_view release_;
  Survey survey_;
  Findings findings_;
};

}  // namespace

Result<Findings> check_root(const archive::Source& root, const Where& where,
                            const FlashKernelText& kernel) {
  return RootJudge(root, where, kernel).run();
}

}  // namespace trxkit::rootfs
