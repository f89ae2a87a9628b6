// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/archive/merge.h"

#include <algorithm>

#include "lib/archive/merge_index.h"
#include "lib/archive/path.h"

namespace trxkit::archive {
namespace {

// What readers of a merged tree share.
struct Merged {
  std::vector<SourcePointer> layers;
  std::vector<std::uint32_t> entries;  // how many each layer had in the first pass
  MergeOptions options;
  MergeIndex index;
  std::string name;
};

class MergedReader : public Reader {
 public:
  explicit MergedReader(std::shared_ptr<const Merged> merged)
      : merged_(std::move(merged)), written_(merged_->index.size()) {
    parents_.push_back(*merged_->index.find(""));
  }

  Result<std::optional<Entry>> next() override;

  Result<std::size_t> read(MutableBytes target) override {
    return contents_follow_ ? layer_->read(target) : Result<std::size_t>(0);
  }

 private:
  // Puts what has to come before the entry at `path` onto parents_.
  void require_parents(std::string_view path);
  // Reads on in the layers until something has to be written: parents_, held_ or both. False at the
  // end.
  Result<bool> advance();
  Status take(Entry entry);
  Status take_file(Entry entry, MergeIndex::Position position);
  Result<bool> passes_filter(Entry& entry) const;
  std::unexpected<Error> changed() const;

  std::shared_ptr<const Merged> merged_;
  std::vector<bool> written_;
  std::vector<MergeIndex::Position> parents_;  // to be written next, the last one first
  std::optional<Entry> held_;                  // to be written after them
  std::size_t layer_number_ = 0;
  std::uint32_t ordinal_ = 0;
  std::unique_ptr<Reader> layer_;
  bool contents_follow_ = false;
};

std::unexpected<Error> MergedReader::changed() const {
  return advise(
      fail_at({merged_->layers[layer_number_]->name(), {}}, Code::io, "changed while it was read"),
      "leave it alone meanwhile, and write no output into a folder that is an input");
}

Result<bool> MergedReader::passes_filter(Entry& entry) const {
  entry.mtime = std::clamp<std::int64_t>(entry.mtime, 0, merged_->options.latest_time);
  if (!merged_->options.filter) return true;
  Entry before = entry;
  if (!merged_->options.filter(entry)) return false;
  if (entry.path != before.path || entry.type != before.type || entry.size != before.size) {
    return fail(Code::usage, "a filter changed path, type or size of {}", shown(before.path));
  }
  return true;
}

void MergedReader::require_parents(std::string_view path) {
  while (!path.empty()) {
    path = parent_of(path);
    MergeIndex::Position parent = *merged_->index.find(path);
    if (written_[parent]) return;
    parents_.push_back(parent);
  }
}

Status MergedReader::take_file(Entry entry, MergeIndex::Position position) {
  const MergeIndex::Record& record = merged_->index.record(position);
  if (record.layer != layer_number_ || record.ordinal != ordinal_) return {};
  if (record.type != entry.type) return changed();
  if (!TRY(passes_filter(entry))) return {};
  if (entry.type == EntryType::hard_link) {
    entry.link_target = merged_->index.path(record.target);
    if (!written_[record.target]) {
      return fail_at({merged_->layers[layer_number_]->name(), {}}, Code::bad_input,
                     "{} is a hard link to {}, which was left out", shown(entry.path),
                     shown(entry.link_target));
    }
  }
  written_[position] = true;
  require_parents(entry.path);
  held_ = std::move(entry);
  return {};
}

Status MergedReader::take(Entry entry) {
  auto position = merged_->index.find(entry.path);
  if (!position) return changed();
  const MergeIndex::Record& record = merged_->index.record(*position);
  if ((record.type == EntryType::directory) != (entry.type == EntryType::directory)) {
    return changed();
  }
  if (entry.type != EntryType::directory) return take_file(std::move(entry), *position);
  if (written_[*position]) return {};
  // The filter is asked here whether it wants this directory; as a parent it is written anyway.
  Entry directory = merged_->index.directory(*position);
  if (!TRY(passes_filter(directory))) return {};
  written_[*position] = true;
  require_parents(directory.path);
  held_ = std::move(directory);
  return {};
}

Result<bool> MergedReader::advance() {
  while (parents_.empty() && !held_) {
    if (layer_number_ == merged_->layers.size()) return false;
    if (!layer_) {
      layer_ = TRY(merged_->layers[layer_number_]->open());
      ordinal_ = 0;
    }
    auto entry = TRY(layer_->next());
    if (entry) {
      if (ordinal_ >= merged_->entries[layer_number_]) return changed();
      TRY(take(std::move(*entry)));
      ++ordinal_;
      continue;
    }
    if (ordinal_ != merged_->entries[layer_number_]) return changed();
    layer_.reset();
    ++layer_number_;
  }
  return true;
}

Result<std::optional<Entry>> MergedReader::next() {
  contents_follow_ = false;
  if (!TRY(advance())) return std::nullopt;
  if (parents_.empty()) {
    std::optional<Entry> entry = std::exchange(held_, std::nullopt);
    contents_follow_ = entry->type == EntryType::file;
    return entry;
  }
  MergeIndex::Position position = parents_.back();
  parents_.pop_back();
  written_[position] = true;
  Entry directory = merged_->index.directory(position);
  if (!TRY(passes_filter(directory))) {
    // Dropped, but something below it stays: it becomes a parent like those that no layer has.
    directory = {.path = directory.path, .type = EntryType::directory, .mode = 0755};
    directory.mtime = merged_->options.latest_time;
  }
  return directory;
}

class MergedSource : public Source {
 public:
  explicit MergedSource(std::shared_ptr<const Merged> merged) : merged_(std::move(merged)) {}
  Result<std::unique_ptr<Reader>> open() const override {
    return std::make_unique<MergedReader>(merged_);
  }
  std::string name() const override { return merged_->name; }

 private:
  std::shared_ptr<const Merged> merged_;
};

}  // namespace

Result<SourcePointer> merge(std::vector<SourcePointer> layers, MergeOptions options,
                            Findings& findings) {
  if (layers.size() >= MergeIndex::kMostLayers) return fail(Code::usage, "too many layers");
  auto merged = std::make_shared<Merged>();
  for (std::uint16_t number = 0; number < layers.size(); ++number) {
    const Source& layer = *layers[number];
    std::unique_ptr<Reader> reader = TRY(layer.open());
    std::uint32_t ordinal = 0;
    while (auto entry = TRY(reader->next())) {
      TRY(merged->index.add(number, ordinal++, *entry, layer.name(), findings));
    }
    merged->entries.push_back(ordinal);
    merged->name += (number > 0 ? " + " : "") + layer.name();
  }
  TRY(merged->index.complete(options.latest_time));
  merged->layers = std::move(layers);
  merged->options = std::move(options);
  return std::make_shared<MergedSource>(std::move(merged));
}

}  // namespace trxkit::archive
