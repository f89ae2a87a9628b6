// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/firmware/rewrite_header.h"

#include "lib/firmware/magic_notes.h"
#include "lib/firmware/verify.h"

namespace trxkit::firmware {
namespace {

Patch word_at(std::uint64_t offset, std::uint32_t value) {
  le32 word = value;
  Bytes bytes = as_bytes(word);
  return {offset, {bytes.begin(), bytes.end()}};
}

HeaderFields fields_of(const trx::Image& image) {
  return {image.magic, image.length, image.crc};
}

std::vector<Patch> patches_of(const RewriteReport& report) {
  std::vector<Patch> patches;
  auto change = [&](std::uint64_t field, std::uint32_t before, std::uint32_t after) {
    if (before != after) patches.push_back(word_at(report.position + field, after));
  };
  change(0, report.before.magic, report.after.magic);
  change(trx::kLengthField, report.before.length, report.after.length);
  change(trx::kCrcField, report.before.crc, report.after.crc);
  return patches;
}

Result<std::string> path_for(const RewriteRequest& request) {
  std::string board_file = request.board != nullptr ? request.board->file : "";
  return path_of(request.target, request.input, board_file);
}

Status write(const RewriteRequest& request, const InputFile& input, const std::string& path,
             RewriteReport& report, const Env& env) {
  auto judge = [&](const InputFile& changed) -> Result<Findings> {
    return TRY(verify({.file = &changed, .board = request.board}, env)).findings;
  };
  report.patched = TRY(write_patched(input, patches_of(report), path, "image", judge, env));
  return {};
}

}  // namespace

Result<RewriteReport> remagic(const RewriteRequest& request, std::uint32_t magic, const Env& env) {
  std::string path = TRY(path_for(request));
  auto input = TRY(InputFile::open(request.input, env));
  Analysis analysis = TRY(analyse(input, request.board, trx::Depth::headers));
  RewriteReport report;
  report.position = analysis.image.position;
  report.before = report.after = fields_of(analysis.image);
  report.after.magic = magic;
  TRY(write(request, input, path, report, env));
  if (!report.patched.refusal) {
    report.patched.findings.append(
        notes_on_magic(magic, {.file = input.name(), .offset = report.position}));
  }
  return report;
}

Result<RewriteReport> fix_crc(const RewriteRequest& request, std::optional<std::uint64_t> length,
                              const Env& env) {
  std::string path = TRY(path_for(request));
  auto input = TRY(InputFile::open(request.input, env));
  trx::Image image = TRY(analyse(input, request.board, trx::Depth::headers)).image;
  RewriteReport report;
  report.position = image.position;
  report.before = report.after = fields_of(image);
  if (length) {
    if (*length > image.available) {
      return fail(Code::usage, "a length of {:#x} bytes, but the image has only {:#x}", *length,
                  image.available);
    }
    image.length = static_cast<std::uint32_t>(*length);
    report.after.length = image.length;
  }
  report.after.crc = TRY(trx::compute_crc(input, image));
  TRY(write(request, input, path, report, env));
  return report;
}

}  // namespace trxkit::firmware
