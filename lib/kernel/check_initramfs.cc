// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Whether the initramfs of a stick kernel can be unpacked and started.
#include <set>

#include "lib/core/printable.h"
#include "lib/core/units.h"
#include "lib/kernel/check_parts.h"
#include "lib/kernel/command_line.h"
#include "lib/kernel/program_head.h"

namespace trxkit::kernel {
namespace {

class InitramfsCheck {
 public:
  explicit InitramfsCheck(const Subject& subject) : subject_(subject), facts_(subject.facts) {}

  Findings run() {
    bool keeps_its_own = facts_.initramfs && !subject_.surroundings.gets_initramfs;
    if (keeps_its_own && !facts_.initramfs->fault.empty()) {
      add("ELF028",
          fmt::format("its initramfs of {} cannot be read: {}", human_size(facts_.initramfs->size),
                      facts_.initramfs->fault),
          "pack it with gzip or xz");
    } else if (!keeps_its_own || !check_init()) {
      check_embeddable();
    } else {
      check_packing();
      check_console();
      check_size();
      check_modules();
    }
    return std::move(findings_);
  }

 private:
  void add(FindingId id, std::string message, std::string hint) {
    Where where = subject_.where();
    if (facts_.initramfs) where.offset = facts_.initramfs->offset;
    findings_.add(id, where, printable(message), std::move(hint));
  }

  void check_embeddable() {
    if (facts_.embedding.way != EmbedWay::none) return;
    add("ELF025",
        "holds no initramfs with /init, and none can be put in: it " + facts_.embedding.obstacle,
        facts_.embedding.cure);
  }

  /// Whether there is a first program; what is wrong with it is reported.
  bool check_init() {
    std::string path = parameter(facts_.command_line.value_or(""), "rdinit").value_or("/init");
    const CpioEntry* init = facts_.initramfs->find(path);
    if (init == nullptr) return false;
    std::string cure =
        fmt::format("make {} an executable file (mode 0755) and pack it again", path);
    if (!init->is_file()) {
      add("ELF030", fmt::format("{} in its initramfs is no file", path), cure);
    } else if (!init->is_executable()) {
      add("ELF030", fmt::format("{} in its initramfs is not executable", path), cure);
    } else {
      check_program(path, *init, 0);
    }
    return true;
  }

  /// Follows "#!" and PT_INTERP, as linux fs/exec.c does (at most 4 scripts deep).
  void check_program(const std::string& path, const CpioEntry& program, int depth) {
    constexpr int kDeepest = 4;
    constexpr std::string_view kCure =
        "put a static busybox for the router in, as mkbootusb --busybox does";
    std::string_view head = program.head;
    std::string wanted;
    if (head.empty() && program.size > 0) return;  // one program too many was looked at
    if (head.starts_with("#!")) {
      head = head.substr(2, head.find('\n') - 2);
      head.remove_prefix(std::min(head.size(), head.find_first_not_of(" \t")));
      wanted = head.substr(0, head.find_first_of(" \t"));
    } else if (auto elf = read_program_head(as_bytes(head))) {
      if (!elf->for_mipsel()) {
        add("ELF032", fmt::format("{} in its initramfs is for another processor", path),
            std::string(kCure));
        return;
      }
      wanted = elf->interpreter;
      if (wanted.empty()) return;
    } else {
      add("ELF032", fmt::format("{} in its initramfs is neither a script nor a program", path),
          std::string(kCure));
      return;
    }
    const CpioEntry* next = facts_.initramfs->find(wanted);
    if (next == nullptr || !next->is_file()) {
      add("ELF032", fmt::format("{} in its initramfs needs {}, which is not there", path, wanted),
          std::string(kCure));
    } else if (depth < kDeepest && next->is_executable()) {
      check_program(wanted, *next, depth + 1);
    }
  }

  void check_packing() {
    std::string option(option_for(facts_.initramfs->packing));
    if (!facts_.config || option.empty() || facts_.config->built_in(option)) return;
    add("ELF043",
        fmt::format("cannot unpack its initramfs, which is packed with {}",
                    name_of(facts_.initramfs->packing)),
        fmt::format("build it with CONFIG_{}=y, or pack the initramfs otherwise", option));
  }

  /// Without it init has neither input nor output (linux init/main.c, console_on_rootfs()).
  void check_console() {
    const CpioEntry* console = facts_.initramfs->find("dev/console");
    if (console != nullptr && console->is_character_device() && console->device_major == 5 &&
        console->device_minor == 1) {
      return;
    }
    add("ELF031", "its initramfs has no /dev/console (character device 5:1): init starts mute",
        "add the node: mknod -m 600 dev/console c 5 1");
  }

  /// Six of 64 MiB leave room for the system that is started next.
  void check_size() {
    std::uint64_t sensible = *subject_.board.ram_size / 64 * 6;
    std::uint64_t size = facts_.initramfs->unpacked_size;
    if (size <= sensible) return;
    add("ELF052",
        fmt::format("its initramfs unpacks to {}, a lot for a router with {}", human_size(size),
                    human_size(*subject_.board.ram_size)),
        "leave out what the root brings along");
  }

  void check_modules() {
    constexpr std::string_view kFolder = "lib/modules/";
    if (facts_.release.empty()) return;
    std::set<std::string> others;
    for (const CpioEntry& entry : facts_.initramfs->entries) {
      std::string_view name = entry.name;
      std::size_t at = name.find(kFolder);
      if (at == std::string_view::npos || !entry.is_file()) continue;
      name.remove_prefix(at + kFolder.size());
      std::string release(name.substr(0, name.find('/')));
      if (release != facts_.release) others.insert(release);
    }
    for (const std::string& release : others) {
      add("MOD009",
          fmt::format("its initramfs has modules for Linux {}; this is {}", release,
                      facts_.release),
          "take the modules that were built with this kernel");
    }
  }

  const Subject& subject_;
  const KernelFacts& facts_;
  Findings findings_;
};

}  // namespace

Findings check_initramfs(const Subject& subject) {
  return InitramfsCheck(subject).run();
}

}  // namespace trxkit::kernel
