// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/archive/edit.h"

#include <utility>

#include "lib/archive/path.h"

namespace trxkit::archive {
namespace {

class EditedReader : public Reader {
 public:
  EditedReader(std::unique_ptr<Reader> reader, std::shared_ptr<const Edits> edits)
      : reader_(std::move(reader)), edits_(std::move(edits)) {}

  Result<std::optional<Entry>> next() override {
    while (auto entry = TRY(reader_->next())) {
      if (is_dropped(entry->path)) continue;
      rename(*entry);
      return entry;
    }
    return std::nullopt;
  }

  Result<std::size_t> read(MutableBytes target) override { return reader_->read(target); }

 private:
  bool is_dropped(std::string_view path) const {
    for (; !path.empty(); path = parent_of(path)) {
      if (edits_->dropped.contains(path)) return true;
    }
    return false;
  }

  void rename(Entry& entry) const {
    if (entry.type == EntryType::hard_link) {
      if (auto place = edits_->renamed.find(entry.link_target); place != edits_->renamed.end()) {
        entry.link_target = place->second;
      }
    }
    auto place = edits_->renamed.find(entry.path);
    if (place == edits_->renamed.end() || entry.type == EntryType::directory) return;
    if (entry.type == EntryType::symlink && !entry.link_target.starts_with('/')) {
      std::string_view folder = parent_of(entry.path);
      entry.link_target =
          fmt::format("/{}{}{}", folder, folder.empty() ? "" : "/", entry.link_target);
    }
    entry.path = place->second;
  }

  std::unique_ptr<Reader> reader_;
  std::shared_ptr<const Edits> edits_;
};

class EditedSource : public Source {
 public:
  EditedSource(SourcePointer source, Edits edits)
      : source_(std::move(source)), edits_(std::make_shared<const Edits>(std::move(edits))) {}

  Result<std::unique_ptr<Reader>> open() const override {
    return std::make_unique<EditedReader>(TRY(source_->open()), edits_);
  }
  std::string name() const override { return source_->name(); }

 private:
  SourcePointer source_;
  std::shared_ptr<const Edits> edits_;
};

}  // namespace

SourcePointer edit(SourcePointer source, Edits edits) {
  return std::make_shared<EditedSource>(std::move(source), std::move(edits));
}

}  // namespace trxkit::archive
