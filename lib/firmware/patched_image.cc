// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/firmware/patched_image.h"

#include <filesystem>

#include "lib/firmware/pack_manifest.h"
#include "lib/firmware/refusal.h"
#include "lib/system/build_output.h"

namespace trxkit::firmware {
namespace {

namespace fs = std::filesystem;

Result<BuildManifest> manifest_of(const InputFile& input, const InputFile& changed,
                                  const std::string& path, const std::string& role,
                                  const Env& env) {
  BuildManifest manifest;
  manifest.tool = "trxtool";
  manifest.version = version();
  manifest.source_date_epoch = env.source_date_epoch;
  manifest.inputs.push_back(
      {role, name_without_folder(input.name()), hex(TRY(sha256_of(input))), input.size()});
  manifest.outputs.push_back(
      {role, name_without_folder(path), hex(TRY(sha256_of(changed))), changed.size()});
  return manifest;
}

// A pipe or device gets the bytes only after they were judged: they are made in a scratch folder.
Result<PatchReport> write_through(const InputFile& input, const std::vector<Patch>& patches,
                                  OutputFile& output, const PatchJudge& judge, const Env& env) {
  auto scratch = TRY(TemporaryDirectory::create(env.temporary_directory));
  auto spool = TRY(OutputFile::create((scratch.path() / "image").string()));
  TRY(copy_patched(input, patches, spool));
  auto changed = TRY(InputFile::open(spool.temporary_path().string(), env)).called(input.name());
  PatchReport report;
  report.findings = TRY(judge(changed));
  report.refusal = refusal_of(report.findings);
  if (report.refusal) return report;
  TRY(copy_file(changed, output));
  TRY(output.commit());
  return report;
}

}  // namespace

void keep_permissions(const InputFile& original, const fs::path& copy) {
  std::error_code error;
  fs::file_status status = fs::status(original.name(), error);
  if (!error && fs::is_regular_file(status)) fs::permissions(copy, status.permissions(), error);
}

Result<std::string> path_of(const PatchTarget& target, const std::string& input,
                            const std::string& board_file) {
  if (target.in_place != target.output.empty()) {
    return advise(fail(Code::usage, "{}",
                       target.in_place ? "--output and --in-place exclude each other"
                                       : "it is not said where the result goes"),
                  "name a file with -o, or change the input itself with --in-place");
  }
  if (!target.in_place) {
    TRY(keep_build_inputs(target.output, {input, board_file}));
    return target.output;
  }
  if (input == "-") return fail(Code::usage, "standard input cannot be changed in place");
  return input;
}

Result<PatchReport> write_patched(const InputFile& input, const std::vector<Patch>& patches,
                                  const std::string& path, const std::string& role,
                                  const PatchJudge& judge, const Env& env) {
  auto output = TRY(OutputFile::create(path));
  if (output.written_directly()) return write_through(input, patches, output, judge, env);
  keep_permissions(input, output.temporary_path());
  TRY(copy_patched(input, patches, output));
  auto changed = TRY(InputFile::open(output.temporary_path().string(), env)).called(input.name());
  PatchReport report;
  report.findings = TRY(judge(changed));
  report.refusal = refusal_of(report.findings);
  if (report.refusal) return report;
  report.manifest = TRY(manifest_of(input, changed, path, role, env));
  TRY(commit_build(output, path, *report.manifest));
  return report;
}

}  // namespace trxkit::firmware
