// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Kernels for tests, written byte by byte: ELF files of either word size and byte order with any
// program headers and symbols, sound or broken on purpose.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace trxkit::test {

struct FixtureSegment {
  std::uint32_t type = 1;   ///< PT_LOAD
  std::uint32_t flags = 7;  ///< readable, writable, executable
  std::uint64_t address = 0;
  std::string contents = {};
  std::uint64_t bss = 0;  ///< bytes of memory behind the contents
  /// Instead of `address`, where the two differ.
  std::uint64_t physical_address = ~0ULL;
};

struct FixtureSymbol {
  std::string name;
  std::uint64_t address = 0;
  std::uint64_t size = 0;
};

/// An ELF file to be. bytes() lays it out: headers, segments at page boundaries, symbols, sections.
struct KernelFixture {
  bool is_64_bit = false;
  bool big_endian = false;
  std::uint16_t machine = 8;         ///< EM_MIPS
  std::uint16_t type = 2;            ///< ET_EXEC
  std::uint32_t flags = 0x70001001;  ///< mips32r2, o32, noreorder
  std::uint64_t entry = 0;
  std::vector<FixtureSegment> segments;
  std::vector<FixtureSymbol> symbols;  ///< none: a stripped file without sections

  std::string bytes() const;
};

/// Fields of the wire structures, put together in one byte order.
class FixtureWriter {
 public:
  explicit FixtureWriter(const KernelFixture& fixture) : fixture_(fixture) {}

  std::string write() {
    identification();
    header();
    place_segments();
    program_headers();
    contents();
    if (!fixture_.symbols.empty()) symbols_and_sections();
    return out_;
  }

 private:
  static constexpr std::uint64_t kPage = 4096;

  void put(std::uint64_t value, unsigned size) {
    for (unsigned i = 0; i < size; ++i) {
      unsigned byte = fixture_.big_endian ? size - 1 - i : i;
      out_.push_back(static_cast<char>(value >> (8 * byte)));
    }
  }
  void put_half(std::uint64_t value) { put(value, 2); }
  void put_word(std::uint64_t value) { put(value, 4); }
  void put_address(std::uint64_t value) { put(value, fixture_.is_64_bit ? 8 : 4); }
  void patch_address(std::size_t offset, std::uint64_t value) {
    std::string rest = std::move(out_);
    out_.clear();
    put_address(value);
    rest.replace(offset, out_.size(), out_);
    out_ = std::move(rest);
  }
  void pad_to(std::uint64_t alignment) {
    while (out_.size() % alignment != 0) out_.push_back('\0');
  }

  void identification() {
    out_ = "\x7f";
    out_ += "ELF";
    out_.push_back(fixture_.is_64_bit ? 2 : 1);
    out_.push_back(fixture_.big_endian ? 2 : 1);
    out_.push_back(1);
    out_.resize(16);
  }

  void header() {
    std::uint64_t size = fixture_.is_64_bit ? 64 : 52;
    put_half(fixture_.type);
    put_half(fixture_.machine);
    put_word(1);
    put_address(fixture_.entry);
    put_address(size);  // program headers follow at once
    section_table_field_ = out_.size();
    put_address(0);
    put_word(fixture_.flags);
    put_half(size);
    put_half(fixture_.is_64_bit ? 56 : 32);
    put_half(fixture_.segments.size());
    put_half(fixture_.is_64_bit ? 64 : 40);
    put_half(fixture_.symbols.empty() ? 0 : 4);
    put_half(fixture_.symbols.empty() ? 0 : 3);
  }

  void place_segments() {
    std::uint64_t end = out_.size() + fixture_.segments.size() * (fixture_.is_64_bit ? 56 : 32);
    for (const FixtureSegment& segment : fixture_.segments) {
      end = (end + kPage - 1) / kPage * kPage;
      offsets_.push_back(end);
      end += segment.contents.size();
    }
  }

