// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/firmware/change_nvram.h"

#include "lib/firmware/refusal.h"
#include "lib/nvram/judge.h"

namespace trxkit::firmware {
namespace {

std::unexpected<Error> no_nvram(const InputFile& file, bool defaults) {
  Where place{.file = file.name(), .offset = {}};
  if (defaults) {
    return advise(fail_at(place, Code::bad_input,
                          "holds no boot loader with defaults: no \"FLSH\" at "
                          "0x400 or 0x1000"),
                  "give a dump of the boot loader or of the whole chip");
  }
  auto failure = fail_at(place, Code::bad_input,
                         "holds no nvram: no \"FLSH\" at its start, nor 0x8000, 0xf000 or 0x10000 "
                         "bytes before its end");
  failure.error().finding = "NVR001";
  return advise(std::move(failure),
                "give a dump of the nvram partition or of the whole chip; --defaults reads the "
                "defaults inside a boot loader");
}

}  // namespace

Result<nvram::Nvram> read_settings(const InputFile& file, bool defaults) {
  auto nvram = TRY(defaults ? nvram::find_defaults(file) : nvram::find_nvram(file));
  if (!nvram) return no_nvram(file, defaults);
  return *std::move(nvram);
}

Result<PatchReport> change_nvram(const std::string& input, std::span<const nvram::Change> changes,
                                 const PatchTarget& target, const Env& env) {
  std::string path = TRY(path_of(target, input));
  auto file = TRY(InputFile::open(input, env));
  nvram::Nvram before = TRY(read_settings(file, false));
  PatchReport report;
  report.findings = nvram::judge(before, std::nullopt);
  report.refusal = refusal_of(report.findings);
  if (report.refusal) return report;
  std::vector<Patch> patches;
  patches.push_back({before.position, TRY(nvram::with_changes(before, changes))});
  return write_patched(
      file, patches, path, "nvram",
      [&](const InputFile& changed) -> Result<Findings> {
        return nvram::judge(TRY(read_settings(changed, false)), std::nullopt);
      },
      env);
}

}  // namespace trxkit::firmware
