// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/kernel/command_line.h"

#include <algorithm>
#include <set>

#include "lib/kernel/scan.h"

namespace trxkit::kernel {
namespace {

/// COMMAND_LINE_SIZE of linux arch/mips/include/uapi/asm/setup.h.
constexpr std::uint64_t kLongest = 4096;

/// The NUL-terminated text at `offset`, or nothing where it is longer than `limit`.
Result<std::optional<std::string>> text_at(const InputFile& file, std::uint64_t offset,
                                           std::uint64_t limit) {
  auto bytes = TRY(file.bytes_at(offset, limit));
  std::string_view text = as_text(bytes);
  std::size_t end = text.find('\0');
  if (end == std::string_view::npos) return std::nullopt;
  return std::string(text.substr(0, end));
}

Result<std::optional<std::string>> text_of_symbol(const InputFile& file, const KernelElf& elf,
                                                  const std::string& name) {
  auto symbol = elf.symbols.find(name);
  if (!symbol || symbol->size == 0) return std::nullopt;
  std::uint64_t size = std::min(symbol->size, kLongest);
  auto offset = elf.file_offset(symbol->address, size);
  if (!offset) return std::nullopt;
  return text_at(file, *offset, size);
}

/// Whether a text of the kernel's data can be its command line and is no message or format.
bool is_plain_text(std::string_view text) {
  bool printable =
      std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~' && c != '%'; });
  return printable && !text.starts_with(' ');
}

bool looks_like_command_line(std::string_view text) {
  return is_plain_text(text) && text.find("console=tty") != std::string_view::npos;
}

/// A text of the kernel's data, from the byte behind a NUL to the next.
struct DataText {
  std::uint64_t offset = 0;
  std::string text;
};

/// The text that the byte at `offset` belongs to.
Result<std::optional<DataText>> text_around(const InputFile& file, std::uint64_t offset) {
  std::uint64_t start = offset - std::min(offset, kLongest);
  auto before = TRY(file.bytes_at(start, offset - start));
  std::size_t end_of_last = as_text(before).rfind('\0');
  if (end_of_last == std::string_view::npos) return std::nullopt;
  start += end_of_last + 1;
  auto text = TRY(text_at(file, start, kLongest));
  if (!text) return std::nullopt;
  return DataText{start, std::move(*text)};
}

Result<std::optional<std::string>> text_with_console(const InputFile& file, const KernelElf& elf) {
  std::optional<std::string> found;
  auto take = [&](std::uint64_t offset) -> Result<bool> {
    auto place = TRY(text_around(file, offset));
    if (!place || !looks_like_command_line(place->text)) return false;
    found = std::move(place->text);
    return true;
  };
  static_cast<void>(TRY(find_text(file, elf, "console=tty", take)));
  return found;
}

/// What stands in the room of `built` now: a shorter text and zeros, as embed_splice.cc leaves it.
Result<std::optional<std::string>> replacement_of(const InputFile& file, const KernelElf& elf,
                                                  const std::string& built) {
  std::set<std::string> found;
  auto take = [&](std::uint64_t offset) -> Result<bool> {
    auto place = TRY(text_around(file, offset));
    if (!place || place->text.size() > built.size() || !is_plain_text(place->text)) return false;
    auto room = TRY(file.bytes_at(place->offset, built.size() + 1));
    bool zeros = std::all_of(room.begin() + static_cast<std::ptrdiff_t>(place->text.size()),
                             room.end(), [](std::byte byte) { return byte == std::byte{0}; });
    if (zeros) found.insert(place->text);
    return false;
  };
  for (std::string_view word : {"mem=", "console=tty"}) {
    static_cast<void>(TRY(find_text(file, elf, word, take)));
  }
  return found.size() == 1 ? std::optional(*found.begin()) : std::nullopt;
}

std::string joined(const std::string& first, const std::string& second) {
  return first + (first.empty() || second.empty() ? "" : " ") + second;
}

}  // namespace

Result<std::optional<std::string>> configured_command_line(const InputFile& file,
                                                           const KernelElf& elf,
                                                           const KernelConfig* config) {
  if (auto text = TRY(text_of_symbol(file, elf, "builtin_cmdline"))) return text;
  if (config == nullptr) return text_with_console(file, elf);
  const std::string* built = config->find("CMDLINE");
  if (built == nullptr) return std::nullopt;
  if (TRY(command_line_was_replaced(file, elf, config))) return replacement_of(file, elf, *built);
  return *built;
}

Result<bool> command_line_was_replaced(const InputFile& file, const KernelElf& elf,
                                       const KernelConfig* config) {
  const std::string* built = config == nullptr ? nullptr : config->find("CMDLINE");
  if (built == nullptr || built->empty()) return false;
  bool there =
      TRY(find_text(file, elf, *built + '\0', [](std::uint64_t) -> Result<bool> { return true; }));
  return !there;
}

Result<std::optional<std::string>> embedded_command_line(const InputFile& file,
                                                         const KernelElf& elf) {
  return text_of_symbol(file, elf, "arcs_cmdline");
}

Result<std::optional<std::string>> built_in_command_line(const InputFile& file,
                                                         const KernelElf& elf) {
  auto config = TRY(read_config(file, elf));
  auto configured = TRY(configured_command_line(file, elf, config ? &*config : nullptr));
  auto embedded = TRY(embedded_command_line(file, elf));
  if (!configured) return embedded;
  if (!embedded || (config && config->built_in("CMDLINE_OVERRIDE"))) return configured;
  bool configured_first = config && config->built_in("MIPS_CMDLINE_BUILTIN_EXTEND");
  return configured_first ? joined(*configured, *embedded) : joined(*embedded, *configured);
}

std::optional<std::string> parameter(std::string_view command_line, std::string_view name) {
  std::optional<std::string> value;
  std::string word;
  bool quoted = false;
  auto end_word = [&] {
    if (word.size() > name.size() && word.starts_with(name) && word[name.size()] == '=') {
      value = word.substr(name.size() + 1);
    }
    bool last = word == "--";
    word.clear();
    return last;
  };
  for (char c : command_line) {
    if (c == '"') {
      quoted = !quoted;
    } else if (c == ' ' && !quoted) {
      if (end_word()) return value;
    } else {
      word.push_back(c);
    }
  }
  end_word();
  return value;
}

std::string complete_command_line(const std::string& wanted, const board::Board& board) {
  const std::string& line = wanted.empty() ? board.kernel.command_line : wanted;
  auto has = [&line](std::string_view key) {
    return fmt::format(" {}", line).contains(fmt::format(" {}=", key));
  };
  std::uint64_t ram = *board.ram_size;
  std::string added;
  if (!has("mem")) {
    added = ram % (1 << 20) == 0 ? fmt::format("mem={}M", ram >> 20) : fmt::format("mem={}", ram);
  }
  if (!has("panic")) added += added.empty() ? "panic=10" : " panic=10";
  if (added.empty() || line.empty()) return added + line;
  return fmt::format("{} {}", added, line);
}

}  // namespace trxkit::kernel