  void program_headers() {
    for (std::size_t i = 0; i < fixture_.segments.size(); ++i) {
      const FixtureSegment& segment = fixture_.segments[i];
      put_word(segment.type);
      if (fixture_.is_64_bit) put_word(segment.flags);
      put_address(offsets_[i]);
      put_address(segment.address);
      put_address(segment.physical_address == ~0ULL ? segment.address : segment.physical_address);
      put_address(segment.contents.size());
      put_address(segment.contents.size() + segment.bss);
      if (!fixture_.is_64_bit) put_word(segment.flags);
      put_address(kPage);
    }
  }

  void contents() {
    for (std::size_t i = 0; i < fixture_.segments.size(); ++i) {
      out_.resize(offsets_[i]);
      out_ += fixture_.segments[i].contents;
    }
  }

  void put_symbol(std::uint64_t name, const FixtureSymbol& symbol, std::uint64_t section) {
    put_word(name);
    if (!fixture_.is_64_bit) {
      put_address(symbol.address);
      put_address(symbol.size);
    }
    put(name == 0 ? 0 : 0x11, 1);  // global object
    put(0, 1);
    put_half(section);
    if (fixture_.is_64_bit) {
      put_address(symbol.address);
      put_address(symbol.size);
    }
  }

  void put_section(std::uint64_t name, std::uint32_t type, std::uint64_t offset, std::uint64_t size,
                   std::uint32_t link, std::uint64_t entry_size) {
    put_word(name);
    put_word(type);
    put_address(0);
    put_address(0);
    put_address(offset);
    put_address(size);
    put_word(link);
    put_word(0);
    put_address(8);
    put_address(entry_size);
  }

  void symbols_and_sections() {
    pad_to(8);
    std::uint64_t table = out_.size();
    std::string names(1, '\0');
    put_symbol(0, {}, 0);
    for (const FixtureSymbol& symbol : fixture_.symbols) {
      put_symbol(names.size(), symbol, 0xfff1);  // SHN_ABS
      names += symbol.name + '\0';
    }
    std::uint64_t strings = out_.size();
    out_ += names;
    std::uint64_t section_names = out_.size();
    out_ += std::string("\0.symtab\0.strtab\0.shstrtab\0", 27);
    std::uint64_t end = out_.size();
    pad_to(8);
    patch_address(section_table_field_, out_.size());
    put_section(0, 0, 0, 0, 0, 0);
    put_section(1, 2, table, strings - table, 2, fixture_.is_64_bit ? 24 : 16);
    put_section(9, 3, strings, section_names - strings, 0, 0);
    put_section(17, 3, section_names, end - section_names, 0, 0);
  }

  const KernelFixture& fixture_;
  std::string out_;
  std::size_t section_table_field_ = 0;
  std::vector<std::uint64_t> offsets_;
};

inline std::string KernelFixture::bytes() const {
  return FixtureWriter(*this).write();
}

/// A small sound kernel linked at `load_address`: banner, machine name, an empty arcs_cmdline of
/// 4096 bytes, the name of the rd_start parameter, a bss, a PT_NOTE to spare, the symbols
/// arcs_cmdline and _end. Its first bytes are code in name only.
inline KernelFixture sound_kernel(std::uint64_t load_address = 0x80001000,
                                  const std::string& machine = "bcm47xx") {
  std::string text = std::string(1024, '\0') + '\0' +
                     "Linux version 6.1.192 (builder@host) (gcc 12.2.0) #1 Fri Nov 20 2026\n" +
                     '\0' + machine + '\0' + "rd_start" + '\0' + "rd_size" + '\0';
  text.resize(2 * 4096);
  std::uint64_t command_line = load_address + text.size();
  text.resize(4 * 4096);
  KernelFixture kernel;
  kernel.entry = load_address + 0x400;
  kernel.segments = {
      {.type = 0x70000003, .flags = 4, .address = load_address + 0x800, .contents = ""},
      {.address = load_address, .contents = text, .bss = 0x3000},
      {.type = 4, .flags = 4, .address = load_address + 0x900, .contents = ""}};
  kernel.symbols = {{"arcs_cmdline", command_line, 4096},
                    {"_end", load_address + text.size() + 0x3000, 0}};
  return kernel;
}

}  // namespace trxkit::test
