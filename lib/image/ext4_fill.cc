// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/image/ext4_fill.h"

namespace trxkit::image {

using archive::Entry;
using archive::EntryType;

namespace {

// Shorter symlink targets lie in the inode (linux fs/ext4/ext4.h, i_data).
constexpr std::size_t kInodeTargetLimit = 60;

}  // namespace

void Ext4Needs::add(const Entry& entry) {
  ++paths;
  if (entry.type == EntryType::file && entry.size > 0) {
    blocks += (entry.size - 1) / kExt4BlockSize + 1;
  }
  bool slow_link =
      entry.type == EntryType::symlink && entry.link_target.size() >= kInodeTargetLimit;
  if (slow_link || (entry.type == EntryType::directory && !entry.path.empty())) ++blocks;
}

Result<Ext4Survey> survey_ext4(const archive::Source& tree) {
  Ext4Survey survey;
  auto reader = TRY(tree.open());
  while (auto entry = TRY(reader->next())) {
    survey.needs.add(*entry);
    if (entry->type == EntryType::hard_link) survey.link_targets[entry->link_target] = {};
  }
  return survey;
}

Ext4Filler::Ext4Filler(Ext4Filesystem& filesystem, const std::string& tree,
                       LinkTargets link_targets)
    : filesystem_(filesystem), tree_(tree), link_targets_(std::move(link_targets)) {
  directories_[""] = EXT2_ROOT_INO;
}

Result<Ext4Filler::Location> Ext4Filler::locate(const std::string& path) const {
  std::size_t slash = path.rfind('/');
  bool top = slash == std::string::npos;
  auto parent =
      directories_.find(top ? std::string_view() : std::string_view(path).substr(0, slash));
  if (parent == directories_.end()) return fail(Code::bad_input, "has no parent directory");
  return Location{parent->second, top ? path : path.substr(slash + 1)};
}

Status Ext4Filler::add(const Entry& entry, archive::Reader& contents) {
  Status status = add_named(entry, contents);
  if (!status && status.error().where.file.empty()) {
    status.error().where.file = tree_;
    status.error().what = fmt::format("/{}: {}", entry.path, status.error().what);
  }
  return status;
}

Status Ext4Filler::add_named(const Entry& entry, archive::Reader& contents) {
  if (entry.path.empty()) return filesystem_.set_attributes(EXT2_ROOT_INO, entry);
  Location place = TRY(locate(entry.path));
  if (entry.path == "lost+found") {  // mke2fs has made it
    if (entry.type != EntryType::directory) {
      return fail(Code::bad_input, "is no directory, as ext4 needs it");
    }
    InodeNumber existing = TRY(filesystem_.find(place.parent, place.name));
    directories_[entry.path] = existing;
    return filesystem_.set_attributes(existing, entry);
  }
  if (entry.type == EntryType::hard_link) return add_hard_link(place, entry);
  InodeNumber inode = TRY(make(place.parent, entry, contents));
  if (entry.type == EntryType::directory && !directories_.emplace(entry.path, inode).second) {
    return fail(Code::bad_input, "occurs twice");
  }
  if (entry.type != EntryType::directory) {
    auto target = link_targets_.find(entry.path);
    if (target != link_targets_.end()) target->second = {inode, entry.type};
  }
  TRY(filesystem_.link(place.parent, place.name, inode, entry.type));
  return filesystem_.set_attributes(inode, entry);
}

Result<InodeNumber> Ext4Filler::make(InodeNumber parent, const Entry& entry,
                                     archive::Reader& contents) {
  if (entry.type == EntryType::directory) return filesystem_.make_directory(parent);
  if (entry.type == EntryType::symlink) {
    return filesystem_.make_symlink(parent, entry.link_target);
  }
  if (entry.type != EntryType::file) return filesystem_.make_special(parent, entry);
  return filesystem_.make_file(parent, entry, contents);
}

Status Ext4Filler::add_hard_link(const Location& place, const Entry& entry) {
  auto target = link_targets_.find(entry.link_target);
  if (target == link_targets_.end() || target->second.inode == 0) {
    return fail(Code::bad_input, "is a hard link to {}, which is no file before it",
                entry.link_target);
  }
  const LinkTarget& file = target->second;
  TRY(filesystem_.add_link(file.inode));
  return filesystem_.link(place.parent, place.name, file.inode, file.type);
}

}  // namespace trxkit::image
