// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/archive/merge_index.h"

#include <functional>
#include <limits>

#include "lib/archive/path.h"

namespace trxkit::archive {
namespace {

// A hostile archive can repeat a path a million times; a person reads the first few.
constexpr std::uint64_t kReportedRepetitions = 100;

void report_repetition(std::uint64_t count, std::string_view path, const std::string& layer_name,
                       Findings& findings) {
  if (count > kReportedRepetitions) return;
  std::string more = count == kReportedRepetitions ? " (further ones are not reported)" : "";
  findings.add("FSR001", {layer_name, {}},
               fmt::format("{} occurs more than once; the last one counts{}", shown(path), more));
}

}  // namespace

std::string_view MergeIndex::path(Position position) const {
  const Record& record = records_[position];
  return std::string_view(text_).substr(record.text, record.length);
}

std::size_t MergeIndex::slot_of(std::string_view path) const {
  std::size_t slot = std::hash<std::string_view>{}(path) & (table_.size() - 1);
  while (table_[slot] != 0 && this->path(table_[slot] - 1) != path) {
    slot = (slot + 1) & (table_.size() - 1);
  }
  return slot;
}

std::optional<MergeIndex::Position> MergeIndex::find(std::string_view path) const {
  if (table_.empty()) return std::nullopt;
  std::uint32_t entry = table_[slot_of(path)];
  if (entry == 0) return std::nullopt;
  return entry - 1;
}

void MergeIndex::grow_table() {
  if ((records_.size() + 1) * 2 <= table_.size()) return;
  table_.assign(table_.empty() ? 1024 : table_.size() * 2, 0);
  for (Position position = 0; position < records_.size(); ++position) {
    table_[slot_of(path(position))] = position + 1;
  }
}

MergeIndex::Position MergeIndex::append(std::string_view path) {
  grow_table();
  auto position = static_cast<Position>(records_.size());
  std::size_t slot = slot_of(path);
  Record record;
  record.text = text_.size();
  record.length = static_cast<std::uint32_t>(path.size());
  // A parent's path is a part of text_, which may move when it grows.
  text_ += std::string(path);
  records_.push_back(record);
  table_[slot] = position + 1;
  return position;
}

void MergeIndex::assign(Record& record, std::uint16_t layer, std::uint32_t ordinal,
                        const Entry& entry) {
  record.layer = layer;
  record.ordinal = ordinal;
  record.type = entry.type;
  record.mode = entry.mode;
  record.uid = entry.uid;
  record.gid = entry.gid;
  record.mtime = entry.mtime;
  record.attributes = 0;
  if (entry.type == EntryType::directory && !entry.attributes.empty()) {
    attributes_.push_back(entry.attributes);
    record.attributes = static_cast<std::uint32_t>(attributes_.size());
  }
}

Status MergeIndex::check_replacement(const Record& old, const Entry& entry,
                                     const std::string& layer_name) const {
  bool was_directory = old.type == EntryType::directory;
  if (was_directory == (entry.type == EntryType::directory)) return {};
  return advise(
      fail_at({layer_name, {}}, Code::bad_input, "the {} {} would replace a {} of {}",
              name_of(entry.type), shown(entry.path), name_of(old.type), layer_names_[old.layer]),
      "a directory and something else cannot take each other's place; leave one out");
}

Result<MergeIndex::Position> MergeIndex::link_target(std::uint16_t layer, const Entry& entry,
                                                     const std::string& layer_name) const {
  auto target = find(entry.link_target);
  if (!target || records_[*target].layer != layer ||
      records_[*target].type == EntryType::directory || entry.link_target == entry.path) {
    return fail_at({layer_name, {}}, Code::bad_input,
                   "{} is a hard link to {}, and no such file stands before it", shown(entry.path),
                   shown(entry.link_target));
  }
  // The link's own target is a file already, and stays the same.
  const Record& record = records_[*target];
  return record.type == EntryType::hard_link ? record.target : *target;
}

Status MergeIndex::add(std::uint16_t layer, std::uint32_t ordinal, const Entry& entry,
                       const std::string& layer_name, Findings& findings) {
  if (layer_names_.size() <= layer) layer_names_.resize(layer + std::size_t{1}, layer_name);
  if (records_.size() >= std::numeric_limits<Position>::max() / 2) {
    return fail_at({layer_name, {}}, Code::bad_input, "has too many entries");
  }
  if (entry.path.empty() && entry.type != EntryType::directory) {
    return fail_at({layer_name, {}}, Code::bad_input, "its root is a {}, not a directory",
                   name_of(entry.type));
  }
  Position target = 0;
  if (entry.type == EntryType::hard_link) target = TRY(link_target(layer, entry, layer_name));
  auto position = find(entry.path);
  if (position) {
    const Record& old = records_[*position];
    TRY(check_replacement(old, entry, layer_name));
    if (old.layer == layer) report_repetition(++repeated_, entry.path, layer_name, findings);
  } else {
    position = append(entry.path);
  }
  Record& record = records_[*position];
  assign(record, layer, ordinal, entry);
  if (entry.type == EntryType::hard_link) {
    record.target = target;
    record.target_ordinal = records_[target].ordinal;
  }
  return {};
}

Status MergeIndex::check_link(Position position) const {
  const Record& link = records_[position];
  const Record& file = records_[link.target];
  if (file.layer == link.layer && file.ordinal == link.target_ordinal) return {};
  return advise(fail_at({layer_names_[link.layer], {}}, Code::bad_input,
                        "{} is a hard link to {}, which {} replaces", shown(path(position)),
                        shown(path(link.target)),
                        file.layer == link.layer ? "a later entry" : layer_names_[file.layer]),
                "replace the link as well");
}

Status MergeIndex::complete(std::int64_t parent_time) {
  auto make_parent = [&](std::string_view path, std::uint16_t layer) {
    Record& parent = records_[append(path)];
    parent.type = EntryType::directory;
    parent.layer = layer;
    parent.mtime = parent_time;
  };
  if (!find("")) make_parent("", 0);
  // Parents that are made are appended, and get theirs in turn.
  for (Position position = 0; position < records_.size(); ++position) {
    if (records_[position].type == EntryType::hard_link) TRY(check_link(position));
    std::string_view directory = parent_of(path(position));
    auto parent = find(directory);
    if (!parent) {
      make_parent(directory, records_[position].layer);
    } else if (records_[*parent].type != EntryType::directory) {
      return advise(
          fail_at({layer_names_[records_[position].layer], {}}, Code::bad_input,
                  "{} lies below {}, which is a {} of {}", shown(path(position)), shown(directory),
                  name_of(records_[*parent].type), layer_names_[records_[*parent].layer]),
          "add it below the directory that is meant");
    }
  }
  return {};
}

Entry MergeIndex::directory(Position position) const {
  const Record& record = records_[position];
  Entry entry;
  entry.path = path(position);
  entry.type = EntryType::directory;
  entry.mode = record.mode;
  entry.uid = record.uid;
  entry.gid = record.gid;
  entry.mtime = record.mtime;
  if (record.attributes != 0) entry.attributes = attributes_[record.attributes - 1];
  return entry;
}

}  // namespace trxkit::archive
