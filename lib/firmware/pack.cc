// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/firmware/pack.h"

#include <algorithm>
#include <filesystem>

#include "lib/firmware/flash_layout.h"
#include "lib/firmware/pack_layout.h"
#include "lib/firmware/refusal.h"
#include "lib/firmware/verify.h"

namespace trxkit::firmware {
namespace {

using trx::Composition;

Status check_request(const PackRequest& request) {
  if (request.board == nullptr && !request.kernel.empty()) {
    return advise(fail(Code::usage, "a kernel can be packed only for a board"),
                  "name it with --board, or give a kernel packed already with --part");
  }
  if (request.kernel.empty() && !request.loader.empty()) {
    return advise(fail(Code::usage, "a loader without a kernel has nothing to start"),
                  "give the kernel with --kernel");
  }
  if (request.board == nullptr && !request.rootfs.empty()) {
    return advise(fail(Code::usage, "where a root file system may start depends on the flash"),
                  "name the board with --board, or give the file with --align and --part");
  }
  if (request.board == nullptr && request.erase_size) {
    return fail(Code::usage, "an erase size says something only about a board's flash");
  }
  bool parts = !request.kernel.empty() || !request.rootfs.empty() ||
               std::ranges::find(request.steps, PackStep::Kind::part, &PackStep::kind) !=
                   request.steps.end();
  if (parts) return {};
  return advise(fail(Code::usage, "there is nothing to pack"),
                "give --kernel and --rootfs, or --part");
}

std::string base_name(const std::string& path) {
  return path == "-" ? path : std::filesystem::path(path).filename().string();
}

Result<BuildManifest> manifest_of(const PackRequest& request, const PackInputs& inputs,
                                  const Composition& composition, const trx::Written& written,
                                  const Env& env) {
  BuildManifest manifest;
  manifest.tool = "trxtool";
  manifest.version = version();
  if (request.board != nullptr) manifest.board = request.board->name;
  manifest.source_date_epoch = env.source_date_epoch;
  manifest.programs = trx::codec_versions();
  for (const PackInput* input : inputs.all()) {
    const InputFile& file = *input->file;
    manifest.inputs.push_back(
        {input->role, base_name(file.name()), hex(TRY(sha256_of(file))), file.size()});
  }
  manifest.outputs.push_back(
      {"image", base_name(request.output), hex(written.digest), composition.size()});
  std::vector<const PackInput*> parts = inputs.parts();
  for (std::size_t i = 0; i < parts.size(); ++i) {
    std::uint64_t size = 0;
    for (const trx::Piece& piece : composition.pieces()) {
      if (piece.part == i + 1) size += piece.size;
    }
    manifest.contents.push_back({parts[i]->role, fmt::format("part {}", i + 1),
                                 hex(written.part_digests[i]), size, composition.offsets()[i]});
  }
  return manifest;
}

// Lets the kernel look at the very bytes that are about to appear under their name.
Status judge_view(const PackRequest& request, const InputFile& image, PackReport& report,
                  const Env& env) {
  if (request.board == nullptr) return {};
  std::optional<InputFile> cfe;
  if (!request.cfe.empty()) cfe = TRY(InputFile::open(request.cfe, env));
  report.findings.append(
      TRY(judge_kernel_view(*request.board, image, report.layout, cfe ? &*cfe : nullptr)));
  report.refusal = refusal_of(report.findings);
  return {};
}

// A pipe or device gets the image only after it was judged: it is made in a scratch folder.
Status write_through(const PackRequest& request, const Composition& composition, std::uint32_t crc,
                     OutputFile& output, PackReport& report, const Env& env) {
  auto scratch = TRY(TemporaryDirectory::create(env.temporary_directory));
  auto spool = TRY(OutputFile::create((scratch.path() / "image").string()));
  TRY(trx::write_image(composition, crc, spool));
  auto image = TRY(InputFile::open(spool.temporary_path().string(), env));
  TRY(judge_view(request, image, report, env));
  if (report.refusal) return {};
  TRY(copy_file(image, output));
  return output.commit();
}

// Image and manifest appear together or not at all.
Status write_outputs(const PackRequest& request, const PackInputs& inputs,
                     const Composition& composition, std::uint32_t crc, PackReport& report,
                     const Env& env) {
  auto output = TRY(OutputFile::create(request.output));
  if (output.temporary_path().empty()) {
    return write_through(request, composition, crc, output, report, env);
  }
  trx::Written written = TRY(trx::write_image(composition, crc, output));
  auto image = TRY(InputFile::open(output.temporary_path().string(), env));
  TRY(judge_view(request, image, report, env));
  if (report.refusal) return {};
  report.manifest = TRY(manifest_of(request, inputs, composition, written, env));
  auto manifest = TRY(OutputFile::create(request.output + ".manifest.json"));
  TRY(manifest.write(as_bytes(report.manifest->json().print())));
  TRY(output.commit());
  return manifest.commit();
}

}  // namespace

Result<PackReport> pack(const PackRequest& request, const Env& env) {
  TRY(check_request(request));
  std::vector<std::string> inputs_by_name{request.kernel, request.rootfs, request.cfe};
  for (const PackStep& step : request.steps) inputs_by_name.push_back(step.file);
  TRY(keep_inputs(request.output, inputs_by_name));
  if (request.erase_size) {
    board::Board board = *request.board;
    TRY(assume_erase_size(board, *request.erase_size));
    PackRequest certain = request;
    certain.board = &board;
    certain.erase_size.reset();
    return pack(certain, env);
  }
  PackReport report;
  PackInputs inputs = TRY(open_inputs(request, env));
  report.findings = TRY(judge_inputs(inputs, request.board));
  report.refusal = refusal_of(report.findings);
  if (report.refusal) return report;
  TRY(prepare_inputs(inputs, request, env));
  if (inputs.packed) report.kernel_size = inputs.packed->raw_size;

  const board::Board* board = request.board;
  Composition composition(board != nullptr ? *board->trx.magic : request.magic,
                          static_cast<std::uint16_t>(board != nullptr ? board->trx.version : 1));
  std::vector<std::uint64_t> markers = TRY(lay_out(request, inputs, composition));
  std::uint32_t crc = TRY(trx::crc_of(composition));
  Analysis& analysis = report.analysis;
  analysis.image = composition.image(base_name(request.output), crc);
  analysis.computed_crc = crc;
  analysis.trailer.markers = markers;
  // Without a board nothing is known that the unpacked size could be compared with.
  trx::Depth depth = board != nullptr ? trx::Depth::decode : trx::Depth::headers;
  analysis.payloads = TRY(describe_parts(inputs, analysis.image, depth));
  report.layout = layout_of(analysis, composition.size(), std::move(markers));
  report.findings.append(judge(analysis, report.layout, board));
  report.refusal = refusal_of(report.findings);
  if (report.refusal) return report;
  TRY(write_outputs(request, inputs, composition, crc, report, env));
  return report;
}

}  // namespace trxkit::firmware
