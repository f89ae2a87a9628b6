// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/archive/memory.h"

#include <algorithm>
#include <cstring>
#include <optional>

#include "lib/archive/source.h"
#include "lib/system/file.h"

namespace trxkit::archive {

class MemoryReader : public Reader {
 public:
  // `owner` keeps a tree alive that lives in a shared pointer; others outlive their readers.
  MemoryReader(const MemoryTree& tree, std::shared_ptr<const MemoryTree> owner)
      : tree_(tree), owner_(std::move(owner)) {}

  Result<std::optional<Entry>> next() override {
    file_.reset();
    position_ = 0;
    item_ = nullptr;
    if (index_ == tree_.items_.size()) return std::nullopt;
    item_ = tree_.items_[index_++].get();
    Entry entry = item_->entry;
    entry.path = TRY(normalise_path(entry.path));
    entry.size = 0;
    if (entry.type == EntryType::file) entry.size = TRY(open_contents());
    return entry;
  }

  Result<std::size_t> read(MutableBytes target) override {
    if (item_ == nullptr || item_->entry.type != EntryType::file) return 0;
    std::uint64_t size = file_ ? file_->size() : item_->contents.size();
    auto length =
        static_cast<std::size_t>(std::min<std::uint64_t>(target.size(), size - position_));
    if (file_) {
      TRY(file_->read_at(position_, target.first(length)));
    } else if (length > 0) {
      std::memcpy(target.data(), item_->contents.data() + position_, length);
    }
    position_ += length;
    return length;
  }

 private:
  // The size of the contents of item_, whose host file is open from now on.
  Result<std::uint64_t> open_contents() {
    if (item_->spooled) {
      file_ = item_->spooled;
    } else if (!item_->host_path.empty()) {
      // An Env matters for standard input alone, and that has been spooled.
      file_ = std::make_shared<const InputFile>(TRY(InputFile::open(item_->host_path, Env{})));
    }
    return file_ ? file_->size() : item_->contents.size();
  }

  const MemoryTree& tree_;
  std::shared_ptr<const MemoryTree> owner_;
  std::size_t index_ = 0;
  const MemoryTree::Item* item_ = nullptr;
  std::shared_ptr<const InputFile> file_;
  std::uint64_t position_ = 0;
};

MemoryTree::Item& MemoryTree::add(std::string path, EntryType type, std::uint32_t mode) {
  auto item = std::make_unique<Item>();
  item->entry.path = std::move(path);
  item->entry.type = type;
  item->entry.mode = mode;
  item->entry.mtime = epoch_;
  items_.push_back(std::move(item));
  return *items_.back();
}

Entry& MemoryTree::add_text(std::string path, std::string contents, std::uint32_t mode) {
  Item& item = add(std::move(path), EntryType::file, mode);
  item.contents = std::move(contents);
  item.entry.size = item.contents.size();
  return item.entry;
}

Status MemoryTree::add_file(std::string path, const std::string& host_path, std::uint32_t mode,
                            const Env& env) {
  InputFile file = TRY(InputFile::open(host_path, env));
  Item& item = add(std::move(path), EntryType::file, mode);
  item.host_path = host_path;
  item.entry.size = file.size();
  if (host_path == "-") item.spooled = std::make_shared<const InputFile>(std::move(file));
  return {};
}

Entry& MemoryTree::add_directory(std::string path, std::uint32_t mode) {
  return add(std::move(path), EntryType::directory, mode).entry;
}

Entry& MemoryTree::add_symlink(std::string path, std::string target) {
  Entry& entry = add(std::move(path), EntryType::symlink, 0777).entry;
  entry.link_target = std::move(target);
  return entry;
}

Entry& MemoryTree::add_device(std::string path, EntryType type, std::uint32_t major,
                              std::uint32_t minor, std::uint32_t mode) {
  Entry& entry = add(std::move(path), type, mode).entry;
  entry.device_major = major;
  entry.device_minor = minor;
  return entry;
}

Result<std::unique_ptr<Reader>> MemoryTree::open() const {
  return std::make_unique<MemoryReader>(*this, weak_from_this().lock());
}

Result<SourcePointer> single_file(const std::string& path, const std::string& target,
                                  std::uint32_t mode, const Env& env) {
  auto tree = std::make_shared<MemoryTree>(path, env.source_date_epoch);
  std::string place = TRY(normalise_path(target));
  TRY(tree->add_file(std::move(place), path, mode, env));
  return tree;
}

}  // namespace trxkit::archive
