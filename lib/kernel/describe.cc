// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/kernel/describe.h"

#include "lib/core/printable.h"
#include "lib/core/units.h"

namespace trxkit::kernel {
namespace {

std::string_view name_of(SymbolSource source) {
  switch (source) {
    case SymbolSource::none:
      return "none";
    case SymbolSource::symbol_table:
      return "symbol table";
    case SymbolSource::kallsyms:
      return "kallsyms";
  }
  return "none";
}

std::string_view name_of(EmbedWay way) {
  switch (way) {
    case EmbedWay::none:
      return "none";
    case EmbedWay::segment:
      return "segment";
    case EmbedWay::splice:
      return "splice";
  }
  return "none";
}

std::string initramfs_line(const KernelFacts& facts) {
  std::string_view cure = facts.embedding.way == EmbedWay::none ? "" : "; mkbootusb can put one in";
  if (!facts.initramfs) return fmt::format("none{}", cure);
  const Initramfs& initramfs = *facts.initramfs;
  std::string text = fmt::format("{} ({})", human_size(initramfs.size), name_of(initramfs.packing));
  if (!initramfs.fault.empty()) return text + ", cannot be read";
  bool init = initramfs.holds("init");
  return text + fmt::format(", unpacks to {}, {} entries, {}{}",
                            human_size(initramfs.unpacked_size), initramfs.entries.size(),
                            init ? "with /init" : "without /init", init ? "" : cure);
}

}  // namespace

Json describe(const KernelElf& elf, const KernelFacts& facts) {
  Json json = Json::object({{"banner", facts.banner},
                            {"release", facts.release},
                            {"vermagic", facts.vermagic},
                            {"load_start", elf.load_start()},
                            {"load_end", elf.load_end()},
                            {"entry", elf.entry},
                            {"segments", std::uint64_t{elf.loads().size()}},
                            {"symbols", name_of(elf.symbols.source)},
                            {"configuration", facts.config.has_value()},
                            {"embedding", name_of(facts.embedding.way)}});
  if (facts.command_line) json.set("command_line", *facts.command_line);
  if (facts.initramfs) {
    const Initramfs& initramfs = *facts.initramfs;
    json.set("initramfs", Json::object({{"offset", initramfs.offset},
                                        {"size", initramfs.size},
                                        {"packing", name_of(initramfs.packing)},
                                        {"unpacked_size", initramfs.unpacked_size},
                                        {"entries", std::uint64_t{initramfs.entries.size()}},
                                        {"init", initramfs.holds("init")}}));
  }
  return json;
}

std::vector<std::string> describe_lines(const KernelElf& elf, const KernelFacts& facts) {
  std::vector<std::string> lines;
  auto add = [&](std::string_view what, const std::string& text) {
    lines.push_back(fmt::format("  {:<14}{}", what, printable(text)));
  };
  add("kernel", facts.release.empty() ? "unknown" : "Linux " + facts.release);
  add("loads", fmt::format("{:#x}-{:#x} ({}), entry {:#x}", elf.load_start(), elf.load_end(),
                           human_size(elf.load_end() - elf.load_start()), elf.entry));
  add("symbols", std::string(name_of(elf.symbols.source)));
  add("configuration", facts.config ? "inside" : facts.config_damaged ? "damaged" : "not inside");
  add("command line", facts.command_line.value_or("not found"));
  add("initramfs", initramfs_line(facts));
  return lines;
}

}  // namespace trxkit::kernel
