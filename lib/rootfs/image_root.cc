// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/rootfs/image_root.h"

#include <algorithm>

#include "lib/archive/byte_stream.h"
#include "lib/archive/source.h"
#include "lib/kernel/version.h"
#include "lib/rootfs/check_root.h"
#include "lib/system/process.h"

namespace trxkit::rootfs {
namespace {

const trx::Payload* squashfs_of(const firmware::Analysis& analysis) {
  auto part = std::ranges::find_if(
      analysis.payloads, [](const trx::Payload& payload) { return payload.squashfs.has_value(); });
  return part == analysis.payloads.end() ? nullptr : &*part;
}

FlashKernelText kernel_of(const firmware::Analysis& analysis) {
  for (const trx::Payload& payload : analysis.payloads) {
    if (payload.banner.empty()) continue;
    return {.release = kernel::release_of(payload.banner), .second_stage = payload.has_search};
  }
  return {};
}

}  // namespace

Result<archive::SourcePointer> image_root(const InputFile& file, const firmware::Analysis& analysis,
                                          const std::filesystem::path& folder, const Env& env) {
  const trx::Payload* part = squashfs_of(analysis);
  if (part == nullptr) {
    return advise(fail_at({file.name(), {}}, Code::bad_input, "is an image without a squashfs"),
                  "trxtool inspect shows what it holds");
  }
  std::uint64_t start = *analysis.image.at(part->part.offset).offset;
  // Not owned: the stream does not outlive this function.
  std::shared_ptr<const InputFile> borrowed(std::shared_ptr<void>(), &file);
  auto stream = archive::range_stream(std::move(borrowed), start, part->part.size());
  return archive::open_source(TRY(archive::spool(*stream, file.name(), folder)), env);
}

Result<Findings> check_image_root(const InputFile& file, const firmware::Analysis& analysis,
                                  const Env& env) {
  const trx::Payload* part = squashfs_of(analysis);
  if (part == nullptr) return Findings{};
  Where where = analysis.image.at(part->part.offset);
  // Whether the program is there has nothing to do with the image; what it says later has.
  TRY(run({.argv = {"sqfs2tar", "--version"}}, env));
  auto judge = [&]() -> Result<Findings> {
    auto source = TRY(image_root(file, analysis, env.temporary_directory, env));
    return TRY(check_root(*source, where, kernel_of(analysis)));
  };
  auto findings = judge();
  if (findings || findings.error().code == Code::io) return findings;
  Findings unreadable;
  unreadable.add("FSR003", where, "the squashfs cannot be read: " + findings.error().what,
                 "it is damaged: build the image again");
  return unreadable;
}

}  // namespace trxkit::rootfs
