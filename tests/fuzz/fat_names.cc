// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Trees for a FAT volume: each line is a path, a folder where it ends with a slash. What the survey
// takes has names that no two of which FAT takes for one.
#include <set>

#include "lib/archive/memory.h"
#include "lib/image/fat_layout.h"
#include "lib/image/fat_survey.h"

#include "tests/fuzz/input.h"

using namespace trxkit;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest = as_text(fuzz::bytes_of(data, size));
  archive::MemoryTree tree("tree", 0);
  std::set<std::string> folded;
  bool twice = false;
  while (!rest.empty()) {
    std::string line(rest.substr(0, rest.find('\n')));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    bool folder = line.ends_with('/');
    auto path = archive::normalise_path(line);
    if (!path || path->empty()) continue;
    twice = twice || !folded.insert(image::fat_folded(*path)).second;
    if (folder) {
      tree.add_directory(*path);
    } else {
      tree.add_text(*path, "text");
    }
  }
  auto survey = image::FatSurvey::of(tree);
  if (!survey) return 0;
  if (twice || survey->clusters(512) < survey->clusters(4096)) std::abort();
  if (survey->root_size() > image::kFatDirectoryLimit) std::abort();
  return 0;
}
