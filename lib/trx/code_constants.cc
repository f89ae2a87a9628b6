// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/trx/code_constants.h"

#include <algorithm>
#include <array>
#include <optional>

namespace trxkit::trx {
namespace {

// MIPS32 Architecture for Programmers, volume II: opcodes are the upper six bits of a word.
constexpr std::uint32_t kAddiu = 0x09;
constexpr std::uint32_t kOri = 0x0d;
constexpr std::uint32_t kLui = 0x0f;
constexpr std::uint32_t kFirstLoad = 0x20;
constexpr std::uint32_t kLastStore = 0x2e;

struct Instruction {
  std::uint32_t word;
  std::uint32_t opcode() const { return word >> 26; }
  std::uint32_t source() const { return word >> 21 & 31; }
  std::uint32_t target() const { return word >> 16 & 31; }
  std::uint32_t immediate() const { return word & 0xffff; }
  std::uint32_t extended() const { return (immediate() ^ 0x8000) - 0x8000; }
  bool accesses_memory() const { return opcode() >= kFirstLoad && opcode() <= kLastStore; }
};

}  // namespace

std::vector<std::uint32_t> code_constants(Bytes code) {
  std::vector<std::uint32_t> constants;
  std::array<std::optional<std::uint32_t>, 32> upper{};
  ByteReader reader(code);
  for (std::uint64_t offset = 0; offset + 4 <= reader.size(); offset += 4) {
    Instruction instruction{reader.read_at<le32>(offset)->value()};
    if (instruction.opcode() == kLui) {
      upper[instruction.target()] = instruction.immediate() << 16;
      constants.push_back(instruction.immediate() << 16);
      continue;
    }
    std::optional<std::uint32_t> base = upper[instruction.source()];
    if (!base) continue;
    if (instruction.opcode() == kOri) constants.push_back(*base | instruction.immediate());
    if (instruction.opcode() == kAddiu || instruction.accesses_memory()) {
      constants.push_back(*base + instruction.extended());
    }
  }
  std::ranges::sort(constants);
  auto rest = std::ranges::unique(constants);
  constants.erase(rest.begin(), rest.end());
  return constants;
}

}  // namespace trxkit::trx
