// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/rootfs/ssh_keys.h"

#include <algorithm>
#include <array>
#include <optional>
#include <ranges>

#include "lib/core/bytes.h"

namespace trxkit::rootfs {
namespace {

constexpr std::array<std::string_view, 8> kTypes{"ssh-ed25519",
                                                 "ssh-rsa",
                                                 "ssh-dss",
                                                 "ecdsa-sha2-nistp256",
                                                 "ecdsa-sha2-nistp384",
                                                 "ecdsa-sha2-nistp521",
                                                 "sk-ssh-ed25519@openssh.com",
                                                 "sk-ecdsa-sha2-nistp256@openssh.com"};

// RFC 4648 section 4, with its padding.
std::optional<std::vector<std::byte>> decode_base64(std::string_view text) {
  constexpr std::string_view kAlphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  if (text.empty() || text.size() % 4 != 0) return std::nullopt;
  std::size_t padding = text.size() - 1 - text.find_last_not_of('=');
  if (padding > 2) return std::nullopt;
  std::vector<std::byte> bytes;
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (char c : text.substr(0, text.size() - padding)) {
    std::size_t value = kAlphabet.find(c);
    if (value == std::string_view::npos) return std::nullopt;
    bits = (bits << 6 | static_cast<std::uint32_t>(value)) & 0xffffff;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes.push_back(static_cast<std::byte>(bits >> count & 0xff));
  }
  return bytes;
}

// Whether `blob` is the string `type` and at least one more, each behind its length.
bool is_key_blob(Bytes blob, std::string_view type) {
  std::size_t strings = 0;
  for (; !blob.empty(); ++strings) {
    auto length = ByteReader(blob).read_at<be32>(0);
    if (!length || *length > blob.size() - sizeof(be32)) return false;
    Bytes text = blob.subspan(sizeof(be32), *length);
    if (strings == 0 && as_text(text) != type) return false;
    blob = blob.subspan(sizeof(be32) + text.size());
  }
  return strings > 1;
}

// The words of a line; blanks inside quotes (of an option) do not part them.
std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  bool quoted = false;
  std::size_t start = 0;
  for (std::size_t i = 0; i <= line.size(); ++i) {
    bool end = i == line.size();
    if (!end && line[i] == '"' && (i == 0 || line[i - 1] != '\\')) quoted = !quoted;
    if (!end && (quoted || (line[i] != ' ' && line[i] != '\t'))) continue;
    if (i > start) words.push_back(line.substr(start, i - start));
    start = i + 1;
  }
  return words;
}

bool is_public_key(std::string_view line) {
  std::vector<std::string_view> words = words_of(line);
  // The type is the first word, or the second behind options.
  for (std::size_t i = 0; i < 2 && i + 1 < words.size(); ++i) {
    if (std::ranges::find(kTypes, words[i]) == kTypes.end()) continue;
    auto blob = decode_base64(words[i + 1]);
    return blob && is_key_blob(*blob, words[i]);
  }
  return false;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  for (auto part : std::views::split(text, '\n')) {
    std::string_view line(part.begin(), part.end());
    std::size_t first = line.find_first_not_of(" \t\r");
    std::size_t last = line.find_last_not_of(" \t\r");
    lines.push_back(first == line.npos ? std::string_view() : line.substr(first, last - first + 1));
  }
  return lines;
}

}  // namespace

Result<std::vector<std::string>> read_public_keys(std::string_view text, const std::string& file) {
  constexpr std::string_view kHint = "give the public key, such as ~/.ssh/id_ed25519.pub";
  if (text.contains("PRIVATE KEY")) {
    return advise(fail_at({file, {}}, Code::bad_input, "holds a private key"), std::string(kHint));
  }
  std::vector<std::string> keys;
  std::uint32_t number = 0;
  for (std::string_view line : lines_of(text)) {
    ++number;
    if (line.empty() || line.starts_with('#')) continue;
    if (!is_public_key(line)) {
      return advise(fail_at({.file = file, .line = number, .column = 1}, Code::bad_input,
                            "is no OpenSSH public key"),
                    std::string(kHint));
    }
    keys.emplace_back(line);
  }
  if (!keys.empty()) return keys;
  return advise(fail_at({file, {}}, Code::bad_input, "holds no key"), std::string(kHint));
}

std::string with_keys(std::string existing, const std::vector<std::string>& keys) {
  if (!existing.empty() && !existing.ends_with('\n')) existing += '\n';
  for (const std::string& key : keys) {
    std::vector<std::string_view> lines = lines_of(existing);
    if (std::ranges::find(lines, key) == lines.end()) existing += key + "\n";
  }
  return existing;
}

}  // namespace trxkit::rootfs
