// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// mtools does the writing: mformat, one mmd for many directories, one mcopy a file, fed through its
// standard input so that no copy of the tree lies anywhere.
#include "lib/image/fat.h"

#include <algorithm>
#include <utility>

#include "lib/archive/write_contents.h"
#include "lib/core/units.h"
#include "lib/image/fat_boot_sector.h"
#include "lib/image/fat_layout.h"
#include "lib/image/fat_survey.h"
#include "lib/image/output_range.h"
#include "lib/system/process.h"

namespace trxkit::image {
namespace {

using archive::Entry;
using archive::EntryType;

std::string_view name_of(FatKind kind) {
  return kind == FatKind::fat32 ? "FAT32" : "FAT16";
}

struct Volume {
  std::uint64_t cluster_size = 0;  ///< bytes
  std::uint64_t clusters = 0;
};

// Everything about one volume that every call of mtools needs.
class Mtools {
 public:
  Mtools(const OutputFile& output, std::uint64_t offset, const Env& env)
      : image_(fmt::format("{}@@{}", output.temporary_path().string(), offset)), env_(env) {
    // FAT counts from 1980 to 2107; mtools writes nonsense for other times.
    env_.source_date_epoch = std::clamp<std::int64_t>(env.source_date_epoch, 315532800, 4354819199);
  }

  Command command(std::string program, std::vector<std::string> arguments) const {
    Command result{{std::move(program), "-i", image_}};
    for (std::string& argument : arguments) result.argv.push_back(std::move(argument));
    // Variables win over /etc/mtools.conf, which mtools reads in any case.
    result.environment = {{"MTOOLSRC", "/dev/null"},         {"MTOOLS_SKIP_CHECK", "1"},
                          {"MTOOLS_FAT_COMPATIBILITY", "0"}, {"MTOOLS_LOWER_CASE", "0"},
                          {"MTOOLS_NO_VFAT", "0"},           {"MTOOLS_DOTTED_DIR", "0"},
                          {"MTOOLS_NAME_NUMERIC_TAIL", "1"}};
    return result;
  }
  const Env& env() const { return env_; }

