// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The tables of kallsyms as the versions of linux scripts/kallsyms.c lay them out, for kernels in
// tests. Names are compressed a little, with tokens of one and of several characters.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace trxkit::test {

struct KallsymsName {
  char type = 't';
  std::string name;
  std::uint32_t address = 0;
};

struct KallsymsFixture {
  enum class Order : std::uint8_t { none, before_tokens, at_the_end };
  std::vector<KallsymsName> symbols;  ///< ascending addresses
  bool offsets = true;                ///< from a base; otherwise absolute addresses (before 4.6)
  bool behind = false;                ///< addresses behind the tokens (since 6.4), not before names
  Order order = Order::none;          ///< kallsyms_seqs_of_names
  std::size_t alignment = 4;

  /// The tables, to be put at a multiple of 16.
  std::string bytes() const {
    std::string out;
    if (!behind) put_addresses(out);
    put_word(out, static_cast<std::uint32_t>(symbols.size()));
    put_names(out);
    if (order == Order::before_tokens) put_order(out);
    put_tokens(out);
    if (behind) put_addresses(out);
    if (order == Order::at_the_end) put_order(out);
    return out;
  }

 private:
  static std::array<std::string, 256> tokens() {
    std::array<std::string, 256> table;
    for (char c : std::string("abcdefghijklmnopqrstuvwxyzABCDTU0123456789_.")) {
      table[static_cast<unsigned char>(c)] = std::string(1, c);
    }
    table[0x80] = "tfunction_";
    table[0x81] = "cmdline";
    table[0xff] = "kernel";
    return table;
  }
  static std::string compressed(const std::string& text) {
    static const auto kTokens = tokens();
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
      std::size_t best = static_cast<unsigned char>(text[at]);
      for (std::size_t i : {0x80U, 0x81U, 0xffU}) {
        if (text.compare(at, kTokens[i].size(), kTokens[i]) == 0) best = i;
      }
      out.push_back(static_cast<char>(best));
      at += kTokens[best].size();
    }
    return out;
  }
  static void put(std::string& out, std::uint64_t value, unsigned size) {
    for (unsigned i = 0; i < size; ++i) out.push_back(static_cast<char>(value >> (8 * i)));
  }
  void pad(std::string& out) const {
    while (out.size() % alignment != 0) out.push_back('\0');
  }
  void put_word(std::string& out, std::uint32_t value) const {
    put(out, value, 4);
    pad(out);
  }
  void put_addresses(std::string& out) const {
    std::uint32_t base = offsets ? symbols.front().address : 0;
    for (const KallsymsName& symbol : symbols) put(out, symbol.address - base, 4);
    pad(out);
    if (offsets) put_word(out, base);
  }
  void put_names(std::string& out) const {
    std::size_t start = out.size();
    std::vector<std::size_t> markers;
    for (std::size_t i = 0; i < symbols.size(); ++i) {
      if (i % 256 == 0) markers.push_back(out.size() - start);
      std::string name = compressed(symbols[i].type + symbols[i].name);
      if (name.size() < 0x80) {
        put(out, name.size(), 1);
      } else {
        put(out, (name.size() & 0x7f) | 0x80, 1);
        put(out, name.size() >> 7, 1);
      }
      out += name;
    }
    pad(out);
    for (std::size_t marker : markers) put(out, marker, 4);
    pad(out);
  }
  void put_order(std::string& out) const {
    std::map<std::string, std::size_t> sorted;
    for (std::size_t i = 0; i < symbols.size(); ++i) sorted.emplace(symbols[i].name, i);
    for (const auto& [name, index] : sorted) {
      put(out, index >> 16, 1);
      put(out, index >> 8, 1);
      put(out, index, 1);
    }
    pad(out);
  }
  void put_tokens(std::string& out) const {
    std::string table;
    std::string index;
    for (const std::string& token : tokens()) {
      put(index, table.size(), 2);
      table += token + '\0';
    }
    out += table;
    pad(out);
    out += index;
    pad(out);
  }
};

/// Symbols of a kernel that starts at `entry` and has its arcs_cmdline at `command_line`: 600
/// functions, a name of 200 characters, and with `data` what CONFIG_KALLSYMS_ALL adds.
inline KallsymsFixture kallsyms_of(std::uint32_t entry, std::uint32_t command_line,
                                   bool data = true) {
  KallsymsFixture fixture;
  fixture.symbols.push_back({'T', "_text", entry - 16});
  fixture.symbols.push_back({'T', "kernel_entry", entry});
  for (unsigned i = 0; i < 600; ++i) {
    fixture.symbols.push_back({'t', "function_" + std::to_string(i), entry + 4 * i});
  }
  std::string pattern;
  while (pattern.size() < 200) pattern += "ab.c9_" + std::to_string(pattern.size());
  fixture.symbols.push_back({'t', pattern, entry + 2400});
  if (data) {
    fixture.symbols.push_back({'D', "arcs_cmdline", command_line});
    fixture.symbols.push_back({'d', "behind", command_line + 4096});
  }
  return fixture;
}

}  // namespace trxkit::test
