// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/boot/trusted_manifest.h"

#include <algorithm>

#include "lib/boot/tree_manifests.h"
#include "lib/core/field_text.h"
#include "lib/rootfs/wrapper_settings.h"

namespace trxkit::boot {
namespace {

using rootfs::kHighestBuild;

// What a shell's "read" leaves whole: no blanks, and none of the characters that it drops.
bool is_word(std::string_view text) {
  return !text.empty() &&
         std::ranges::none_of(text, [](char c) { return static_cast<unsigned char>(c) <= ' '; });
}

class Reader {
 public:
  TrustedManifest run(std::string_view text) {
    if (text.size() > kLongestTrustedManifest) {
      made_.faults.push_back({0, fmt::format("is longer than {} bytes", kLongestTrustedManifest)});
      return std::move(made_);
    }
    bool ended = text.empty() || text.ends_with('\n');
    while (!text.empty()) {
      ++line_;
      std::size_t end = std::min(text.find('\n'), text.size());
      read_line(text.substr(0, end));
      text.remove_prefix(std::min(end + 1, text.size()));
    }
    if (!ended) fault("has no end, so that a router does not see it");
    if (made_.board.empty()) made_.faults.push_back({0, "names no board"});
    if (!made_.build) made_.faults.push_back({0, "has no build number"});
    return std::move(made_);
  }

 private:
  void fault(std::string what) { made_.faults.push_back({line_, std::move(what)}); }

  void read_line(std::string_view line) {
    std::size_t space = std::min(line.find(' '), line.size());
    std::string_view key = line.substr(0, space);
    std::string_view value = line.substr(std::min(space + 1, line.size()));
    if (key == "board") {
      read_board(value);
    } else if (key == "build") {
      read_build(value);
    } else if (key == "sha256") {
      read_file(value);
    } else {
      fault("is no line \"board\", \"build\" or \"sha256\"");
    }
  }

  void read_board(std::string_view value) {
    if (!made_.board.empty()) return fault("names a second board");
    if (!is_word(value)) return fault("names no board");
    made_.board = value;
  }

  void read_build(std::string_view value) {
    if (made_.build) return fault("has a second build number");
    made_.build = decimal_number(value, kHighestBuild);
    if (!made_.build) fault(fmt::format("has no build number from 0 to {}", kHighestBuild));
  }

  void read_file(std::string_view value) {
    std::string_view hash = value.substr(0, std::min(value.find(' '), value.size()));
    std::string_view name = value.substr(std::min(hash.size() + 1, value.size()));
    if (!is_sha256_text(hash)) return fault("has no SHA-256 of 64 lower-case digits");
    if (!is_word(name)) return fault("names no file");
    if (!made_.hash_of(name).empty()) return fault("names a file a second time");
    made_.files.push_back({std::string(name), std::string(hash)});
  }

  TrustedManifest made_;
  std::uint32_t line_ = 0;
};

}  // namespace

std::string TrustedManifest::hash_of(std::string_view name) const {
  std::string wanted = path_in_boot(name);
  auto found = std::ranges::find(files, wanted,
                                 [](const TrustedFile& file) { return path_in_boot(file.name); });
  return found == files.end() ? std::string() : found->sha256;
}

std::string TrustedManifest::text() const {
  std::string text = fmt::format("board {}\nbuild {}\n", board, build.value_or(0));
  for (const TrustedFile& file : files)
    text += fmt::format("sha256 {} {}\n", file.sha256, file.name);
  return text;
}

TrustedManifest parse_trusted_manifest(std::string_view text) {
  return Reader().run(text);
}

Result<std::uint64_t> build_number(std::optional<std::uint64_t> build, std::int64_t epoch) {
  if (!build && epoch >= 0) build = static_cast<std::uint64_t>(epoch);
  if (build && *build <= kHighestBuild) return *build;
  return advise(fail(Code::usage, "build numbers go from 0 to {}", kHighestBuild),
                "--build NUMBER; without it the seconds of SOURCE_DATE_EPOCH count");
}

}  // namespace trxkit::boot
