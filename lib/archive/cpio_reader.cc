// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include <deque>
#include <map>

#include "lib/archive/archive_reader.h"

namespace trxkit::archive {
namespace {

class CpioReader : public Reader {
 public:
  explicit CpioReader(std::unique_ptr<ArchiveHandle> handle) : entries_(std::move(handle)) {}

  Result<std::optional<Entry>> next() override {
    readable_ = false;
    while (ready_.empty() && !ended_) TRY(advance());
    if (ready_.empty()) return std::nullopt;
    Entry entry = std::move(ready_.front());
    ready_.pop_front();
    // Only what has just been read from the archive has contents that can be read.
    readable_ = std::exchange(contents_follow_, false);
    return entry;
  }

  Result<std::size_t> read(MutableBytes target) override {
    return readable_ ? entries_.read(target) : Result<std::size_t>(0);
  }

 private:
  // A file whose contents have not come yet, and its other names.
  struct Waiting {
    Entry first;
    std::vector<Entry> links;
  };

  void deliver(Waiting waiting) {
    ready_.push_back(std::move(waiting.first));
    for (Entry& link : waiting.links) ready_.push_back(std::move(link));
  }

  Status advance();
  void take_link(RawEntry raw);

  ArchiveEntries entries_;
  std::map<std::string, Waiting> waiting_;
  std::deque<Entry> ready_;
  bool contents_follow_ = false;  // with the first of ready_
  bool readable_ = false;
  bool ended_ = false;
};

void CpioReader::take_link(RawEntry raw) {
  auto place = waiting_.find(raw.entry.link_target);
  if (place == waiting_.end()) {
    ready_.push_back(std::move(raw.entry));
    return;
  }
  place->second.links.push_back(std::move(raw.entry));
  if (raw.bytes_following == 0) return;
  place->second.first.size = raw.bytes_following;
  contents_follow_ = true;
  deliver(std::move(place->second));
  waiting_.erase(place);
}

Status CpioReader::advance() {
  std::optional<RawEntry> raw = TRY(entries_.next());
  if (!raw) {
    ended_ = true;
    for (auto& [path, waiting] : waiting_) deliver(std::move(waiting));
    return {};
  }
  if (raw->entry.type == EntryType::hard_link) {
    take_link(std::move(*raw));
    return {};
  }
  bool is_file = raw->entry.type == EntryType::file;
  if (is_file && raw->has_more_names && raw->bytes_following == 0) {
    auto [place, is_new] = waiting_.try_emplace(raw->entry.path);
    if (!is_new) deliver(std::move(place->second));
    place->second = {.first = std::move(raw->entry), .links = {}};
    return {};
  }
  contents_follow_ = is_file;
  ready_.push_back(std::move(raw->entry));
  return {};
}

}  // namespace

Result<std::unique_ptr<Reader>> cpio_reader(std::unique_ptr<ByteStream> stream,
                                            const std::string& name) {
  auto handle = TRY(ArchiveHandle::open(std::move(stream), Format::cpio, name));
  return std::make_unique<CpioReader>(std::move(handle));
}

}  // namespace trxkit::archive
