// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/image/fat_survey.h"

#include "lib/image/fat_layout.h"

namespace trxkit::image {

using archive::Entry;
using archive::EntryType;

Result<FatSurvey> FatSurvey::of(const archive::Source& tree) {
  FatSurvey survey;
  survey.directory_sizes_[""] = kFatEntrySize;  // the volume label
  auto reader = TRY(tree.open());
  while (auto entry = TRY(reader->next())) {
    Status added = survey.add(*entry);
    if (added) continue;
    Error error = std::move(added).error();
    error.what = fmt::format("/{} cannot be on a FAT file system: {}", entry->path, error.what);
    error.where.file = tree.name();
    return std::unexpected(std::move(error));
  }
  return survey;
}

Status FatSurvey::add(const Entry& entry) {
  if (entry.type != EntryType::file && entry.type != EntryType::directory) {
    return fail(Code::bad_input, "it is neither a file nor a directory");
  }
  if (entry.path.empty()) return {};
  TRY(add_name(entry));
  if (entry.type == EntryType::directory) {
    directories_.push_back(entry.path);
    directory_sizes_[fat_folded(entry.path)] = 2 * kFatEntrySize;  // "." and ".."
    return {};
  }
  if (entry.size > kFatFileLimit) {
    return fail(Code::bad_input, "{} bytes are more than 4 GiB - 1", entry.size);
  }
  file_sizes_.push_back(static_cast<std::uint32_t>(entry.size));
  return {};
}

Status FatSurvey::add_name(const Entry& entry) {
  std::string folded = fat_folded(entry.path);
  std::size_t slash = folded.rfind('/');
  bool top = slash == std::string::npos;
  std::string name = top ? entry.path : entry.path.substr(slash + 1);
  TRY(check_fat_name(name));
  auto parent = directory_sizes_.find(top ? std::string() : folded.substr(0, slash));
  if (parent == directory_sizes_.end()) {
    return fail(Code::bad_input, "it has no parent directory");
  }
  if (!paths_.insert(std::move(folded)).second) {
    return fail(Code::bad_input, "another path differs only in case");
  }
  parent->second += fat_name_size(name);
  if (parent->second > kFatDirectoryLimit) {
    return fail(Code::bad_input, "its directory has more names than fit into 2 MiB");
  }
  return {};
}

std::uint64_t FatSurvey::clusters(std::uint64_t cluster_size) const {
  auto rounded = [&](std::uint64_t bytes) { return (bytes + cluster_size - 1) / cluster_size; };
  std::uint64_t result = 0;
  for (std::uint32_t size : file_sizes_) result += rounded(size);
  for (const auto& [path, size] : directory_sizes_) result += rounded(size);
  return result;
}

}  // namespace trxkit::image
