// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/kernel/facts.h"

#include <algorithm>

#include "lib/kernel/command_line.h"
#include "lib/kernel/scan.h"
#include "lib/kernel/self_extracting.h"
#include "lib/kernel/version.h"

namespace trxkit::kernel {
namespace {

/// Texts spell it "bcm47xx", "Broadcom BCM47XX", "malta", "MIPS Malta".
Result<bool> mentions(const InputFile& file, const KernelElf& elf, const std::string& machine) {
  std::string upper = machine;
  std::ranges::transform(upper, upper.begin(), [](char c) {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  });
  std::string capitalised = upper.substr(0, 1) + machine.substr(1);
  for (const std::string& spelling : {machine, upper, capitalised}) {
    if (TRY(contains_text(file, elf, spelling))) return true;
  }
  return false;
}

/// VERMAGIC_STRING (linux include/linux/vermagic.h), which every kernel that takes modules has as a
/// text of its own: the release and words behind it.
Result<std::string> find_vermagic(const InputFile& file, const KernelElf& elf,
                                  const std::string& release) {
  constexpr std::uint64_t kLongest = 256;
  std::string vermagic;
  std::string start = std::string(1, '\0') + release + " ";
  auto take = [&](std::uint64_t offset) -> Result<bool> {
    auto bytes = TRY(file.bytes_at(offset + 1, kLongest));
    std::string_view text = as_text(bytes);
    text = text.substr(0, text.find('\0'));
    // arch/mips/include/asm/vermagic.h: "MIPS32_R2 ", "4KEC " ..., then "32BIT ".
    if (text.size() == bytes.size() || !text.contains("32BIT")) return false;
    vermagic = text;
    return true;
  };
  static_cast<void>(TRY(find_text(file, elf, start, take)));
  return vermagic;
}

}  // namespace

Result<KernelFacts> read_facts(const InputFile& file, const KernelElf& elf,
                               const std::string& machine) {
  KernelFacts facts;
  facts.banner = TRY(find_banner(file, elf));
  facts.release = release_of(facts.banner);
  if (facts.banner.empty()) {
    facts.self_extracting = TRY(is_self_extracting(file, elf));
    if (facts.self_extracting) return facts;
  } else {
    facts.vermagic = TRY(find_vermagic(file, elf, facts.release));
  }
  facts.mentions_machine = machine.empty() || TRY(mentions(file, elf, machine));
  facts.config = TRY(read_config(file, elf));
  if (!facts.config) {
    facts.config_damaged = TRY(contains_text(file, elf, "IKCFG_ST"));
    facts.mentions_mtdblock = TRY(contains_text(file, elf, "mtdblock"));
  }
  const KernelConfig* config = facts.config ? &*facts.config : nullptr;
  facts.command_line = TRY(built_in_command_line(file, elf));
  facts.command_line_replaced = TRY(command_line_was_replaced(file, elf, config));
  facts.initramfs = TRY(find_initramfs(file, elf));
  facts.embedding = TRY(choose_way(file, elf, config));
  return facts;
}

}  // namespace trxkit::kernel
