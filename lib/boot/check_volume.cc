// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/boot/check_volume.h"

#include <algorithm>

#include "lib/core/printable.h"
#include "lib/system/process.h"

namespace trxkit::boot {
namespace {

namespace fs = std::filesystem;

/// A copy of the volume alone: fsck.fat knows no offset. Blocks of zeros become holes.
Result<std::string> copy_of(const VolumePlace& place, const fs::path& scratch, const Env& env) {
  std::string path = scratch / "volume";
  InputFile input = TRY(InputFile::open(place.file, env));
  OutputFile output = TRY(OutputFile::create(path));
  TRY(input.for_each_block(place.offset, place.size, [&](Bytes bytes) {
    bool empty = std::ranges::all_of(bytes, [](std::byte byte) { return byte == std::byte{0}; });
    return empty ? output.write_zeros(bytes.size()) : output.write(bytes);
  }));
  TRY(output.commit_scratch());
  return path;
}

Result<Command> checker_of(const VolumePlace& place, const fs::path& scratch, const Env& env) {
  if (place.volume.is_fat()) {
    bool alone = place.offset == 0;
    std::string file =
        alone ? fs::absolute(place.file).string() : TRY(copy_of(place, scratch, env));
    return Command{.argv = {"fsck.fat", "-n", file}};
  }
  fs::path link = scratch / "checked";
  std::error_code error;
  fs::remove(link, error);
  fs::create_symlink(fs::absolute(place.file), link, error);
  if (error) return fail_at({link.string(), {}}, Code::io, "{}", error.message());
  return Command{
      .argv = {"e2fsck", "-fn", fmt::format("{}?offset={}", link.string(), place.offset)}};
}

/// What the checker complained about first: its own banner and the passes are no complaints.
std::string complaint_of(const std::string& output) {
  std::string_view rest = output;
  while (!rest.empty()) {
    std::string_view line = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), line.size() + 1));
    bool banner = line.empty() || line.starts_with("e2fsck ") || line.starts_with("fsck.fat ") ||
                  line.starts_with("Pass ");
    if (!banner) return printable(std::string(line));
  }
  return "no reason given";
}

}  // namespace

Result<Findings> check_volume(const VolumePlace& place, const std::string& name,
                              const fs::path& scratch, const Env& env) {
  Findings findings;
  Where where{.file = name};
  const image::VolumeFacts& volume = place.volume;
  if (!volume.is_fat() && !volume.is_ext()) {
    findings.add(
        "STK032", where,
        fmt::format("was not checked: {}", volume.type.empty() ? "its file system is not known"
                                                               : volume.type + " has no checker"));
    return findings;
  }
  if (!volume.clean) {
    findings.add("STK033", where, "was not unmounted, so it was not checked",
                 volume.is_fat() ? "fsck.fat repairs it" : "e2fsck -p puts it in order");
    return findings;
  }
  Command command = TRY(checker_of(place, scratch, env));
  auto outcome = outcome_of(command, env);
  if (!outcome) {
    findings.add("STK032", where, "was not checked: " + outcome.error().what, outcome.error().hint);
  } else if (outcome->status != 0) {
    findings.add("STK031", where,
                 fmt::format("{} finds faults: {}", command.argv[0], complaint_of(outcome->output)),
                 "write the stick again, or let it repair a copy");
  }
  return findings;
}

}  // namespace trxkit::boot