 private:
  std::string image_;
  Env env_;
};

// A path for mtools, which takes '[' in all but the last name as the start of a pattern.
std::string dos_path(const std::string& path) {
  std::size_t last = path.rfind('/');
  std::string result = "::/";
  for (std::size_t i = 0; i < path.size(); ++i) {
    bool pattern = path[i] == '[' && last != std::string::npos && i < last;
    result += pattern ? "[[]" : std::string(1, path[i]);
  }
  return result;
}

Status check_options(const FatOptions& options) {
  bool plain = std::ranges::all_of(options.label, [](char character) {
    return (character >= 'A' && character <= 'Z') || (character >= '0' && character <= '9') ||
           character == '_' || character == '-';
  });
  if (options.label.empty() || options.label.size() > 11 || !plain) {
    return fail(Code::usage, "the FAT label '{}' is not 1 to 11 of A-Z, 0-9, '_' and '-'",
                options.label);
  }
  if (options.size % kFatSector != 0 || options.offset % kFatSector != 0) {
    return fail(Code::usage, "a FAT file system of {} bytes at {} is not made of whole sectors",
                options.size, options.offset);
  }
  if (fat_cluster_sectors(options.kind, options.size / kFatSector) != 0) return {};
  return fail(Code::does_not_fit, "a {} file system has from {} to {}, not {}",
              name_of(options.kind), human_size(fat_size_for(options.kind, 0, 0, 0)),
              options.kind == FatKind::fat32 ? "2 TiB" : "2 GiB", human_size(options.size));
}

Status format(const Mtools& mtools, const FatOptions& options) {
  std::uint64_t sectors = options.size / kFatSector;
  std::vector<std::string> arguments{
      "-v", options.label,
      "-N", fmt::format("{:08x}", options.volume_id),
      "-T", std::to_string(sectors),
      "-c", std::to_string(fat_cluster_sectors(options.kind, sectors)),
      "-H", std::to_string(options.offset / kFatSector),
      "-h", "255",
      "-s", "63"};
  if (options.kind == FatKind::fat32) {
    arguments.emplace_back("-F");
  } else {
    arguments.insert(arguments.end(),
                     {"-r", std::to_string(kFat16RootEntries * kFatEntrySize / kFatSector)});
  }
  arguments.emplace_back("::");
  TRY(run(mtools.command("mformat", std::move(arguments)), mtools.env()));
  return {};
}

// What mformat has made of it: the room for data, from the file system itself.
Result<Volume> read_volume(const OutputFile& output, const FatOptions& options, const Env& env) {
  InputFile image = TRY(InputFile::open(output.temporary_path().string(), env));
  auto boot = TRY(image.read_struct<FatBootSector>(options.offset));
  std::uint64_t sectors =
      boot.sectors_16 != 0 ? std::uint64_t{boot.sectors_16} : std::uint64_t{boot.sectors_32};
  std::uint64_t table = boot.table_sectors_16 != 0 ? std::uint64_t{boot.table_sectors_16}
                                                   : std::uint64_t{boot.table_sectors_32};
  std::uint64_t used =
      boot.reserved_sectors + boot.tables * table + boot.root_entries * kFatEntrySize / kFatSector;
  if (boot.sector_size != kFatSector || boot.cluster_sectors == 0 || used > sectors) {
    return fail(Code::external_tool, "mformat has not written a FAT file system");
  }
  Volume volume{boot.cluster_sectors * kFatSector, (sectors - used) / boot.cluster_sectors};
  bool fat32 = volume.clusters >= kFat32LeastClusters;
  if (volume.clusters < kFat16LeastClusters || fat32 != (options.kind == FatKind::fat32)) {
    return fail(Code::external_tool, "mformat has made {} clusters, which is not {}",
                volume.clusters, name_of(options.kind));
  }
  return volume;
}

Status check_room(const FatSurvey& survey, const Volume& volume, const std::string& tree,
                  const FatOptions& options) {
  constexpr std::uint64_t kRoot = kFat16RootEntries * kFatEntrySize;
  if (options.kind == FatKind::fat16 && survey.root_size() > kRoot) {
    return fail_at({tree, {}}, Code::does_not_fit,
                   "has more names in its root directory than FAT16 has room "
                   "for: {} bytes, not {}",
                   survey.root_size(), kRoot);
  }
  std::uint64_t needed = survey.clusters(volume.cluster_size);
  if (needed <= volume.clusters) return {};
  std::uint64_t missing = (needed - volume.clusters) * volume.cluster_size;
  return advise(
      fail_at({tree, {}}, Code::does_not_fit,
              "does not fit on a {} file system of {}: {} bytes ({}) are missing",
              name_of(options.kind), human_size(options.size), missing, human_size(missing)),
      "make the file system larger, or leave something out");
}

Status make_directories(const Mtools& mtools, const std::vector<std::string>& directories) {
  constexpr std::size_t kMostBytes = 64 * 1024;  // half of what Linux takes for one argument
  std::vector<std::string> batch;
  std::size_t bytes = 0;
  for (const std::string& directory : directories) {
    batch.push_back(dos_path(directory));
    bytes += batch.back().size();
    if (bytes < kMostBytes && &directory != &directories.back()) continue;
    TRY(run(mtools.command("mmd", std::exchange(batch, {})), mtools.env()));
    bytes = 0;
  }
  return {};
}

Status copy_one(const Mtools& mtools, const Entry& entry, archive::Reader& contents) {
  Command command = mtools.command("mcopy", {"-", dos_path(entry.path)});
  command.stdin_pipe = true;
  Process child = TRY(Process::start(command, mtools.env()));
  TRY(archive::copy_contents(entry, contents,
                             [&](Bytes bytes) { return child.write_input(bytes); }));
  TRY(child.finish());
  return {};
}

}  // namespace

Status write_fat(const archive::Source& tree, OutputFile& output, const FatOptions& options,
                 const Env& env) {
  TRY(check_options(options));
  FatSurvey survey = TRY(FatSurvey::of(tree));
  TRY(reserve_range(output, options.offset, options.size));
  Mtools mtools(output, options.offset, env);
  TRY(format(mtools, options));
  Volume volume = TRY(read_volume(output, options, env));
  TRY(check_room(survey, volume, tree.name(), options));
  TRY(make_directories(mtools, survey.directories()));
  auto reader = TRY(tree.open());
  while (auto entry = TRY(reader->next())) {
    if (entry->type == EntryType::file) TRY(copy_one(mtools, *entry, *reader));
  }
  return {};
}

}  // namespace trxkit::image
