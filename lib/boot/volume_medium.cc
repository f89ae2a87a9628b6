// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// /boot inside a FAT or ext volume, through mtools and debugfs: whatever a damaged volume does to
// them, it happens in a process of theirs.
#include <algorithm>
#include <system_error>

#include "lib/boot/medium.h"
#include "lib/boot/stick.h"
#include "lib/system/process.h"

namespace trxkit::boot {
namespace {

namespace fs = std::filesystem;

/// What other programs are handed as words of their own little languages.
bool is_plain(std::string_view path) {
  return !path.empty() && std::ranges::all_of(path, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("._/+-").contains(c);
  });
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    std::size_t end = std::min(text.find('\n'), text.size());
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

class VolumeMedium : public Medium {
 public:
  /// `link`: where the image is for other programs, whatever its name is.
  VolumeMedium(const VolumePlace& place, fs::path scratch)
      : Medium(place.file + ":/boot"),
        place_(place),
        scratch_(std::move(scratch)),
        link_(scratch_ / "medium") {}

  Status prepare(const Env& env) {
    std::error_code error;
    fs::create_symlink(fs::absolute(place_.file), link_, error);
    if (error) return fail_at({link_.string(), {}}, Code::io, "{}", error.message());
    TRY(list(env));
    std::erase_if(files_, [](const std::string& path) { return !is_plain(path); });
    std::ranges::sort(files_);
    return {};
  }

  Result<std::string> host_path(const std::string& path, const Env& env) final {
    fs::path copy = scratch_ / "files" / path;
    std::error_code error;
    if (fs::exists(copy, error)) return copy.string();
    fs::create_directories(copy.parent_path(), error);
    if (error) return fail_at({copy.string(), {}}, Code::io, "{}", error.message());
    TRY(copy_out(path, copy, env));
    if (fs::is_regular_file(copy, error)) return copy.string();
    return fail_at({name_ + "/" + path, {}}, Code::bad_input, "cannot be read");
  }

 protected:
  virtual Status list(const Env& env) = 0;
  virtual Status copy_out(const std::string& path, const fs::path& copy, const Env& env) = 0;

  VolumePlace place_;
  fs::path scratch_;
  fs::path link_;
};

class FatMedium final : public VolumeMedium {
 public:
  using VolumeMedium::VolumeMedium;

 private:
  Command command(const std::string& program, std::vector<std::string> arguments) const {
    Command command{.argv = {program, "-i", fmt::format("{}@@{}", link_.string(), place_.offset)}};
    command.argv.insert(command.argv.end(), arguments.begin(), arguments.end());
    command.environment = {{"MTOOLSRC", "/dev/null"}, {"MTOOLS_SKIP_CHECK", "1"}};
    return command;
  }

  Status list(const Env& env) override {
    Outcome top = TRY(outcome_of(command("mdir", {"-b", "::/"}), env));
    bool boot = std::ranges::any_of(lines_of(top.output),
                                    [](const std::string& line) { return line == "::/boot/"; });
    if (top.status != 0 || !boot) return {};
    constexpr std::string_view kPrefix = "::/boot/";
    for (const std::string& line :
         lines_of(TRY(run(command("mdir", {"-/", "-b", "::/boot"}), env)))) {
      if (line.starts_with(kPrefix) && !line.ends_with('/')) {
        files_.push_back(line.substr(kPrefix.size()));
      }
    }
    return {};
  }

  Status copy_out(const std::string& path, const fs::path& copy, const Env& env) override {
    TRY(run(command("mcopy", {"-n", "::/boot/" + path, copy.string()}), env));
    return {};
  }
};

class ExtMedium final : public VolumeMedium {
 public:
  using VolumeMedium::VolumeMedium;

 private:
  Result<std::string> ask(const std::string& request, const Env& env) const {
    std::string image = fmt::format("{}?offset={}", link_.string(), place_.offset);
    return run({.argv = {"debugfs", "-R", request, image}}, env);
  }

  Status list(const Env& env) override { return list_folder("", 0, env); }

  /// "ls -p" prints "/INODE/MODE/UID/GID/NAME/SIZE/", the mode in octal.
  Status list_folder(const std::string& folder, unsigned depth, const Env& env) {
    constexpr unsigned kDeepest = 8;
    constexpr std::size_t kMostFiles = 10000;
    if (depth > kDeepest || files_.size() > kMostFiles) return {};
    for (const std::string& line : lines_of(TRY(ask("ls -p /boot/" + folder, env)))) {
      std::vector<std::string> fields = fields_of(line);
      if (fields.size() < 6 || fields[5] == "." || fields[5] == "..") continue;
      std::string path = folder + fields[5];
      if (!is_plain(path)) continue;
      if (fields[2].starts_with("04")) TRY(list_folder(path + "/", depth + 1, env));
      if (fields[2].starts_with("10")) files_.push_back(path);
    }
    return {};
  }

  static std::vector<std::string> fields_of(std::string_view line) {
    std::vector<std::string> fields;
    while (!line.empty()) {
      std::size_t end = std::min(line.find('/'), line.size());
      fields.emplace_back(line.substr(0, end));
      line.remove_prefix(std::min(end + 1, line.size()));
    }
    return fields;
  }

  Status copy_out(const std::string& path, const fs::path& copy, const Env& env) override {
    TRY(ask(fmt::format("dump /boot/{} \"{}\"", path, copy.string()), env));
    return {};
  }
};

}  // namespace

bool is_rather_boot_volume(const VolumePlace& place, const std::optional<VolumePlace>& best) {
  bool boots = place.volume.is_fat() || place.volume.is_ext();
  bool usual = place.volume.label == kBootLabel;
  return boots && (!best || (usual && best->volume.label != kBootLabel));
}

Result<std::unique_ptr<Medium>> volume_medium(const VolumePlace& place, const fs::path& scratch,
                                              const Env& env) {
  std::unique_ptr<VolumeMedium> medium;
  if (place.volume.is_fat()) {
    medium = std::make_unique<FatMedium>(place, scratch);
  } else {
    medium = std::make_unique<ExtMedium>(place, scratch);
  }
  TRY(medium->prepare(env));
  return medium;
}

}  // namespace trxkit::boot
