// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/kernel/module_set.h"

#include <algorithm>
#include <filesystem>

#include "lib/archive/archive_handle.h"
#include "lib/archive/source.h"
#include "lib/core/units.h"

namespace trxkit::kernel {
namespace {

constexpr std::uint64_t kMaximumBytes = 64 << 20;  // of all modules that are read
constexpr std::uint64_t kMaximumList = 8 << 20;    // of modules.dep; Debian's has 300 KiB
constexpr std::string_view kFolder = "lib/modules/";

/// What follows the last entry of a reader, as bytes that can only be read forwards.
class Contents final : public archive::ByteStream {
 public:
  explicit Contents(archive::Reader& reader) : reader_(reader) {}
  Result<std::size_t> read(MutableBytes target) override { return reader_.read(target); }

 private:
  archive::Reader& reader_;
};

Result<std::string> read_all(archive::ByteStream& stream, std::uint64_t limit) {
  std::string text;
  std::vector<std::byte> block(64 << 10);
  while (std::size_t got = TRY(stream.read(block))) {
    if (text.size() + got > limit) return fail(Code::bad_input, "is larger than any module");
    text += as_text(Bytes(block).first(got));
  }
  return text;
}

Result<archive::SourcePointer> open_modules(const std::string& path, const Env& env) {
  std::error_code ignored;
  bool file = !std::filesystem::is_directory(path, ignored);
  if (!file || !is_module_path(path)) return archive::open_source(path, env);
  return archive::single_file(path, std::filesystem::path(path).filename().string(), 0644, env);
}

bool looks_like_release(std::string_view name) {
  return !name.empty() && name.front() >= '0' && name.front() <= '9';
}

/// The path below lib/modules/VERSION, with the plain ending.
std::string plain_path(std::string_view path) {
  std::size_t folder = path.find(kFolder);
  if (folder != std::string_view::npos) {
    std::string_view below = path.substr(folder + kFolder.size());
    std::size_t slash = below.find('/');
    if (slash != std::string_view::npos) path = below.substr(slash + 1);
  }
  std::size_t ending = path.rfind(".ko");
  return std::string(path.substr(0, ending + 3));
}

}  // namespace

Result<std::string> read_module_contents(archive::Reader& reader, const std::string& path,
                                         std::uint64_t limit) {
  if (path.ends_with(".ko")) {
    Contents plain(reader);
    return read_all(plain, limit);
  }
  auto stream = TRY(archive::decompressed(std::make_unique<Contents>(reader), path));
  return read_all(*stream, limit);
}

Result<ModuleSet> ModuleSet::open(const std::vector<std::string>& paths, const Env& env,
                                  Findings& findings) {
  ModuleSet set;
  for (const std::string& path : paths) {
    set.note_release(std::filesystem::path(path).lexically_normal().string() + "/");
    set.sources_.push_back(TRY(open_modules(path, env)));
    TRY(set.list(*set.sources_.back(), set.sources_.size() - 1, findings));
  }
  for (const std::string& name : set.in_modules_dep_) {
    if (!set.lists(name)) set.lost_.push_back(name);
  }
  return set;
}

/// "…/lib/modules/6.1.0/kernel/a.ko", "/srv/6.1.0/": the folder's own name.
void ModuleSet::note_release(const std::string& path) {
  std::filesystem::path folder = std::filesystem::path(path).parent_path();
  std::string name = folder.filename().string();
  std::size_t below = path.find(kFolder);
  if (below != std::string::npos) {
    name = path.substr(below + kFolder.size());
    name = name.substr(0, name.find('/'));
  }
  if (folder_release_.empty() && looks_like_release(name) && !is_module_path(name)) {
    folder_release_ = name;
  }
}

void ModuleSet::note_dependencies(std::string_view text) {
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    std::string_view path = line.substr(0, line.find(':'));
    if (is_module_path(path)) in_modules_dep_.insert(module_name(path));
  }
}

Status ModuleSet::list(const archive::Source& source, std::size_t number, Findings& findings) {
  auto reader = TRY(source.open());
  while (auto entry = TRY(reader->next())) {
    std::string_view name = std::string_view(entry->path).substr(entry->path.rfind('/') + 1);
    if (entry->type != archive::EntryType::file) continue;
    if (is_module_path(name)) {
      note_release(entry->path);
      auto [place, added] = places_.try_emplace(module_name(name), Place{number, entry->path});
      if (added) continue;
      findings.add("MOD011", {.file = source.name()},
                   fmt::format("{} and {} are the same module", place->second.path, entry->path),
                   "leave one of them out");
    } else if (name == "modules.builtin" || name == "modules.dep") {
      Contents contents(*reader);
      std::string text = TRY(read_all(contents, kMaximumList));
      if (name == "modules.dep") {
        note_dependencies(text);
        continue;
      }
      if (!built_in_) built_in_.emplace();
      for (std::size_t at = 0; at < text.size();) {
        std::size_t end = std::min(text.find('\n', at), text.size());
        built_in_->insert(module_name(std::string_view(text).substr(at, end - at)));
        at = end + 1;
      }
    }
  }
  return {};
}

std::optional<bool> ModuleSet::built_in(const std::string& name) const {
  if (!built_in_) return std::nullopt;
  return built_in_->contains(name);
}

Status ModuleSet::load(const std::set<std::string>& names, Findings& findings) {
  std::map<std::size_t, std::map<std::string, std::string>> wanted;  // source -> path -> name
  for (const std::string& name : names) {
    auto place = places_.find(name);
    if (place == places_.end() || !tried_.insert(name).second) continue;
    wanted[place->second.source][place->second.path] = name;
  }
  for (auto& [number, paths] : wanted) TRY(load_from(number, paths, findings));
  return {};
}

Status ModuleSet::load_from(std::size_t number, std::map<std::string, std::string>& wanted,
                            Findings& findings) {
  const archive::Source& source = *sources_[number];
  auto reader = TRY(source.open());
  while (auto entry = TRY(reader->next())) {
    auto place = wanted.find(entry->path);
    if (place == wanted.end() || entry->type != archive::EntryType::file) continue;
    std::string where = fmt::format("{}: {}", source.name(), entry->path);
    auto contents = read_module_contents(*reader, entry->path, kMaximumBytes);
    if (!contents && contents.error().code == Code::io) return std::unexpected(contents.error());
    if (contents) {
      TRY(take(place->second, entry->path, std::move(*contents), where, findings));
    } else {
      findings.add("MOD010", {.file = where}, "cannot be unpacked: " + contents.error().what,
                   "get the modules again");
    }
    wanted.erase(place);
    if (wanted.empty()) break;
  }
  return {};
}

Status ModuleSet::take(const std::string& name, const std::string& path, std::string contents,
                       const std::string& where, Findings& findings) {
  bytes_ += contents.size();
  if (bytes_ > kMaximumBytes) {
    return fail_at({.file = where}, Code::bad_input, "the modules have more than {}",
                   human_size(kMaximumBytes));
  }
  auto file = read_module(as_bytes(std::string_view(contents)), where);
  if (!file) {
    findings.add("MOD010", {.file = where}, file.error().what, "get the modules again");
    return {};
  }
  modules_[name] = {name, plain_path(path), std::move(contents), std::move(*file)};
  return {};
}

const Module* ModuleSet::find(const std::string& name) const {
  auto found = modules_.find(name);
  return found == modules_.end() ? nullptr : &found->second;
}

}  // namespace trxkit::kernel
