// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/boot/growth_check.h"

#include <optional>

#include "lib/board/board.h"
#include "lib/boot/fsck_memory.h"
#include "lib/boot/medium.h"
#include "lib/boot/trusted_manifest.h"
#include "lib/core/units.h"
#include "lib/image/partition_table.h"

namespace trxkit::boot {
namespace {

// That much is checked with 8 MiB, which every router has that runs Linux.
constexpr std::uint64_t kAnybodys = std::uint64_t{8} << 30;

/// What of an image decides about checks on the router.
struct ImageVolumes {
  std::optional<VolumePlace> boot;
  std::uint64_t swap_size = 0;  ///< bytes
};

Result<ImageVolumes> volumes_of(const InputFile& image) {
  ImageVolumes volumes;
  for (const image::FoundPartition& partition :
       TRY(image::read_partition_table(image)).partitions) {
    VolumePlace place{image.name(), partition.offset, partition.size,
                      TRY(image::read_volume_facts(image, partition.offset))};
    if (place.volume.type == "swap") volumes.swap_size += partition.size;
    if (is_rather_boot_volume(place, volumes.boot)) volumes.boot = place;
  }
  return volumes;
}

/// The board that boot.manifest names; empty where there is none.
Result<std::string> board_named_by(const VolumePlace& boot, const Env& env) {
  TemporaryDirectory scratch = TRY(TemporaryDirectory::create(env.temporary_directory));
  auto medium = TRY(volume_medium(boot, scratch.path(), env));
  if (!medium->has("boot.manifest")) return std::string();
  std::string file = TRY(medium->host_path("boot.manifest", env));
  return parse_trusted_manifest(TRY(read_text_file(file, env, kLongestTrustedManifest))).board;
}

// What cannot be read says nothing, but is no reason not to write it.
Result<std::optional<board::Board>> board_of(const ImageVolumes& volumes, const std::string& given,
                                             const Env& env) {
  if (!given.empty()) return TRY(board::load_board(given, env));
  if (!volumes.boot || volumes.boot->file == "-") return std::nullopt;
  auto named = board_named_by(*volumes.boot, env);
  if (!named || named->empty()) return std::nullopt;
  auto board = board::load_known_board(*named, env);
  return board ? std::optional(std::move(*board)) : std::nullopt;
}

}  // namespace

Result<Findings> judge_growth(const InputFile& image, std::uint64_t size, const std::string& label,
                              const std::string& board, const Env& env) {
  Findings findings;
  ImageVolumes volumes = TRY(volumes_of(image));
  auto known = TRY(board_of(volumes, board, env));
  if (known) {
    judge_fsck_memory(label, size, *known->ram_size, volumes.swap_size, findings);
  } else if (size > kAnybodys) {
    findings.add("STK011", {.file = image.name()},
                 fmt::format("does not tell which router it is for, so not either whether that can "
                             "check {} with {}",
                             label, human_size(size)),
                 "--board NAME tells it");
  }
  return findings;
}

}  // namespace trxkit::boot
