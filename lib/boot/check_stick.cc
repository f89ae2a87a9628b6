// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/boot/check_stick.h"

#include <algorithm>
#include <optional>
#include <system_error>

#include "lib/boot/check_volume.h"
#include "lib/boot/kernel_check.h"
#include "lib/boot/root_needs.h"
#include "lib/boot/stick_plan.h"
#include "lib/boot/tree_manifests.h"
#include "lib/image/partition_table.h"

namespace trxkit::boot {
namespace {

namespace fs = std::filesystem;

/// The node of a partition (linux block/genhd.c, disk_name()): checkers work on it as it is, and
/// need no copy of what may be a large stick.
std::string partition_node(const std::string& disk, std::uint32_t number) {
  bool digit = disk.back() >= '0' && disk.back() <= '9';
  return fmt::format("{}{}{}", disk, digit ? "p" : "", number);
}

/// A file system, as messages call it.
struct NamedVolume {
  std::string name;
  VolumePlace place;
};

class StickCheck {
 public:
  StickCheck(const StickCheckRequest& request, fs::path scratch, const Env& env,
             const Progress& progress)
      : request_(request), scratch_(std::move(scratch)), env_(env), progress_(progress) {}

  Result<StickCheckResult> run() {
    std::unique_ptr<Medium> medium = TRY(find_medium());
    if (medium == nullptr) return std::move(result_);
    progress_("comparing files", 0, 0);
    std::string board = TRY(expected_board());
    TreeFacts facts = TRY(check_tree(*medium, result_.volume.id, board, env_));
    result_.board = facts.board;
    result_.entries = facts.entries;
    result_.findings.append(std::move(facts.findings));
    result_.findings.append(TRY(check_trust(*medium, facts.entries, request_.trust, env_)));
    TRY(check_kernels(*medium));
    return std::move(result_);
  }

 private:
  /// Null where there is none, which is a finding then.
  Result<std::unique_ptr<Medium>> find_medium() {
    std::error_code ignored;
    if (fs::is_directory(request_.path, ignored)) {
      result_.kind = "folder";
      return folder_medium(request_.path);
    }
    result_.kind = "image";
    InputFile disk = TRY(InputFile::open(request_.path, env_));
    auto table = image::read_partition_table(disk);
    if (!table) {
      if (result_.findings.add(table.error(), {"STK046"})) return nullptr;
      return std::unexpected(std::move(table).error());
    }
    result_.partition_table = table->kind;
    for (const image::FoundPartition& partition : table->partitions) {
      TRY(look_into(disk, partition));
    }
    return open_boot_volume();
  }

  std::string name_of(const image::FoundPartition& partition) const {
    return result_.partition_table == "none"
               ? request_.path
               : fmt::format("{}: partition {}", request_.path, partition.number);
  }

  Status look_into(const InputFile& disk, const image::FoundPartition& partition) {
    VolumePlace place{request_.path, partition.offset, partition.size,
                      TRY(image::read_volume_facts(disk, partition.offset))};
    std::error_code ignored;
    std::string node = partition_node(request_.path, partition.number);
    if (fs::is_block_file(request_.path, ignored) && fs::is_block_file(node, ignored)) {
      place.file = node;
      place.offset = 0;
    }
    bool better = is_rather_boot_volume(place, boot_);
    if (better) boot_ = place;
    if (place.volume.type == "swap") {
      swap_ = true;
      return {};
    }
    progress_("checking file systems", 0, 0);
    Findings findings = TRY(check_volume(place, name_of(partition), scratch_, env_));
    if (better) damaged_ = !findings.passed();
    if (findings.passed()) sound_.push_back({name_of(partition), place});
    result_.findings.append(std::move(findings));
    return {};
  }

  Result<std::unique_ptr<Medium>> open_boot_volume() {
    if (!boot_) {
      result_.findings.add("STK030", {.file = request_.path},
                           "has no partition with FAT or ext2, ext3 or ext4",
                           "a stick is made by mkbootusb image");
      return nullptr;
    }
    result_.volume = boot_->volume;
    if (damaged_) return nullptr;  // what would be read there says nothing
    return volume_medium(*boot_, scratch_, env_);
  }

