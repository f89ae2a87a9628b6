// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/archive/relocate.h"

namespace trxkit::archive {
namespace {

class RelocatedReader : public Reader {
 public:
  RelocatedReader(std::unique_ptr<Reader> reader, Relocation relocation)
      : reader_(std::move(reader)), relocation_(std::move(relocation)) {}

  Result<std::optional<Entry>> next() override {
    std::optional<Entry> entry = TRY(reader_->next());
    while (entry && entry->path.empty()) entry = TRY(reader_->next());
    if (!entry) return std::nullopt;
    entry->path = TRY(moved(entry->path));
    if (entry->type == EntryType::hard_link) entry->link_target = TRY(moved(entry->link_target));
    if (relocation_.owned_by_root) entry->uid = entry->gid = 0;
    return entry;
  }
  Result<std::size_t> read(MutableBytes target) override { return reader_->read(target); }

 private:
  Result<std::string> moved(const std::string& path) const {
    return normalise_path(relocation_.directory + "/" + path);
  }

  std::unique_ptr<Reader> reader_;
  Relocation relocation_;
};

class RelocatedSource : public Source {
 public:
  RelocatedSource(SourcePointer tree, const Relocation& relocation)
      : tree_(std::move(tree)), relocation_(relocation) {}
  Result<std::unique_ptr<Reader>> open() const override {
    return std::make_unique<RelocatedReader>(TRY(tree_->open()), relocation_);
  }
  std::string name() const override { return tree_->name(); }

 private:
  SourcePointer tree_;
  Relocation relocation_;
};

}  // namespace

SourcePointer relocate(SourcePointer tree, const Relocation& relocation) {
  return std::make_shared<RelocatedSource>(std::move(tree), relocation);
}

}  // namespace trxkit::archive
