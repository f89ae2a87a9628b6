// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// A router as its board file (boards/NAME.toml) describes it. Every value knows how far it can be
// trusted and where it comes from.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/core/json.h"
#include "lib/core/result.h"
#include "lib/system/env.h"

namespace trxkit::board {

/// How sure a value is, best first.
enum class Confidence : std::uint8_t {
  log,       ///< a console log of such a router shows it
  source,    ///< source code that runs on it says so
  inferred,  ///< it follows from sources and arithmetic
  guess,     ///< nobody has seen it
};
std::string_view name_of(Confidence confidence);
/// Known from the router itself or from what runs on it; otherwise tools say that they rely on it.
bool is_known(Confidence confidence);

/// A value of a board file with its origin.
template <typename T>
struct Fact {
  T value{};
  Confidence confidence = Confidence::source;
  std::string source = {};
  std::uint32_t line = 0;  ///< in the board file
  const T& operator*() const { return value; }
};

/// One value of a board file for people, with its origin.
struct FactText {
  std::string key;   ///< "flash.erase", "flash.partition[1].offset"
  Json value;        ///< as the file has it: a number, a string, true or false, a list of strings
  std::string text;  ///< "0x10000 (64 KiB)", "gzip"
  Confidence confidence = Confidence::source;
  std::string source;      ///< empty where the file gives none
  std::uint32_t line = 0;  ///< in the board file
  std::uint32_t column = 0;
};

enum class PartitionRole : std::uint8_t { boot_loader, firmware, nvram, data };

struct FlashPartition {
  std::string name;
  Fact<std::uint64_t> offset;  ///< bytes from the start of the chip
  Fact<std::uint64_t> size;    ///< bytes
  PartitionRole role = PartitionRole::data;
};

/// How the chip is connected. Chips with bad blocks (NAND) are none of ours: nothing on them has a
/// fixed offset.
enum class FlashType : std::uint8_t {
  nor_parallel,  ///< CFI, mapped into memory; blocks may be smaller at one end of the chip
  nor_serial,    ///< SPI; blocks are all of one size
};
std::string_view name_of(FlashType type);

struct Flash {
  FlashType type = FlashType::nor_parallel;
  Fact<std::uint64_t> size;        ///< bytes
  Fact<std::uint64_t> erase_size;  ///< bytes of an erase block, the likeliest
  /// The largest erase block that the chip may have where no log tells: alignment and the
  /// protection of the nvram block use this one. Equal to erase_size where it is known.
  std::uint64_t largest_erase_size = 0;
  std::vector<FlashPartition> partitions;  ///< by offset
};

enum class Compression : std::uint8_t { none, gzip, lzma };

/// Parameters of an LZMA payload for a boot loader's decoder.
struct LzmaParameters {
  std::uint32_t lc = 3;
  std::uint32_t lp = 0;
  std::uint32_t pb = 2;
  std::uint32_t dictionary = 1 << 16;  ///< bytes
  bool end_marker = false;
};

/// What stock firmware wants around (or, for ASUS, at the end of) a TRX image.
enum class ContainerKind : std::uint8_t { none, asus, cybertan, chk, usr, edimax, motorola };
std::string_view name_of(ContainerKind kind);  ///< as board files write it: "chk"

/// What a container says about the router that it is for. Which of these a container has, and how
/// long they may be: judge_container() (lib/board/container.h).
struct ContainerIdentity {
  std::string id;                     ///< product, pattern, board id or model; empty: none
  std::vector<std::uint8_t> version;  ///< of the firmware, first number first; empty: not given
  std::uint8_t region = 1;            ///< Netgear: 1 world, 2 North America
  std::uint8_t hardware = 0;          ///< CyberTAN: hardware version
  std::uint8_t serial = 0;            ///< CyberTAN: serial number of the firmware
  std::uint16_t flags = 0x1f;         ///< CyberTAN: chips and flash that the firmware supports
};

struct TrxProperties {
  Fact<std::uint32_t> magic;  ///< 0x30524448 is "HDR0"
  std::uint32_t version = 1;  ///< 1 or 2
  ContainerKind container = ContainerKind::none;
  /// Of the container, and of the CyberTAN header in part 4 of version 2.
  ContainerIdentity identity;
};

struct BootLoader {
  Fact<std::uint64_t> load_address;  ///< where it puts part 1 of the TRX and starts it (KSEG0)
  Fact<std::uint64_t> base;          ///< where it resides in RAM; what it loads must end below
  Fact<Compression> compression;     ///< what it is known to unpack
  LzmaParameters lzma;
  std::optional<std::uint64_t> proven_upload;  ///< bytes: the largest TFTP upload seen to work
  std::string recovery_address;                ///< IP address of its TFTP and HTTP recovery
  std::uint64_t nvram_space = 0x8000;          ///< bytes at the end of the chip
};

/// Who cuts the flash into partitions for the running kernel.
enum class FlashParser : std::uint8_t {
  bcm47xxpart,  ///< Linux' own scan for known marks (drivers/mtd/parsers/bcm47xxpart.c)
  blkdevparts,  ///< the kernel's command line, from this board file and the image
};

struct KernelProperties {
  Fact<std::uint64_t> load_address;  ///< where a kernel of this machine is linked to run (KSEG0)
  std::string machine;               ///< "bcm47xx", "malta": looked for in the kernel
  std::string command_line;          ///< console and panic settings for kernels we finish
  FlashParser flash_parser = FlashParser::bcm47xxpart;
};

struct Uart {
  std::uint64_t base = 0;     ///< physical address
  std::uint32_t spacing = 1;  ///< bytes between registers
};

struct Reset {
  std::uint64_t address = 0;  ///< physical address of a 32-bit register; 0: none known
  std::uint32_t value = 0;    ///< what to write there
};

/// trxkit's own boot stub (loader/).
struct LoaderProperties {
  bool use = false;           ///< in front of every kernel, unless told otherwise
  std::uint64_t reserve = 0;  ///< bytes at the end of the RAM that it leaves alone
};

struct Gpio {
  std::string name;  ///< "reset", "wps", "power"
  std::uint32_t number = 0;
  bool active_low = true;
  bool button = false;  ///< otherwise an LED
};

struct Board {
  std::string name;   ///< "belkin-f7d7301"
  std::string model;  ///< "Belkin F7D7301 (Share Max N300)"
  std::vector<std::string> aliases;
  std::string soc;
  std::string file;              ///< path of the board file
  std::uint64_t cpu_clock = 0;   ///< cycles a second; 0: not known
  Fact<std::uint64_t> ram_size;  ///< bytes
  Flash flash;
  TrxProperties trx;
  BootLoader boot_loader;
  LoaderProperties loader;
  KernelProperties kernel;
  Uart uart;
  Reset reset;
  std::vector<Gpio> gpios;
  std::vector<std::string> modules;  ///< kernel modules for USB storage, in load order
  std::string interface;             ///< LAN network interface in the flash system ("eth0")
  /// Ports of the switch that the LAN has, and the processor's: "0", "1", ... as swconfig numbers
  /// them; empty: not known.
  std::vector<std::string> switch_ports;
  std::uint32_t squashfs_block_size = 256 * 1024;  ///< bytes
  std::vector<FactText> facts;                     ///< every value of the file, in file order

  /// The one partition of `role`, or null.
  const FlashPartition* partition(PartitionRole role) const;
  bool is_called(std::string_view name) const;  ///< by name or alias
};

/// The board NAME of env.data_directory / "boards", or of the file NAME where that is a path
/// (contains '/' or ends in ".toml"). Errors: Code::usage with a suggestion for an unknown name;
/// Code::bad_input with line, column and source line for a broken file.
Result<Board> load_board(const std::string& name, const Env& env);

/// The same for a name that a file of others gives: a path is an unknown name, and not opened.
Result<Board> load_known_board(const std::string& name, const Env& env);

/// Every board of env.data_directory / "boards", by name. Errors: Code::bad_input for the first
/// broken file and for a name or alias that two boards claim.
Result<std::vector<Board>> load_all_boards(const Env& env);

/// Names of all board files, sorted.
Result<std::vector<std::string>> board_names(const Env& env);

/// The board that `text` (TOML) describes; `file` is for messages and Board::file. Errors:
/// Code::bad_input with line, column and source line.
Result<Board> parse_board(std::string_view text, const std::string& file);

}  // namespace trxkit::board
