// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// boot.manifest: what passes without a fault is what the router's shell reads in it, and survives
// being written and read again.
#include "lib/boot/trusted_manifest.h"

#include <algorithm>
#include <cstdlib>

#include "tests/fuzz/input.h"

namespace {

using namespace trxkit;
using boot::TrustedManifest;

/// The words of a line as "read -r key value name" of a shell takes them: blanks around them do not
/// count, the last one is the rest.
struct Words {
  std::string key, value, name;
};

void skip_blanks(std::string_view& line) {
  line.remove_prefix(std::min(line.find_first_not_of(" \t"), line.size()));
}

std::string take_word(std::string_view& line) {
  std::size_t end = std::min(line.find_first_of(" \t"), line.size());
  std::string word(line.substr(0, end));
  line.remove_prefix(end);
  skip_blanks(line);
  return word;
}

Words words_of(std::string_view line) {
  skip_blanks(line);
  line.remove_suffix(line.size() - (line.find_last_not_of(" \t") + 1));
  Words words{take_word(line), take_word(line), {}};
  words.name = line;
  return words;
}

/// What templates/trust.sh and boot/manifest.sh find in `text`. A shell drops NULs, and a last line
/// without an end.
TrustedManifest as_router(std::string text) {
  TrustedManifest seen;
  std::erase(text, '\0');
  std::string_view rest = text;
  for (std::size_t end = 0; (end = rest.find('\n')) != std::string_view::npos;) {
    Words words = words_of(rest.substr(0, end));
    rest.remove_prefix(end + 1);
    if (words.key == "board") seen.board += words.value;
    if (words.key == "build") seen.build = std::strtoull(words.value.c_str(), nullptr, 10);
    if (words.key == "sha256") seen.files.push_back({words.name, words.value});
  }
  return seen;
}

void expect_same(const TrustedManifest& one, const TrustedManifest& other) {
  auto same = [](const boot::TrustedFile& a, const boot::TrustedFile& b) {
    return a.name == b.name && a.sha256 == b.sha256;
  };
  bool files = std::ranges::equal(one.files, other.files, same);
  if (one.board != other.board || one.build != other.build || !files) std::abort();
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string text(as_text(fuzz::bytes_of(data, size)));
  TrustedManifest manifest = boot::parse_trusted_manifest(text);
  for (const boot::ManifestFault& fault : manifest.faults) {
    if (fault.what.empty()) std::abort();
  }
  if (!manifest.faults.empty()) return 0;
  expect_same(manifest, as_router(text));
  TrustedManifest again = boot::parse_trusted_manifest(manifest.text());
  if (!again.faults.empty()) std::abort();
  expect_same(manifest, again);
  return 0;
}
