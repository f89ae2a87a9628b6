// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/board/board.h"

#include <algorithm>

#include "lib/board/checks.h"
#include "lib/board/container.h"
#include "lib/board/review.h"
#include "lib/board/toml.h"
#include "lib/board/values.h"

namespace trxkit::board {
namespace {

// Erase blocks that no log shows may be this large: the usual 8 MiB parallel NOR chips have blocks
// of 64 KiB, some of 128 KiB.
constexpr std::uint64_t kLargestUsualBlock = 128 << 10;

/// `value` of another type with the origin of `fact`.
template <typename T, typename U>
Fact<T> retyped(const Fact<U>& fact, T value) {
  return {std::move(value), fact.confidence, fact.source, fact.line};
}

Fact<std::uint32_t> narrow(const Fact<std::uint64_t>& fact) {
  return retyped(fact, static_cast<std::uint32_t>(fact.value));  // ranges: keys.cc
}

PartitionRole role_of(std::string_view word) {
  if (word == "bootloader") return PartitionRole::boot_loader;
  if (word == "firmware") return PartitionRole::firmware;
  if (word == "nvram") return PartitionRole::nvram;
  return PartitionRole::data;
}

Compression compression_of(std::string_view word) {
  if (word == "gzip") return Compression::gzip;
  if (word == "lzma") return Compression::lzma;
  return Compression::none;
}

Flash read_flash(const CheckedTables& tables) {
  const CheckedTable& table = tables.table("flash");
  Flash flash;
  flash.type =
      *table.text("type") == "nor-serial" ? FlashType::nor_serial : FlashType::nor_parallel;
  flash.size = table.number("size");
  flash.erase_size = table.number("erase");
  flash.largest_erase_size =
      *table.number("largest_erase", is_known(flash.erase_size.confidence)
                                         ? *flash.erase_size
                                         : std::max(*flash.erase_size, kLargestUsualBlock));
  for (const CheckedTable* partition : tables.all("flash.partition")) {
    flash.partitions.push_back({*partition->text("name"), partition->number("offset"),
                                partition->number("size"), role_of(*partition->text("role"))});
  }
  std::ranges::sort(flash.partitions, {}, [](const FlashPartition& p) { return *p.offset; });
  return flash;
}

BootLoader read_boot_loader(const CheckedTables& tables) {
  const CheckedTable& table = tables.table("bootloader");
  const CheckedTable& lzma = tables.table("bootloader.lzma");
  BootLoader loader;
  loader.load_address = table.number("load");
  loader.base = table.number("limit");
  Fact<std::string> compression = table.text("compression");
  loader.compression = retyped(compression, compression_of(*compression));
  const LzmaParameters usual;
  loader.lzma.lc = *narrow(lzma.number("lc", usual.lc));
  loader.lzma.lp = *narrow(lzma.number("lp", usual.lp));
  loader.lzma.pb = *narrow(lzma.number("pb", usual.pb));
  loader.lzma.dictionary = *narrow(lzma.number("dictionary", usual.dictionary));
  loader.lzma.end_marker = lzma.flag("end_marker");
  if (table.has("proven_upload")) loader.proven_upload = *table.number("proven_upload");
  loader.recovery_address = *table.text("recovery");
  loader.nvram_space = *tables.table("nvram").number("space");
  return loader;
}

KernelProperties read_kernel(const CheckedTable& table) {
  KernelProperties kernel;
  kernel.load_address = table.number("load");
  kernel.machine = *table.text("machine");
  kernel.command_line = *table.text("command_line");
  kernel.flash_parser = *table.text("partitions") == "blkdevparts" ? FlashParser::blkdevparts
                                                                   : FlashParser::bcm47xxpart;
  return kernel;
}

std::vector<Gpio> read_gpios(const CheckedTables& tables) {
  std::vector<Gpio> gpios;
  for (const CheckedTable* table : tables.all("gpio")) {
    gpios.push_back({*table->text("name"), *narrow(table->number("number")),
                     *table->text("active") == "low", *table->text("role") == "button"});
  }
  return gpios;
}

Board read_board(const CheckedTables& tables) {
  const CheckedTable& identity = tables.table("board");
  const CheckedTable& trx = tables.table("trx");
  const CheckedTable& uart = tables.table("uart");
  const CheckedTable& reset = tables.table("reset");
  const CheckedTable& loader = tables.table("loader");
  const Board usual;
  Board board;
  board.name = *identity.text("name");
  board.model = *identity.text("model");
  board.aliases = identity.texts("aliases");
  board.soc = *identity.text("soc");
  board.cpu_clock = *tables.table("cpu").number("clock");
  board.ram_size = tables.table("ram").number("size");
  board.flash = read_flash(tables);
  board.trx.magic = narrow(trx.number("magic"));
  board.trx.version = *narrow(trx.number("version"));
  board.trx.container = container_of(*trx.text("container", "none"));
  board.trx.identity = read_identity(tables.table("trx.identity"));
  board.boot_loader = read_boot_loader(tables);
  board.loader = {loader.flag("use"), *loader.number("reserve")};
  board.kernel = read_kernel(tables.table("kernel"));
  board.uart.base = *uart.number("base");
  board.uart.spacing = *narrow(uart.number("spacing", usual.uart.spacing));
  board.reset = {*reset.number("register"), *narrow(reset.number("value"))};
  board.gpios = read_gpios(tables);
  board.modules = tables.table("modules").texts("load");
  board.interface = *tables.table("network").text("interface");
  board.switch_ports = tables.table("network").texts("switch_ports");
  board.squashfs_block_size =
      *narrow(tables.table("squashfs").number("block_size", usual.squashfs_block_size));
  board.facts = list_facts(tables);
  return board;
}

}  // namespace

std::string_view name_of(FlashType type) {
  return type == FlashType::nor_serial ? "nor-serial" : "nor-parallel";
}

bool is_known(Confidence confidence) {
  return confidence == Confidence::log || confidence == Confidence::source;
}

std::string_view name_of(Confidence confidence) {
  switch (confidence) {
    case Confidence::log:
      return "log";
    case Confidence::source:
      return "source";
    case Confidence::inferred:
      return "inferred";
    case Confidence::guess:
      break;
  }
  return "guess";
}

const FlashPartition* Board::partition(PartitionRole role) const {
  auto found = std::ranges::find(flash.partitions, role, &FlashPartition::role);
  return found == flash.partitions.end() ? nullptr : &*found;
}

bool Board::is_called(std::string_view other) const {
  return other == name || std::ranges::find(aliases, other) != aliases.end();
}

Result<BoardReview> review_text(std::string_view text, const std::string& file) {
  TomlDocument document = TRY(parse_toml(text, file));
  BoardReview review{.file = file, .board = {}, .findings = {}};
  CheckedTables tables = check_values(document, review.findings);
  if (!review.findings.passed()) return review;
  Board board = read_board(tables);
  board.file = file;
  review.findings = judge_board(board, tables, document);
  if (review.findings.passed()) review.board = std::move(board);
  return review;
}

Result<Board> parse_board(std::string_view text, const std::string& file) {
  BoardReview review = TRY(review_text(text, file));
  if (!review.board) return std::unexpected(as_error(review.findings, Code::bad_input));
  return *std::move(review.board);
}

}  // namespace trxkit::board
