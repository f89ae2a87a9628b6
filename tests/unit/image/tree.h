// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Trees for the tests of image writers: entries with every attribute set by hand, contents that are
// computed, and readers that break their promises.
#pragma once

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "lib/archive/entry.h"

namespace trxkit::test {

using archive::Entry;
using archive::EntryType;

/// The byte at `position` of every generated file: no two blocks are alike, and none compresses
/// (splitmix64).
inline char pattern_byte(std::uint64_t position) {
  std::uint64_t mixed = (position + 1) * 0x9e3779b97f4a7c15;
  mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
  mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
  return static_cast<char>(mixed >> 56);
}

inline std::string pattern(std::uint64_t size) {
  std::string result(size, '\0');
  for (std::uint64_t i = 0; i < size; ++i) result[i] = pattern_byte(i);
  return result;
}

class TestTree : public archive::Source {
 public:
  /// Bytes more (or fewer) than announced that readers deliver for this path.
  std::string liar;
  std::int64_t lie = 0;

  Entry& add(std::string path, EntryType type, std::uint32_t mode = 0644) {
    Entry entry;
    entry.path = std::move(path);
    entry.type = type;
    entry.mode = mode;
    entry.mtime = 1600000000;
    items_.push_back({std::move(entry), {}});
    return items_.back().first;
  }
  Entry& directory(std::string path, std::uint32_t mode = 0755) {
    return add(std::move(path), EntryType::directory, mode);
  }
  Entry& text(std::string path, std::string contents, std::uint32_t mode = 0644) {
    Entry& entry = add(std::move(path), EntryType::file, mode);
    entry.size = contents.size();
    items_.back().second = std::move(contents);
    return entry;
  }
  /// A file of `size` bytes of pattern().
  Entry& large(std::string path, std::uint64_t size) {
    Entry& entry = add(std::move(path), EntryType::file);
    entry.size = size;
    return entry;
  }
  Entry& link(std::string path, EntryType type, std::string target) {
    Entry& entry = add(std::move(path), type, 0777);
    entry.link_target = std::move(target);
    return entry;
  }
  Entry& device(std::string path, EntryType type, std::uint32_t major, std::uint32_t minor) {
    Entry& entry = add(std::move(path), type, 0600);
    entry.device_major = major;
    entry.device_minor = minor;
    return entry;
  }

  Result<std::unique_ptr<archive::Reader>> open() const override {
    return std::make_unique<TreeReader>(*this);
  }
  std::string name() const override { return "test-tree"; }

 private:
  class TreeReader : public archive::Reader {
   public:
    explicit TreeReader(const TestTree& tree) : tree_(tree) {}
    Result<std::optional<Entry>> next() override {
      if (index_ == tree_.items_.size()) return std::optional<Entry>{};
      item_ = &tree_.items_[index_++];
      position_ = 0;
      size_ = item_->first.size;
      if (item_->first.path == tree_.liar) size_ += static_cast<std::uint64_t>(tree_.lie);
      return std::optional<Entry>(item_->first);
    }
    Result<std::size_t> read(MutableBytes target) override {
      // Pieces of odd sizes, as a decompressor delivers them.
      std::uint64_t count = std::min<std::uint64_t>({target.size(), size_ - position_, 54321});
      for (std::uint64_t i = 0; i < count; ++i) {
        bool stored = position_ + i < item_->second.size();
        char byte = stored ? item_->second[position_ + i] : pattern_byte(position_ + i);
        target[i] = static_cast<std::byte>(byte);
      }
      position_ += count;
      return count;
    }

   private:
    const TestTree& tree_;
    std::size_t index_ = 0;
    const std::pair<Entry, std::string>* item_ = nullptr;
    std::uint64_t position_ = 0;
    std::uint64_t size_ = 0;
  };
  std::vector<std::pair<Entry, std::string>> items_;
};

/// One of everything that a root file system holds. `large`: the bytes of home/large.
inline TestTree root_tree(std::uint64_t large = 5 * 1024 * 1024 + 123) {
  TestTree tree;
  tree.directory("", 0711).mtime = 1600000001;
  tree.directory("bin");
  tree.text("bin/busybox", "a program\n", 04755);
  tree.link("bin/sh", EntryType::symlink, "busybox");
  tree.link("bin/ash", EntryType::hard_link, "bin/busybox");
  tree.directory("dev");
  tree.device("dev/console", EntryType::character_device, 5, 1);
  tree.device("dev/mtdblock9", EntryType::block_device, 31, 9);
  tree.device("dev/far", EntryType::block_device, 259, 70000);
  tree.add("dev/initctl", EntryType::fifo, 0600);
  tree.directory("home", 01777);
  Entry& owned = tree.text("home/note", "hello\n", 0640);
  owned.uid = 70000;
  owned.gid = 1001;
  owned.mtime = 1500000000;
  owned.attributes = {{"user.comment", "kept"}};
  tree.link("home/far", EntryType::symlink, "/" + std::string(80, 'x'));
  tree.text("home/empty", "");
  tree.large("home/large", large);
  return tree;
}

}  // namespace trxkit::test
