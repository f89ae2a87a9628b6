// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// usage: fill_ext4 TREE MIB OUTPUT
// The library's ext4 writer alone, for tests/bench/ext4: TREE (a tar or directory) as a file system
// of MIB mebibytes.
#include <cstdlib>
#include <iostream>

#include "lib/archive/merge.h"
#include "lib/archive/source.h"
#include "lib/image/ext4.h"

namespace {

using namespace trxkit;

Status fill(const std::string& tree, std::uint64_t size, const std::string& output) {
  Env env = Env::system();
  auto source = TRY(archive::open_source(tree, env));
  Findings ignored;
  auto merged = TRY(archive::merge({std::move(source)},
                                   {.latest_time = env.source_date_epoch, .filter = {}}, ignored));
  auto file = TRY(OutputFile::create(output));
  image::Ext4Options options{
      .label = "USBROOT", .uuid = "01234567-89ab-cdef-0123-456789abcdef", .size = size};
  TRY(image::write_ext4(*merged, file, options, env));
  return file.commit();
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 4) return 2;
  auto filled = fill(arguments[1], std::strtoull(arguments[2], nullptr, 10) << 20, arguments[3]);
  if (filled) return 0;
  std::cerr << filled.error().what << '\n';
  return 1;
}
