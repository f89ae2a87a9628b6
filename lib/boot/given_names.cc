// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/boot/given_names.h"

#include <algorithm>
#include <set>

namespace trxkit::boot {
namespace {

constexpr std::size_t kFatLabel = 11;
constexpr std::size_t kLinuxLabel = 16;  // ext and swap

// Without blanks and slashes: labels become words of boot entries and names in /dev/disk/by-label.
Status check_label(const std::string& label, std::size_t longest) {
  bool plain = std::ranges::all_of(label, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           std::string_view("._-").contains(c);
  });
  if (plain && !label.empty() && label.size() <= longest) return {};
  return advise(fail(Code::usage, "'{}' cannot be the label of a partition", label),
                fmt::format("up to {} letters, digits, dots, dashes, underscores", longest));
}

class NameTaker {
 public:
  NameTaker(const StickRequest& request, StickIds& ids) : request_(request), ids_(ids) {}

  Status run() {
    const StickLayout& layout = request_.layout;
    bool fat = is_fat(layout.filesystem);
    TRY(check_label(layout.boot_label, fat ? kFatLabel : kLinuxLabel));
    TRY(take_boot());
    TRY(check_partition_id(layout.boot_partition_id, "boot", true));
    TRY(take("swap", layout.swap, layout.swap_size > 0, kSwapLabel, ids_.swap_uuid));
    TRY(check_partition_id(layout.swap.partition_id, "swap", layout.swap_size > 0));
    TRY(take("data", layout.data, layout.data_size > 0, kDataLabel, ids_.data_uuid));
    TRY(check_partition_id(layout.data.partition_id, "data", layout.data_size > 0));
    for (const EntryRequest& entry : request_.entries) {
      std::string root;
      bool there = entry.form() == RootForm::image || entry.form() == RootForm::partition;
      TRY(take("root", entry.root_names, there, kRootLabel, root));
      TRY(check_partition_id(entry.root_names.partition_id, "root",
                             entry.form() == RootForm::partition));
    }
    return take_disk();
  }

 private:
  Status take(const char* part, const VolumeNames& names, bool there, const char* usual,
              std::string& id) {
    if (!there && (!names.id.empty() || names.label != usual)) {
      return fail(Code::usage, "the stick has no {} file system that could be called '{}'", part,
                  names.id.empty() ? names.label : names.id);
    }
    TRY(check_label(names.label, kLinuxLabel));
    if (names.id.empty()) return {};
    TRY(check_uuid(names.id));
    id = names.id;
    return keep_apart(names.id);
  }

  Status take_boot() {
    const StickLayout& layout = request_.layout;
    if (layout.medium.empty() || named_by_label(layout) || !has_medium(layout)) return {};
    if (is_fat(layout.filesystem)) {
      ids_.volume_id = TRY(parse_volume_name(layout.medium));
      return {};
    }
    TRY(check_uuid(layout.medium));
    ids_.boot_uuid = layout.medium;
    return keep_apart(layout.medium);
  }

  Status check_partition_id(const std::string& id, const char* part, bool there) {
    if (id.empty()) return {};
    if (!there) return fail(Code::usage, "the stick has no {} partition for the id {}", part, id);
    if (request_.layout.table == PartitionTable::gpt) {
      TRY(check_uuid(id));
      return keep_apart(id);
    }
    return advise(fail(Code::usage, "only a GPT has ids of its own for partitions, such as {}", id),
                  "--table gpt; of an MBR they follow from --id disk=0x1234abcd");
  }

  Status take_disk() {
    const std::string& id = request_.layout.disk_id;
    if (id.empty()) return {};
    switch (request_.layout.table) {
      case PartitionTable::mbr:
        ids_.disk_id = TRY(parse_disk_id(id));
        return {};
      case PartitionTable::gpt:
        TRY(check_uuid(id));
        ids_.disk_uuid = id;
        return {};
      case PartitionTable::none:
        break;
    }
    return fail(Code::usage, "a stick without partition table has no place for the id '{}'", id);
  }

  // Two parts of one id: which of them a router takes, nobody knows.
  Status keep_apart(const std::string& id) {
    if (given_.insert(id).second) return {};
    return advise(fail(Code::usage, "the id {} is given to two parts of the stick", id),
                  "--entry NAME,root-uuid=UUID,root-partuuid=UUID gives each root its own");
  }

  const StickRequest& request_;
  StickIds& ids_;
  std::set<std::string> given_;
};

}  // namespace

bool named_by_label(const StickLayout& layout) {
  return layout.medium == fmt::format("label:{}", layout.boot_label);
}

bool has_medium(const StickLayout& layout) {
  return layout.medium != "none";
}

Status take_given_names(const StickRequest& request, StickIds& ids) {
  return NameTaker(request, ids).run();
}

}  // namespace trxkit::boot
