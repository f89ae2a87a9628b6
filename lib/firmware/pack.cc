// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/firmware/pack.h"

#include <algorithm>
#include <filesystem>

#include "lib/firmware/flash_layout.h"
#include "lib/firmware/pack_container.h"
#include "lib/firmware/pack_layout.h"
#include "lib/firmware/pack_manifest.h"
#include "lib/firmware/refusal.h"
#include "lib/firmware/verify.h"
#include "lib/system/build_output.h"

namespace trxkit::firmware {
namespace {

Status check_board(const PackRequest& request) {
  if (request.board != nullptr) return {};
  if (!request.recipe.magic) {
    return advise(fail(Code::usage, "an image is packed for a board or with a magic"),
                  "give --board, --magic or --recipe");
  }
  if (!request.kernel.empty()) {
    return advise(fail(Code::usage, "a kernel can be packed only for a board"),
                  "name it with --board, or give a kernel packed already with --part");
  }
  if (!request.rootfs.empty()) {
    return advise(fail(Code::usage, "where a root file system may start depends on the flash"),
                  "name the board with --board, or give the file with --align and --part");
  }
  if (request.limits.reserve) {
    return advise(fail(Code::usage, "what stays free behind an image depends on the flash"),
                  "name the board with --board, or limit the image with --maximum");
  }
  return {};
}

Status check_request(const PackRequest& request) {
  TRY(check_board(request));
  if (request.kernel.empty() && !request.loader.empty()) {
    return advise(fail(Code::usage, "a loader without a kernel has nothing to start"),
                  "give the kernel with --kernel");
  }
  bool parts = !request.kernel.empty() || !request.rootfs.empty() ||
               std::ranges::find(request.recipe.steps, PackStep::Kind::part, &PackStep::kind) !=
                   request.recipe.steps.end();
  if (parts) return {};
  return advise(fail(Code::usage, "there is nothing to pack"),
                "give --kernel and --rootfs, or --part");
}

bool is_written_directly(const std::string& output) {
  std::error_code ignored;
  return output == "-" || (std::filesystem::exists(output, ignored) &&
                           !std::filesystem::is_regular_file(output, ignored));
}

Status keep_all_inputs(const PackRequest& request) {
  std::vector<std::string> names{request.kernel, request.loader, request.rootfs, request.cfe,
                                 request.recipe.file};
  if (request.board != nullptr) names.push_back(request.board->file);
  for (const PackStep& step : request.recipe.steps) names.push_back(step.file);
  return keep_build_inputs(request.output, names);
}

Result<trx::HeaderFields> header_fields(const PackRequest& request, const PackInputs& inputs) {
  const Recipe& recipe = request.recipe;
  trx::HeaderFields fields{.magic = 0, .version = 1, .flags = recipe.flags};
  if (request.board != nullptr) {
    fields.magic = *request.board->trx.magic;
    fields.version = static_cast<std::uint16_t>(request.board->trx.version);
  }
  fields.magic = recipe.magic.value_or(fields.magic);
  fields.version = recipe.version.value_or(fields.version);
  fields.third_shift = TRY(third_shift(request, inputs));
  return fields;
}

// firmware-utils src/trx.c puts the mask of the CRC over the header where there is no part 4.
Status check_version(const trx::Composition& composition, std::uint16_t version) {
  if (version != 2 || composition.offsets().size() == trx::kMaximumParts) return {};
  return advise(
      fail(Code::usage, "a version 2 image has four parts, not {}", composition.offsets().size()),
      "the fourth holds its CyberTAN header of 32 bytes");
}

// The image on its way to its name: complete, but not there yet.
struct Draft {
  std::unique_ptr<TemporaryDirectory> scratch;  ///< where the output itself cannot be read back
  OutputFile output;
  std::uint64_t position = 0;  ///< of the header: bytes from the start of the file
  std::uint32_t crc = 0;
  InputFile image;
};

Result<Draft> write_draft(const PackRequest& request, const PackInputs& inputs,
                          const trx::Composition& composition, const Env& env) {
  std::unique_ptr<TemporaryDirectory> scratch;
  std::string path = request.output;
  if (request.dry_run || is_written_directly(request.output)) {
    scratch = std::make_unique<TemporaryDirectory>(
        TRY(TemporaryDirectory::create(env.temporary_directory)));
    path = (scratch->path() / "image").string();
  }
  auto output = TRY(OutputFile::create(path));
  TRY(start_container(request, inputs, output, env));
  std::uint64_t position = output.position();
  std::uint32_t crc = TRY(trx::write_image(composition, output));
  TRY(finish_container(request, output, env));
  auto image = TRY(InputFile::open(output.temporary_path().string(), env)).called(request.output);
  return Draft{std::move(scratch), std::move(output), position, crc, std::move(image)};
}

// The very bytes that are about to appear are judged, as verify would judge them.
Status judge_draft(const PackRequest& request, const PackInputs& inputs, const Draft& draft,
                   std::uint32_t magic, PackReport& report, const Env& env) {
  const InputFile& file = draft.image;
  const board::Board* board = request.board;
  Analysis& analysis = report.analysis;
  TRY(check_container(file, draft.position));
  trx::Wrapped wrapped = TRY(trx::read_wrapped(file, {}, magic));
  analysis.computed_crc = draft.crc;
  wrapped.image.file = wrapped.container.file = name_without_folder(request.output);
  analysis.container = std::move(wrapped.container);
  analysis.image = std::move(wrapped.image);
  analysis.fourth = wrapped.fourth;
  analysis.trailer = TRY(trx::read_trailer(file, analysis.image));
  // Without a board nothing is known that the unpacked size could be compared with.
  trx::Depth depth = board != nullptr ? trx::Depth::decode : trx::Depth::headers;
  analysis.payloads = TRY(describe_parts(inputs, analysis.image, depth));
  auto markers = TRY(find_markers(file, analysis.image, squashfs_end_of(analysis)));
  report.layout = layout_of(analysis, file.size(), std::move(markers));
  report.findings.append(judge(analysis, report.layout, board));
  report.findings.append(judge_limits(request.limits, report.layout, board));
  if (board != nullptr) {
    std::optional<InputFile> cfe;
    if (!request.cfe.empty()) cfe = TRY(InputFile::open(request.cfe, env));
    report.findings.append(
        TRY(judge_kernel_view(*board, file, report.layout, cfe ? &*cfe : nullptr)));
  }
  report.refusal = refusal_of(report.findings);
  return {};
}

// Image and manifest appear together or not at all; a pipe or device gets the image alone.
Status publish(const PackRequest& request, const PackInputs& inputs,
               const trx::Composition& composition, Draft& draft, PackReport& report,
               const Env& env) {
  if (draft.scratch) {
    auto output = TRY(OutputFile::create(request.output));
    TRY(copy_file(draft.image, output));
    return output.commit();
  }
  draft.output.start_sync();  // its bytes are hashed meanwhile
  report.manifest = TRY(manifest_of(request, inputs, composition, draft.image, env));
  return commit_build(draft.output, request.output, *report.manifest);
}

}  // namespace

Result<PackReport> pack(const PackRequest& request, const Env& env) {
  TRY(check_request(request));
  TRY(keep_all_inputs(request));
  PackReport report;
  PackInputs inputs = TRY(open_inputs(request, env));
  report.findings = TRY(judge_inputs(inputs, request.board, env));
  report.refusal = refusal_of(report.findings);
  if (report.refusal) return report;
  report.findings.append(TRY(prepare_inputs(inputs, request, env)));
  if (inputs.packed) report.kernel_size = inputs.packed->raw_size;

  trx::HeaderFields fields = TRY(header_fields(request, inputs));
  trx::Composition composition(fields);
  TRY(lay_out(request, inputs, composition));
  TRY(check_version(composition, fields.version));
  Draft draft = TRY(write_draft(request, inputs, composition, env));
  TRY(judge_draft(request, inputs, draft, fields.magic, report, env));
  if (report.refusal || request.dry_run) return report;
  TRY(publish(request, inputs, composition, draft, report, env));
  return report;
}

}  // namespace trxkit::firmware
