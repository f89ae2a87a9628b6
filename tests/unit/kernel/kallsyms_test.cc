// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/kernel/kallsyms.h"

#include <gtest/gtest.h>

#include "tests/unit/kallsyms_fixture.h"
#include "tests/unit/kernel_fixture.h"
#include "tests/unit/scratch.h"

namespace trxkit::kernel {
namespace {

constexpr std::uint32_t kLoad = 0x80001000;
constexpr std::uint32_t kEntry = kLoad + 0x400;
constexpr std::uint32_t kCommandLine = kLoad + 0x2000;

using Order = test::KallsymsFixture::Order;

class KallsymsTest : public test::Scratch {
 public:
  /// A stripped kernel with `tables` behind 4 pages and a few bytes that look like nothing.
  std::string kernel_with(const std::string& tables) {
    auto kernel = test::sound_kernel(kLoad);
    kernel.symbols.clear();
    std::string& contents = kernel.segments[1].contents;
    contents += std::string("\x07\0\0\0texts of the kernel\0\0\0\0\0\0\0\0", 32);
    contents += tables + "more of the kernel";
    return kernel.bytes();
  }
  KernelElf parse(const std::string& bytes) {
    file_ = InputFile::open(write("vmlinux", bytes), env).value();
    return read_kernel(file_).value();
  }
  bool read(const std::string& tables, std::vector<test::KallsymsName>* seen = nullptr) {
    KernelElf elf = parse(kernel_with(tables));
    return read_kallsyms(file_, elf,
                         [&](const KallsymsSymbol& symbol) {
                           if (seen == nullptr) return;
                           seen->push_back({symbol.type, std::string(symbol.name), symbol.address});
                         })
        .value();
  }

  InputFile file_;
};

TEST_F(KallsymsTest, EveryLayout) {
  for (bool offsets : {true, false}) {
    for (bool behind : {true, false}) {
      for (Order order : {Order::none, Order::before_tokens, Order::at_the_end}) {
        for (std::size_t alignment : {4u, 16u}) {
          auto fixture = test::kallsyms_of(kEntry, kCommandLine);
          fixture.offsets = offsets;
          fixture.behind = behind;
          fixture.order = order;
          fixture.alignment = alignment;
          SCOPED_TRACE(
              fmt::format("{} {} {} {}", offsets, behind, static_cast<int>(order), alignment));
          std::vector<test::KallsymsName> seen;
          ASSERT_TRUE(read(fixture.bytes(), &seen));
          ASSERT_EQ(seen.size(), fixture.symbols.size());
          for (std::size_t i = 0; i < seen.size(); ++i) {
            EXPECT_EQ(seen[i].type, fixture.symbols[i].type);
            EXPECT_EQ(seen[i].name, fixture.symbols[i].name);
            EXPECT_EQ(seen[i].address, fixture.symbols[i].address);
          }
        }
      }
    }
  }
}

TEST_F(KallsymsTest, StrippedKernelsGetTheirSymbolsFromIt) {
  KernelElf elf = parse(kernel_with(test::kallsyms_of(kEntry, kCommandLine).bytes()));
  EXPECT_FALSE(elf.has_symbol_table);
  EXPECT_EQ(elf.symbols.source, SymbolSource::kallsyms);
  ASSERT_TRUE(elf.symbols.find("arcs_cmdline"));
  EXPECT_EQ(elf.symbols.find("arcs_cmdline")->address, kCommandLine);
  EXPECT_EQ(elf.symbols.find("arcs_cmdline")->size, 4096u);
}

TEST_F(KallsymsTest, WithoutDataNothingIsKnownOfTheCommandLine) {
  KernelElf elf = parse(kernel_with(test::kallsyms_of(kEntry, kCommandLine, false).bytes()));
  EXPECT_EQ(elf.symbols.source, SymbolSource::kallsyms);
  EXPECT_FALSE(elf.symbols.find("arcs_cmdline"));
}

TEST_F(KallsymsTest, FewSymbolsAndOneAtATime) {
  auto fixture = test::kallsyms_of(kEntry, kCommandLine);
  std::erase_if(fixture.symbols, [](const auto& symbol) { return symbol.type == 't'; });
  EXPECT_TRUE(read(fixture.bytes()));
  fixture.symbols = {{'T', "kernel_entry", kEntry}};
  EXPECT_TRUE(read(fixture.bytes()));
}

TEST_F(KallsymsTest, TheEntryPointHasToAgree) {
  EXPECT_FALSE(read(test::kallsyms_of(kEntry + 4, kCommandLine).bytes()));
  auto fixture = test::kallsyms_of(kEntry, kCommandLine);
  fixture.symbols[1].name = "kernel_entrance";
  EXPECT_FALSE(read(fixture.bytes()));
  fixture = test::kallsyms_of(kEntry, kCommandLine);
  fixture.symbols.push_back({'T', "kernel_entry", kCommandLine + 8192});
  EXPECT_FALSE(read(fixture.bytes()));
}

// Every byte of the tables changed: what is found then is either nothing or has all its parts
// agree, and arcs_cmdline is where it was, unless its own address or name was hit.
TEST_F(KallsymsTest, DamagedTablesAreNoTables) {
  auto fixture = test::kallsyms_of(kEntry, kCommandLine);
  std::erase_if(fixture.symbols, [](const auto& symbol) { return symbol.type == 't'; });
  std::string sound = fixture.bytes();
  std::size_t taken = 0;
  for (std::size_t at = 0; at < sound.size(); ++at) {
    std::string damaged = sound;
    damaged[at] = static_cast<char>(~damaged[at]);
    taken += read(damaged) ? 1 : 0;
  }
  // Addresses that still ascend, characters of names and tokens.
  EXPECT_LT(taken, sound.size() / 5);
  for (std::size_t size = 0; size < sound.size(); size += 7) {
    EXPECT_FALSE(read(sound.substr(0, size)));
  }
}

TEST_F(KallsymsTest, OtherKernelsHaveNone) {
  auto kernel = test::sound_kernel(kLoad);
  kernel.segments[1].contents += test::kallsyms_of(kEntry, kCommandLine).bytes();
  kernel.symbols.clear();
  EXPECT_EQ(parse(kernel.bytes()).symbols.source, SymbolSource::kallsyms);
  kernel.big_endian = true;
  EXPECT_EQ(parse(kernel.bytes()).symbols.source, SymbolSource::none);
}

}  // namespace
}  // namespace trxkit::kernel
