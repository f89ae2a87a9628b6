// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/kernel/command_line.h"

#include <algorithm>

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
bool looks_like_command_line(std::string_view text) {
  bool printable =
      std::ranges::all_of(text, [](char c) { return c >= ' ' && c <= '~' && c != '%'; });
  return printable && !text.starts_with(' ') && text.find("console=tty") != std::string_view::npos;
}

Result<std::optional<std::string>> text_with_console(const InputFile& file, const KernelElf& elf) {
  std::optional<std::string> found;
  auto take = [&](std::uint64_t offset) -> Result<bool> {
    std::uint64_t start = offset - std::min(offset, kLongest);
    auto before = TRY(file.bytes_at(start, offset - start));
    std::size_t end_of_last = as_text(before).rfind('\0');
    if (end_of_last == std::string_view::npos) return false;
    auto text = TRY(text_at(file, start + end_of_last + 1, kLongest));
    if (!text || !looks_like_command_line(*text)) return false;
    found = std::move(text);
    return true;
  };
  static_cast<void>(TRY(find_text(file, elf, "console=tty", take)));
  return found;
}

std::string joined(const std::string& first, const std::string& second) {
  return first + (first.empty() || second.empty() ? "" : " ") + second;
}

}  // namespace

Result<std::optional<std::string>> configured_command_line(const InputFile& file,
                                                           const KernelElf& elf,
                                                           const KernelConfig* config) {
  if (auto text = TRY(text_of_symbol(file, elf, "builtin_cmdline"))) return text;
  if (config != nullptr) {
    const std::string* text = config->find("CMDLINE");
    return text == nullptr ? std::nullopt : std::optional(*text);
  }
  return text_with_console(file, elf);
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

}  // namespace trxkit::kernel
