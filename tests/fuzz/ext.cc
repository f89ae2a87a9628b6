// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// ext2, ext3 and ext4 images as roots: whatever an image says of itself, its tree is one that other
// readers could have, or an error.
#include <set>

#include "lib/archive/ext_source.h"
#include "lib/archive/merge.h"
#include "lib/archive/write.h"

#include "tests/fuzz/input.h"

using namespace trxkit;

namespace {

void look_at_tree(const archive::Source& tree) {
  auto reader = tree.open();
  if (!reader) return;
  std::set<std::string> seen;
  for (auto entry = (*reader)->next(); entry && *entry; entry = (*reader)->next()) {
    const std::string& path = (*entry)->path;
    auto normal = archive::normalise_path(path);
    if (!normal || *normal != path || !seen.insert(path).second) std::abort();
  }
  auto writer = archive::tar_writer([](Bytes) { return Status(); });
  (void)archive::copy_entries(tree, *writer);
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto file = std::make_shared<const InputFile>(fuzz::memory_file(fuzz::bytes_of(data, size)));
  auto source = archive::ext_source(file);
  if (source) look_at_tree(**source);
  return 0;
}
