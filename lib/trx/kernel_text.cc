// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/trx/kernel_text.h"

#include <algorithm>
#include <cstring>
#include <functional>

namespace trxkit::trx {
namespace {

// A text and its rarest letter, by which it is looked for: kernels have millions of bytes.
struct Needle {
  std::string_view text;
  std::size_t anchor;  // the letter's place in it
};

constexpr Needle kBanner{"Linux version ", 0};
constexpr Needle kFlashInit{"flash-init: ", 10};
constexpr Needle kSearch{"usbboot-second-stage: ", 20};
constexpr Needle kRoot{"root=", 4};
constexpr Needle kConsole{"console=", 7};
constexpr std::size_t kLongest = 4096;  ///< COMMAND_LINE_SIZE of MIPS

bool is_printable(char c) {
  return c >= ' ' && c <= '~';
}

// The words of a command line, one after the other; stops when `visit` returns false.
void for_each_word(std::string_view text, const std::function<bool(std::string_view)>& visit) {
  while (true) {
    text.remove_prefix(std::min(text.size(), text.find_first_not_of(' ')));
    if (text.empty()) return;
    std::string_view word = text.substr(0, text.find(' '));
    if (!visit(word)) return;
    text.remove_prefix(word.size());
  }
}

bool is_option_word(std::string_view word) {
  constexpr std::string_view kNameBytes =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-";
  std::string_view name = word.substr(0, word.find('='));
  return !name.empty() && name.find_first_not_of(kNameBytes) == std::string_view::npos &&
         word.find('%') == std::string_view::npos;
}

// Whether `word` is the option of `name` ("root=") with a value.
bool gives_value(std::string_view word, const Needle& name) {
  return word.starts_with(name.text) && word.size() > name.text.size();
}

bool names_root(std::string_view command_line) {
  bool found = false;
  for_each_word(command_line, [&](std::string_view word) {
    found = gives_value(word, kRoot);
    return !found;
  });
  return found;
}

bool is_command_line(std::string_view text) {
  bool only_options = true;
  bool telling = false;
  for_each_word(text, [&](std::string_view word) {
    only_options = is_option_word(word);
    telling = telling || gives_value(word, kRoot) || gives_value(word, kConsole);
    return only_options;
  });
  return only_options && telling;
}

// Calls `found` with every position in [from, end) where `needle` starts.
void for_each_match(std::string_view text, const Needle& needle, std::size_t from, std::size_t end,
                    const std::function<void(std::size_t)>& found) {
  std::size_t anchor = from + needle.anchor;
  while (true) {
    anchor = text.find(needle.text[needle.anchor], anchor);
    if (anchor == std::string_view::npos || anchor - needle.anchor >= end) return;
    std::size_t position = anchor - needle.anchor;
    if (text.compare(position, needle.text.size(), needle.text) == 0) found(position);
    ++anchor;
  }
}

}  // namespace

void KernelText::update(Bytes bytes) {
  held_.append(as_text(bytes));
  // A match is handled when the longest text behind it is there; kLongest bytes before it are kept
  // for the start of a command line.
  if (held_.size() <= 2 * kLongest) return;
  search(held_.size() - kLongest);
  std::size_t drop = searched_ - std::min(searched_, kLongest);
  held_.erase(0, drop);
  searched_ -= drop;
}

void KernelText::finish() {
  search(held_.size());
  held_.clear();
  searched_ = 0;
}

void KernelText::search(std::size_t end) {
  if (banner_.empty()) {
    for_each_match(held_, kBanner, searched_, end, [&](std::size_t position) {
      std::size_t number = position + kBanner.text.size();
      if (!banner_.empty() || number >= held_.size()) return;
      if (held_[number] < '0' || held_[number] > '9') return;
      auto stop = std::find_if_not(held_.begin() + static_cast<std::ptrdiff_t>(position),
                                   held_.end(), is_printable);
      banner_.assign(held_.begin() + static_cast<std::ptrdiff_t>(position), stop);
    });
  }
  if (!has_flash_init_) {
    for_each_match(held_, kFlashInit, searched_, end, [&](std::size_t) { has_flash_init_ = true; });
  }
  if (!has_search_) {
    for_each_match(held_, kSearch, searched_, end, [&](std::size_t) { has_search_ = true; });
  }
  for (const Needle& needle : {kRoot, kConsole}) {
    for_each_match(held_, needle, searched_, end,
                   [&](std::size_t position) { consider_command_line(position); });
  }
  searched_ = end;
}

void KernelText::consider_command_line(std::size_t position) {
  std::size_t start = position;
  while (start > 0 && position - start < kLongest && is_printable(held_[start - 1])) --start;
  std::size_t stop = position;
  while (stop < held_.size() && stop - start < kLongest && is_printable(held_[stop])) ++stop;
  std::string_view text = std::string_view(held_).substr(start, stop - start);
  bool terminated = stop == held_.size() || held_[stop] == '\0';
  if (!terminated || !is_command_line(text)) return;
  if (command_line_.empty() || (!names_root(command_line_) && names_root(text))) {
    command_line_ = text;
  }
}

}  // namespace trxkit::trx
