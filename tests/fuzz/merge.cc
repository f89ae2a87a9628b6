// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Archives as layers of a root: an overlay of ours under and over them. What the merged stream
// delivers must be what image writers rely on: each path once, normalised, behind its parent.
#include "lib/archive/merge.h"

#include <map>

#include "lib/archive/memory.h"
#include "lib/archive/source.h"
#include "lib/archive/write.h"

#include "tests/fuzz/input.h"

namespace {

using namespace trxkit;
using archive::EntryType;

archive::SourcePointer overlay() {
  auto tree = std::make_shared<archive::MemoryTree>("overlay", 0);
  tree->add_text("etc/banner", "ours\n");
  tree->add_symlink("bin", "usr/bin");
  tree->add_directory("usr");
  return tree;
}

std::string parent_of(const std::string& path) {
  std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? std::string() : path.substr(0, slash);
}

void look_at_entry(const archive::Entry& entry, std::map<std::string, EntryType>& seen) {
  auto path = archive::normalise_path(entry.path);
  if (!path || *path != entry.path) std::abort();
  if (seen.empty() != entry.path.empty()) std::abort();  // the root comes first, and once
  if (!seen.empty() && seen[parent_of(entry.path)] != EntryType::directory) std::abort();
  if (entry.type == EntryType::hard_link && seen[entry.link_target] != EntryType::file)
    std::abort();
  EntryType type = entry.type == EntryType::hard_link ? EntryType::file : entry.type;
  if (!seen.emplace(entry.path, type).second) std::abort();
}

void look_at_tree(const archive::Source& tree) {
  auto reader = tree.open();
  if (!reader) return;
  std::map<std::string, EntryType> seen;
  for (auto entry = (*reader)->next(); entry && *entry; entry = (*reader)->next()) {
    look_at_entry(**entry, seen);
  }
  auto writer = archive::tar_writer([](Bytes) { return Status(); });
  (void)archive::copy_entries(tree, *writer);  // contents may end early: an error, no crash
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  InputFile file = fuzz::memory_file(fuzz::bytes_of(data, size));
  auto source = archive::open_source(file.name(), Env{});
  if (!source) return 0;
  for (const auto& layers : {std::vector{*source}, {overlay(), *source}, {*source, overlay()}}) {
    Findings findings;
    auto merged = archive::merge(layers, {}, findings);
    fuzz::look_at(findings);
    if (merged) look_at_tree(**merged);
  }
  return 0;
}
