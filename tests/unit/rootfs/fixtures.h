// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Small programs, trees and their contents for the tests of root trees.
#pragma once

#include <map>
#include <string>

#include "lib/archive/entry.h"

#include "tests/unit/scratch.h"

namespace trxkit::test {

struct ElfKind {
  unsigned char elf_class = 1;  ///< 1: 32 bit
  unsigned char data = 1;       ///< 1: little endian
  unsigned char machine = 8;    ///< EM_MIPS
  unsigned architecture = 0x7;  ///< EF_MIPS_ARCH_32R2 >> 28
  bool dynamic = false;
};

/// The headers of a program for the router (or for another machine): no code.
inline std::string tiny_elf(const ElfKind& kind = {}) {
  auto put = [&](std::string& to, std::uint64_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) {
      int shift = kind.data == 1 ? i : bytes - 1 - i;
      to += static_cast<char>(value >> (8 * shift));
    }
  };
  std::string elf =
      "\x7f"
      "ELF";
  elf += static_cast<char>(kind.elf_class);
  elf += static_cast<char>(kind.data);
  elf += '\1';
  elf.resize(16);
  const int word = kind.elf_class == 1 ? 4 : 8;
  const unsigned header = kind.elf_class == 1 ? 52 : 64;
  const unsigned program_header = kind.elf_class == 1 ? 32 : 56;
  put(elf, 2, 2);  // ET_EXEC
  put(elf, kind.machine, 2);
  put(elf, 1, 4);
  put(elf, 0x400000, word);  // entry
  put(elf, header, word);    // program headers
  put(elf, 0, word);         // no section headers
  put(elf, kind.architecture << 28, 4);
  put(elf, header, 2);
  put(elf, program_header, 2);
  put(elf, kind.dynamic ? 2 : 1, 2);
  put(elf, 0, 6);
  elf.resize(header);
  auto segment = [&](unsigned type) {
    std::size_t start = elf.size();
    put(elf, type, 4);
    if (word == 8) put(elf, 5, 4);
    put(elf, 0, word);         // offset
    put(elf, 0x400000, word);  // virtual, physical address
    put(elf, 0x400000, word);
    put(elf, 64, word);  // size in file, in memory
    put(elf, 64, word);
    elf.resize(start + program_header);
  };
  segment(1);
  if (kind.dynamic) segment(3);
  elf.resize(elf.size() + 64);
  return elf;
}

struct SeenEntry {
  archive::Entry entry;
  std::string contents;
};

/// All entries of `source` by path; the test fails where reading does.
inline std::map<std::string, SeenEntry> read_tree(const archive::Source& source) {
  std::map<std::string, SeenEntry> tree;
  auto reader = source.open();
  EXPECT_TRUE(reader) << reader.error().what;
  while (reader) {
    auto entry = (*reader)->next();
    EXPECT_TRUE(entry) << entry.error().what;
    if (!entry || !*entry) break;
    SeenEntry seen{**entry, std::string((*entry)->size, '\0')};
    MutableBytes rest = std::as_writable_bytes(std::span(seen.contents));
    while (!rest.empty()) {
      auto got = (*reader)->read(rest);
      EXPECT_TRUE(got && *got > 0);
      if (!got || *got == 0) break;
      rest = rest.subspan(*got);
    }
    EXPECT_TRUE(tree.emplace((*entry)->path, std::move(seen)).second) << "twice";
  }
  return tree;
}

}  // namespace trxkit::test
