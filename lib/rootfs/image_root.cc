// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The root tree inside an image: its squashfs is copied to a file of its own, as the programs that
// read one want it.
#include <algorithm>

#include "lib/archive/source.h"
#include "lib/rootfs/check_root.h"
#include "lib/system/process.h"

namespace trxkit::rootfs {
namespace {

Status copy_part(const InputFile& file, std::uint64_t offset, std::uint64_t size,
                 const std::string& path) {
  auto copy = TRY(OutputFile::create(path));
  TRY(file.for_each_block(offset, size, [&](Bytes bytes) { return copy.write(bytes); }));
  return copy.commit_scratch();
}

// "6.1.192" of "Linux version 6.1.192 (...)".
std::string release_of(const firmware::Analysis& analysis) {
  constexpr std::string_view kBanner = "Linux version ";
  for (const trx::Payload& payload : analysis.payloads) {
    if (!payload.banner.starts_with(kBanner)) continue;
    std::string_view rest = std::string_view(payload.banner).substr(kBanner.size());
    return std::string(rest.substr(0, rest.find(' ')));
  }
  return {};
}

}  // namespace

Result<Findings> check_image_root(const InputFile& file, const firmware::Analysis& analysis,
                                  const Env& env) {
  auto part = std::ranges::find_if(
      analysis.payloads, [](const trx::Payload& payload) { return payload.squashfs.has_value(); });
  if (part == analysis.payloads.end()) return Findings{};
  const trx::Image& image = analysis.image;
  Where where = image.at(part->part.offset);
  auto scratch = TRY(TemporaryDirectory::create(env.temporary_directory));
  std::string path = (scratch.path() / "root.squashfs").string();
  TRY(copy_part(file, *where.offset, part->part.size(), path));
  // Whether the program is there has nothing to do with the image; what it says later has.
  TRY(run({.argv = {"sqfs2tar", "--version"}}, env));
  auto judge = [&]() -> Result<Findings> {
    auto source = TRY(archive::open_source(path, env));
    return TRY(check_root(*source, where, release_of(analysis)));
  };
  auto findings = judge();
  if (findings || findings.error().code == Code::io) return findings;
  Findings unreadable;
  unreadable.add("FSR003", where, "the squashfs cannot be read: " + findings.error().what,
                 "it is damaged: build the image again");
  return unreadable;
}

}  // namespace trxkit::rootfs
