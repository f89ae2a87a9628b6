// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/board/keys.h"

#include <algorithm>
#include <array>

namespace trxkit::board {
namespace {

constexpr bool kRequired = true;
constexpr bool kOptional = false;

// KSEG0, the cached window that MIPS kernels and boot loaders live in; and the physical addresses
// that it reaches.
constexpr std::uint64_t kKseg0 = 0x80000000;
constexpr std::uint64_t kKseg0Last = 0x9fffffff;
constexpr std::uint64_t kPhysicalLast = 0x1fffffff;
constexpr std::uint64_t kKiB = 1024;
constexpr std::uint64_t kMiB = 1024 * kKiB;
constexpr std::uint64_t kMHz = 1000000;
// Linux' bcm47xxpart looks at no more (its scan ends at 32 MiB).
constexpr std::uint64_t kLargestFlash = 32 * kMiB;
// Linux' bcm47xxpart steps in no smaller blocks.
constexpr std::uint64_t kSmallestBlock = 4 * kKiB;

constexpr auto kBoard = std::to_array<KeySpec>({
    {"name", ValueType::name, kRequired},
    {"model", ValueType::text, kRequired},
    {"aliases", ValueType::texts, kOptional},
    {"soc", ValueType::text, kRequired},
});

constexpr auto kCpu = std::to_array<KeySpec>({
    {"model", ValueType::text, kRequired},
    {"clock", ValueType::number, kOptional, kMHz, 4000 * kMHz},
});

constexpr auto kRam = std::to_array<KeySpec>({
    {"size", ValueType::size, kRequired, 8 * kMiB, 512 * kMiB},
});

constexpr auto kFlash = std::to_array<KeySpec>({
    {"type",
     ValueType::word,
     kRequired,
     0,
     0,
     "nor-parallel nor-serial",
     {"nand", "the bad blocks of NAND flash differ from chip to chip, nothing has a fixed offset"}},
    {"size", ValueType::size, kRequired, 512 * kKiB, kLargestFlash},
    {"erase", ValueType::size, kRequired, kSmallestBlock, kMiB},
    {"largest_erase", ValueType::size, kOptional, kSmallestBlock, kMiB},
    {"window", ValueType::address, kOptional, 0, kPhysicalLast},
    {"boot_window", ValueType::address, kOptional, 0, kPhysicalLast},
});

constexpr auto kPartition = std::to_array<KeySpec>({
    {"name", ValueType::name, kRequired},
    {"offset", ValueType::size, kRequired, 0, kLargestFlash},
    {"size", ValueType::size, kRequired, 1, kLargestFlash},
    {"role", ValueType::word, kRequired, 0, 0, "bootloader firmware nvram data"},
});

constexpr auto kNvram = std::to_array<KeySpec>({
    {"space", ValueType::size, kRequired, 4 * kKiB, 128 * kKiB},
});

constexpr auto kTrx = std::to_array<KeySpec>({
    {"magic", ValueType::address, kRequired, 1, 0xffffffff},
    {"version", ValueType::number, kRequired, 1, 2},
    {"container", ValueType::word, kOptional, 0, 0, "none asus cybertan chk usr edimax motorola"},
});

constexpr auto kTrxIdentity = std::to_array<KeySpec>({
    {"id", ValueType::text, kOptional},
    {"version", ValueType::text, kOptional},
    {"region", ValueType::number, kOptional, 0, 255},
    {"hardware", ValueType::number, kOptional, 0, 255},
    {"serial", ValueType::number, kOptional, 0, 255},
    {"flags", ValueType::address, kOptional, 0, 0xffff},
});

constexpr auto kBootLoader = std::to_array<KeySpec>({
    {"load", ValueType::address, kRequired, kKseg0, kKseg0Last},
    {"limit", ValueType::address, kRequired, kKseg0, kKseg0Last},
    {"compression", ValueType::word, kRequired, 0, 0, "none gzip lzma"},
    {"recovery", ValueType::ipv4, kOptional},
    {"proven_upload", ValueType::size, kOptional, 1, kLargestFlash},
});

constexpr auto kLzma = std::to_array<KeySpec>({
    {"lc", ValueType::number, kOptional, 0, 8},
    {"lp", ValueType::number, kOptional, 0, 4},
    {"pb", ValueType::number, kOptional, 0, 4},
    {"dictionary", ValueType::size, kOptional, 4 * kKiB, 64 * kMiB},
    {"end_marker", ValueType::flag, kOptional},
});

constexpr auto kLoader = std::to_array<KeySpec>({
    {"use", ValueType::flag, kRequired},
    {"reserve", ValueType::size, kOptional, 0, 64 * kMiB},
});

constexpr auto kKernel = std::to_array<KeySpec>({
    {"load", ValueType::address, kRequired, kKseg0, kKseg0Last},
    {"machine", ValueType::name, kRequired},
    {"command_line", ValueType::text, kRequired},
    {"partitions", ValueType::word, kRequired, 0, 0, "bcm47xxpart blkdevparts"},
});

constexpr auto kUart = std::to_array<KeySpec>({
    {"base", ValueType::address, kRequired, 0, kPhysicalLast},
    {"spacing", ValueType::number, kOptional, 1, 16},
});

constexpr auto kReset = std::to_array<KeySpec>({
    {"register", ValueType::address, kRequired, 0, kPhysicalLast},
    {"value", ValueType::address, kRequired, 0, 0xffffffff},
});

constexpr auto kNetwork = std::to_array<KeySpec>({
    {"interface", ValueType::name, kRequired},
    {"switch_ports", ValueType::texts, kOptional},
});

constexpr auto kGpio = std::to_array<KeySpec>({
    {"name", ValueType::name, kRequired},
    {"number", ValueType::number, kRequired, 0, 63},
    {"active", ValueType::word, kRequired, 0, 0, "low high"},
    {"role", ValueType::word, kRequired, 0, 0, "button led"},
});

constexpr auto kModules = std::to_array<KeySpec>({
    {"load", ValueType::texts, kRequired},
});

constexpr auto kSquashfs = std::to_array<KeySpec>({
    {"block_size", ValueType::size, kRequired, 4 * kKiB, kMiB},
});

constexpr auto kTables = std::to_array<TableSpec>({
    {"board", kRequired, false, kBoard},
    {"cpu", kOptional, false, kCpu},
    {"ram", kRequired, false, kRam},
    {"flash", kRequired, false, kFlash},
    {"flash.partition", kRequired, true, kPartition},
    {"nvram", kRequired, false, kNvram},
    {"trx", kRequired, false, kTrx},
    {"trx.identity", kOptional, false, kTrxIdentity},
    {"bootloader", kRequired, false, kBootLoader},
    {"bootloader.lzma", kOptional, false, kLzma},
    {"loader", kOptional, false, kLoader},
    {"kernel", kRequired, false, kKernel},
    {"uart", kOptional, false, kUart},
    {"reset", kOptional, false, kReset},
    {"network", kOptional, false, kNetwork},
    {"gpio", kOptional, true, kGpio},
    {"modules", kRequired, false, kModules},
    {"squashfs", kOptional, false, kSquashfs},
});

}  // namespace

std::span<const TableSpec> table_specs() {
  return kTables;
}

const TableSpec* find_table(std::string_view name) {
  auto table = std::ranges::find(kTables, name, &TableSpec::name);
  return table == kTables.end() ? nullptr : &*table;
}

}  // namespace trxkit::board
