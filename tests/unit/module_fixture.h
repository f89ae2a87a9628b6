// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Kernel modules for tests, written byte by byte: relocatable ELF files with a .modinfo, sound or
// broken on purpose.
#pragma once

#include <cstdint>
#include <string>

namespace trxkit::test {

struct ModuleFixture {
  bool is_64_bit = false;
  bool big_endian = false;
  std::uint16_t machine = 8;  ///< EM_MIPS
  std::uint16_t type = 1;     ///< ET_REL
  std::uint32_t flags = 0x70001001;
  std::string depends = {};  ///< "a,b"
  std::string softdep = {};  ///< "pre: a"
  std::string vermagic = "6.1.192 mod_unload MIPS32_R2 32BIT ";

  std::string bytes() const {
    std::string info = "license=GPL" + std::string(1, '\0') + "depends=" + depends + '\0';
    if (!softdep.empty()) info += "softdep=" + softdep + '\0';
    if (!vermagic.empty()) info += "vermagic=" + vermagic + '\0';
    std::string names("\0.modinfo\0.shstrtab\0", 20);
    std::uint64_t header = is_64_bit ? 64 : 52;
    std::uint64_t sections = (header + info.size() + names.size() + 7) / 8 * 8;
    std::string out = "\x7f" + std::string("ELF");
    out += static_cast<char>(is_64_bit ? 2 : 1);
    out += static_cast<char>(big_endian ? 2 : 1);
    out += '\1';
    out.resize(16);
    put(out, type, 2);
    put(out, machine, 2);
    put(out, 1, 4);
    for (std::uint64_t value : {std::uint64_t{0}, std::uint64_t{0}, sections})
      put(out, value, word());
    put(out, flags, 4);
    for (std::uint64_t value : {header, std::uint64_t{0}, std::uint64_t{0}}) put(out, value, 2);
    for (int value : {is_64_bit ? 64 : 40, 3, 2}) put(out, static_cast<std::uint64_t>(value), 2);
    out += info + names;
    out.resize(sections);
    section(out, 0, 0, 0, 0);
    section(out, 1, 1, header, info.size());
    section(out, 10, 3, header + info.size(), names.size());
    return out;
  }

 private:
  unsigned word() const { return is_64_bit ? 8 : 4; }
  void put(std::string& out, std::uint64_t value, unsigned size) const {
    for (unsigned i = 0; i < size; ++i) {
      out.push_back(static_cast<char>(value >> (8 * (big_endian ? size - 1 - i : i))));
    }
  }
  void section(std::string& out, std::uint64_t name, std::uint64_t kind, std::uint64_t offset,
               std::uint64_t size) const {
    put(out, name, 4);
    put(out, kind, 4);
    for (std::uint64_t value : {std::uint64_t{0}, std::uint64_t{0}, offset, size}) {
      put(out, value, word());
    }
    put(out, 0, 8);
    put(out, 1, word());
    put(out, 0, word());
  }
};

}  // namespace trxkit::test
