// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/firmware/extract.h"

#include <filesystem>

#include "lib/trx/judge.h"
#include "lib/trx/payload.h"

namespace trxkit::firmware {
namespace {

namespace fs = std::filesystem;
using trx::Payload;
using trx::PayloadKind;

bool is_packed(PayloadKind kind) {
  return kind == PayloadKind::gzip || kind == PayloadKind::lzma;
}

std::string_view extension_of(PayloadKind kind, bool unpack) {
  if (unpack && is_packed(kind)) return "bin";
  switch (kind) {
    case PayloadKind::gzip:
      return "gz";
    case PayloadKind::lzma:
    case PayloadKind::squashfs:
    case PayloadKind::jffs2:
    case PayloadKind::elf:
      return name_of(kind);
    case PayloadKind::empty:
    case PayloadKind::mips_code:
    case PayloadKind::unknown:
      break;
  }
  return "bin";
}

Status unpack_part(const trx::FileRange& range, PayloadKind kind, OutputFile& output) {
  trx::Sink sink = [&](Bytes bytes) { return output.write(bytes); };
  trx::Unpacked unpacked = kind == PayloadKind::gzip ? TRY(trx::unpack_gzip(range, sink))
                                                     : TRY(trx::unpack_lzma(range, sink));
  if (unpacked.over_limit) {
    return fail_at({range.file->name(), range.offset}, Code::bad_input,
                   "unpacks to more than any router's memory holds");
  }
  if (unpacked.fault.empty()) return {};
  return advise(fail_at({range.file->name(), range.offset + unpacked.packed_size}, Code::bad_input,
                        "the part does not unpack: {}", unpacked.fault),
                "extract it without --decompress to get it as it is");
}

// Padding behind a compressed stream belongs to the image; xz takes it for damage. Bytes that are
// no padding may be a second file in the part, so then all of it is kept.
std::uint64_t stored_size(const Payload& payload) {
  bool padded = is_packed(payload.kind) && payload.own_end() && !payload.foreign;
  return padded ? *payload.own_end() - payload.part.offset : payload.part.size();
}

Result<OutputFile> write_part(const InputFile& file, const trx::Image& image,
                              const Payload& payload, bool unpack, const std::string& path) {
  auto output = TRY(OutputFile::create(path));
  trx::FileRange range{&file, image.position + payload.part.offset, stored_size(payload)};
  if (unpack && is_packed(payload.kind)) {
    TRY(unpack_part(range, payload.kind, output));
  } else {
    TRY(file.for_each_block(range.offset, range.size,
                            [&](Bytes bytes) { return output.write(bytes); }));
  }
  return output;
}

Status make_folder(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (!error) return {};
  return fail_at({path, {}}, Code::io, "cannot be created: {}", error.message());
}

// The parts that are wanted, described.
Result<std::vector<Payload>> wanted_parts(const InputFile& file, const trx::Image& image,
                                          std::optional<std::uint64_t> number) {
  std::vector<Payload> wanted;
  for (const trx::Part& part : image.parts) {
    if (number && part.number != *number) continue;
    if (part.offset > image.available) {
      return fail_at(image.at(trx::kOffsetField), Code::bad_input,
                     "part {} starts at {:#x}, behind the end of the file", part.number,
                     part.offset);
    }
    wanted.push_back(TRY(trx::read_payload(file, image, part, trx::Depth::decode)));
  }
  if (!wanted.empty()) return wanted;
  if (!number) return fail_at(image.at(trx::kOffsetField), Code::bad_input, "has no parts");
  return fail_at(image.at(trx::kOffsetField), Code::bad_input, "has no part {}", *number);
}

}  // namespace

Result<Extraction> extract(const InputFile& file, const ExtractRequest& request, const Env&) {
  // Any magic will do: a wrong one does not keep anybody from looking inside.
  auto image = TRY(trx::read_image(file, 0, std::nullopt));
  Extraction extraction;
  std::uint32_t crc = TRY(trx::compute_crc(file, image));
  if (crc != image.crc) {
    extraction.findings.add(
        "TRX005", image.at(trx::kCrcField),
        fmt::format("the CRC is {:#010x}, but the bytes give {:#010x}", image.crc, crc),
        "the parts may be damaged");
  }
  std::vector<Payload> wanted = TRY(wanted_parts(file, image, request.part));
  if (!request.part) TRY(make_folder(request.output));
  std::vector<OutputFile> outputs;
  for (const Payload& payload : wanted) {
    std::string path = request.output;
    if (!request.part) {
      path = (fs::path(path) / fmt::format("part{}.{}", payload.part.number,
                                           extension_of(payload.kind, request.decompress)))
                 .string();
    }
    outputs.push_back(TRY(write_part(file, image, payload, request.decompress, path)));
    extraction.files.push_back({payload.part.number, path, outputs.back().position()});
  }
  for (OutputFile& output : outputs) TRY(output.commit());
  return extraction;
}

}  // namespace trxkit::firmware