  Result<std::string> expected_board() {
    if (request_.board.empty()) return std::string();
    board_ = TRY(board::load_board(request_.board, env_));
    return board_->name;
  }

  /// Without a board there is nothing to judge the kernels by.
  Status check_kernels(Medium& medium) {
    if (!board_ && !result_.board.empty()) {
      auto named = board::load_known_board(result_.board, env_);
      if (named) board_ = std::move(*named);
    }
    if (!board_) return {};
    for (auto& [name, values] : result_.entries) {
      std::string kernel = path_in_boot(values["kernel"]);
      if (kernel.empty() || !medium.has(kernel)) continue;
      progress_("checking " + kernel, 0, 0);
      kernel::Surroundings around = TRY(surroundings_of(medium, values));
      TRY(check_kernel(medium, kernel, std::move(around)));
    }
    return {};
  }

  Result<kernel::Surroundings> surroundings_of(Medium& medium, EntryValues& values) {
    kernel::Surroundings around{.boot_filesystem = result_.volume.type,
                                .partition_table = result_.partition_table,
                                .root = values["root"],
                                .swap = swap_ && values["swap"] != "none"};
    auto root = TRY(find_root(medium, around.root));
    if (!root) return around;
    auto looked = look_into_volume(root->place, env_, around);
    if (looked) return around;
    if (looked.error().code != Code::bad_input) return std::unexpected(std::move(looked).error());
    result_.findings.add("STK032", {.file = root->name},
                         "was not looked into: " + looked.error().what, looked.error().hint);
    return around;
  }

  /// The root that an entry names, if it lies on the stick and is sound.
  Result<std::optional<NamedVolume>> find_root(Medium& medium, std::string_view root) {
    for (const NamedVolume& partition : sound_) {
      const image::VolumeFacts& volume = partition.place.volume;
      if (root == "label:" + volume.label || root == "uuid:" + volume.id) return partition;
    }
    for (std::string_view kind : {"image:", "tmpfs:"}) {
      if (!root.starts_with(kind)) continue;
      std::string path = path_in_boot(root.substr(kind.size()));
      if (!medium.has(path)) return std::nullopt;
      std::string file = TRY(medium.host_path(path, env_));
      InputFile input = TRY(InputFile::open(file, env_));
      NamedVolume found{medium.name() + "/" + path,
                        {file, 0, input.size(), TRY(image::read_volume_facts(input, 0))}};
      if (kind == "tmpfs:") return found;
      Findings findings = TRY(check_volume(found.place, found.name, scratch_, env_));
      bool readable = findings.passed() && !found.place.volume.type.empty();
      result_.findings.append(std::move(findings));
      if (readable) return found;
    }
    return std::nullopt;
  }

  Status check_kernel(Medium& medium, const std::string& kernel, kernel::Surroundings around) {
    KernelCheckRequest request{.board = *board_,
                               .kernel = TRY(medium.host_path(kernel, env_)),
                               .name = medium.name() + "/" + kernel,
                               .around = std::move(around)};
    auto judged = check_kernel_file(request, env_);
    if (judged) {
      result_.findings.append(std::move(judged->findings));
    } else if (judged.error().code == Code::bad_input) {
      result_.findings.add("STK037", {.file = request.name},
                           "is no kernel: " + judged.error().what);
    } else {
      return std::unexpected(std::move(judged).error());
    }
    return {};
  }

  const StickCheckRequest& request_;
  fs::path scratch_;
  const Env& env_;
  const Progress& progress_;
  StickCheckResult result_;
  std::optional<VolumePlace> boot_;
  bool damaged_ = false;            ///< boot_, as its checker says
  std::vector<NamedVolume> sound_;  ///< partitions with file systems
  bool swap_ = false;               ///< there is a partition for it
  std::optional<board::Board> board_;
};

}  // namespace

Result<StickCheckResult> check_stick(const StickCheckRequest& request, const Env& env,
                                     const Progress& progress) {
  TemporaryDirectory scratch = TRY(TemporaryDirectory::create(env.temporary_directory));
  return StickCheck(request, scratch.path(), env, progress).run();
}

}  // namespace trxkit::boot
