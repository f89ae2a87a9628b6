// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Looking into a tree that can only be read from its start: each question is one pass, or a few
// where symlinks lead on.
#include <algorithm>
#include <map>

#include "lib/archive/merge.h"
#include "lib/archive/path.h"

namespace trxkit::archive {
namespace {

// linux include/linux/namei.h: MAXSYMLINKS.
constexpr unsigned kMostLinks = 40;

using Names = std::vector<std::string>;

Names split(std::string_view path) {
  Names names;
  for (std::size_t start = 0; start < path.size();) {
    std::size_t end = std::min(path.find('/', start), path.size());
    std::string_view name = path.substr(start, end - start);
    if (!name.empty() && name != ".") names.emplace_back(name);
    start = end + 1;
  }
  return names;
}

std::string join(const Names& names, std::size_t count) {
  std::string path;
  for (std::size_t i = 0; i < count; ++i) path += (i > 0 ? "/" : "") + names[i];
  return path;
}

// Walks from the root to a file, one pass over the source for each link on the way.
class FileSearch {
 public:
  FileSearch(const Source& source, const std::string& path, std::uint64_t limit)
      : source_(source), path_(path), limit_(limit), names_(split(path)) {}

  Result<FoundFile> run() {
    for (unsigned pass = 0; pass <= kMostLinks; ++pass) {
      std::size_t up = static_cast<std::size_t>(std::ranges::find(names_, "..") - names_.begin());
      TRY(look(up));
      if (follow_link(up)) continue;
      if (up == names_.size()) return found();
      if (up == 0) return failed("leads out of the tree");
      names_.erase(names_.begin() + static_cast<std::ptrdiff_t>(up) - 1,
                   names_.begin() + static_cast<std::ptrdiff_t>(up) + 1);
    }
    return failed("leads through too many symlinks");
  }

 private:
  std::unexpected<Error> failed(std::string_view why) const {
    return fail_at({source_.name(), {}}, Code::bad_input, "{} {}", shown(path_), why);
  }

  // One pass: what stands at the first 1, 2, ... `count` names, and the contents at all of them.
  Status look(std::size_t count) {
    seen_.clear();
    contents_.reset();
    for (std::size_t i = 1; i <= count; ++i) seen_[join(names_, i)] = std::nullopt;
    std::string whole = join(names_, names_.size());
    std::unique_ptr<Reader> reader = TRY(source_.open());
    while (auto entry = TRY(reader->next())) {
      auto place = seen_.find(entry->path);
      if (place == seen_.end()) continue;
      place->second = *entry;
      if (entry->path != whole) continue;
      contents_.reset();
      if (entry->type != EntryType::file) continue;
      if (entry->size <= limit_) contents_ = TRY(read_contents(*reader, *entry, limit_));
    }
    return {};
  }

  // Replaces the first link among the first `count` names by what it says.
  bool follow_link(std::size_t count) {
    for (std::size_t i = 1; i <= count; ++i) {
      const std::optional<Entry>& entry = seen_[join(names_, i)];
      if (!entry) continue;
      bool hard = entry->type == EntryType::hard_link;
      if (!hard && entry->type != EntryType::symlink) continue;
      bool from_root = hard || entry->link_target.starts_with('/');
      Names replaced(names_.begin(),
                     names_.begin() + static_cast<std::ptrdiff_t>(from_root ? 0 : i - 1));
      for (std::string& name : split(entry->link_target)) replaced.push_back(std::move(name));
      replaced.insert(replaced.end(), names_.begin() + static_cast<std::ptrdiff_t>(i),
                      names_.end());
      names_ = std::move(replaced);
      return true;
    }
    return false;
  }

  Result<FoundFile> found() {
    if (names_.empty()) return failed("is the root directory, not a file");
    std::string whole = join(names_, names_.size());
    std::optional<Entry>& entry = seen_[whole];
    std::string at = whole == path_ ? "" : fmt::format("(a link to {}) ", shown(whole));
    if (!entry) return failed(at + "does not exist");
    if (entry->type != EntryType::file) {
      return failed(fmt::format("{}is a {}, not a file", at, name_of(entry->type)));
    }
    if (!contents_) {
      return failed(
          fmt::format("{}is {} bytes long; at most {} are expected", at, entry->size, limit_));
    }
    return FoundFile{std::move(*entry), std::move(*contents_)};
  }

  const Source& source_;
  const std::string& path_;
  std::uint64_t limit_;
  Names names_;
  std::map<std::string, std::optional<Entry>> seen_;
  std::optional<std::string> contents_;
};

}  // namespace

Result<MergeSummary> summarise(const Source& source) {
  MergeSummary summary;
  std::unique_ptr<Reader> reader = TRY(source.open());
  while (auto entry = TRY(reader->next())) {
    ++summary.paths;
    auto total = checked_add(summary.content_bytes, entry->size);
    if (!total) {
      return fail_at({source.name(), {}}, Code::bad_input, "its files add up to over 2^64 bytes");
    }
    summary.content_bytes = *total;
  }
  return summary;
}

Result<std::optional<Entry>> find_entry(const Source& source, const std::string& path) {
  std::optional<Entry> found;
  std::unique_ptr<Reader> reader = TRY(source.open());
  while (auto entry = TRY(reader->next())) {
    if (entry->path == path) found = std::move(entry);
  }
  return found;
}

Result<std::string> read_contents(Reader& reader, const Entry& entry, std::uint64_t limit) {
  if (entry.size > limit) {
    return fail(Code::bad_input, "{} is {} bytes long; at most {} are expected", shown(entry.path),
                entry.size, limit);
  }
  std::string contents(static_cast<std::size_t>(entry.size), '\0');
  MutableBytes rest = std::as_writable_bytes(std::span(contents));
  while (!rest.empty()) {
    std::size_t got = TRY(reader.read(rest));
    if (got == 0) return fail(Code::bad_input, "{} ends early", shown(entry.path));
    rest = rest.subspan(got);
  }
  return contents;
}

Result<FoundFile> read_file(const Source& source, const std::string& path, std::uint64_t limit) {
  return FileSearch(source, path, limit).run();
}

Status copy_entries(const Source& source, Writer& writer) {
  std::unique_ptr<Reader> reader = TRY(source.open());
  while (auto entry = TRY(reader->next())) TRY(writer.add(*entry, *reader));
  return writer.finish();
}

}  // namespace trxkit::archive
