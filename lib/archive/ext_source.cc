// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/archive/ext_source.h"

#include <algorithm>
#include <map>
#include <set>

#include "lib/archive/ext_image.h"
#include "lib/archive/path.h"

namespace trxkit::archive {
namespace {

constexpr std::uint64_t kSuperblock = 1024;
constexpr std::uint64_t kMagicField = 56;
constexpr std::uint64_t kBlockSizeField = 24;

class ExtReader : public Reader {
 public:
  explicit ExtReader(std::shared_ptr<ExtImage> image) : image_(std::move(image)) {}

  Result<std::optional<Entry>> next() override {
    file_.reset();
    if (!started_) {
      started_ = true;
      return TRY(visit(EXT2_ROOT_INO, ""));
    }
    while (!levels_.empty()) {
      Level& level = levels_.back();
      if (level.next == level.names.size()) {
        levels_.pop_back();
        continue;
      }
      const ExtImage::Name& name = level.names[level.next++];
      std::string path = TRY(normalise_path(level.path + "/" + name.name));
      Result<std::optional<Entry>> entry = visit(name.inode, path);
      if (!entry) entry.error().what += fmt::format(" ({})", shown(path));
      if (std::optional<Entry> found = TRY(std::move(entry))) return found;
    }
    return std::nullopt;
  }

  Result<std::size_t> read(MutableBytes target) override {
    if (!file_) return 0;
    auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(target.size(), left_));
    std::size_t got = TRY(image_->read(file_, target.first(wanted)));
    left_ -= got;
    return got;
  }

 private:
  // A directory that is being walked.
  struct Level {
    std::string path;
    std::vector<ExtImage::Name> names;
    std::size_t next = 0;
  };

  // The entry of `inode`, or nothing for what is left out.
  Result<std::optional<Entry>> visit(ext2_ino_t inode, const std::string& path);
  Result<bool> enter(ext2_ino_t inode, const std::string& path);

  std::shared_ptr<ExtImage> image_;
  bool started_ = false;
  std::vector<Level> levels_;
  std::set<ext2_ino_t> entered_;
  std::map<ext2_ino_t, std::string> linked_;  // first names of files with several
  ExtImage::File file_;                       // the one whose contents read() delivers
  std::uint64_t left_ = 0;                    // bytes of it
};

// False for a directory that is left out.
Result<bool> ExtReader::enter(ext2_ino_t inode, const std::string& path) {
  if (!entered_.insert(inode).second) {
    return fail_at({image_->name(), {}}, Code::bad_input, "a directory has two names");
  }
  Level level{.path = path, .names = TRY(image_->list(inode))};
  if (path == "lost+found" && level.names.empty()) return false;
  levels_.push_back(std::move(level));
  return true;
}

Result<std::optional<Entry>> ExtReader::visit(ext2_ino_t inode, const std::string& path) {
  ExtImage::Inode found = TRY(image_->read_inode(inode));
  Entry& entry = found.entry;
  entry.path = path;
  if (entry.type == EntryType::directory) {
    if (!TRY(enter(inode, path))) return std::nullopt;
  } else if (path.empty()) {
    return fail_at({image_->name(), {}}, Code::bad_input, "its root is no directory");
  }
  if (entry.type != EntryType::file) return std::move(entry);
  if (found.links > 1) {
    auto [first, is_new] = linked_.try_emplace(inode, path);
    if (!is_new) {
      entry.type = EntryType::hard_link;
      entry.link_target = first->second;
      entry.size = 0;
      entry.attributes.clear();
      return std::move(entry);
    }
  }
  file_ = TRY(image_->open_file(inode));
  left_ = entry.size;
  return std::move(entry);
}

class ExtSource : public Source {
 public:
  ExtSource(std::shared_ptr<const InputFile> file, std::uint64_t offset)
      : file_(std::move(file)), offset_(offset) {}
  Result<std::unique_ptr<Reader>> open() const override {
    return std::make_unique<ExtReader>(TRY(ExtImage::open(file_, offset_)));
  }
  std::string name() const override { return file_->name(); }

 private:
  std::shared_ptr<const InputFile> file_;
  std::uint64_t offset_;
};

}  // namespace

bool looks_like_ext(Bytes head) {
  constexpr std::uint32_t kLargestBlock = 6;  // 64 KiB, as a power of two above 1 KiB
  ByteReader reader(head);
  auto magic = reader.read_at<le16>(kSuperblock + kMagicField);
  auto block = reader.read_at<le32>(kSuperblock + kBlockSizeField);
  return magic && *magic == EXT2_SUPER_MAGIC && block && *block <= kLargestBlock;
}

Result<SourcePointer> ext_source(std::shared_ptr<const InputFile> file, std::uint64_t offset) {
  TRY(ExtImage::open(file, offset));
  return std::make_shared<ExtSource>(std::move(file), offset);
}

}  // namespace trxkit::archive
