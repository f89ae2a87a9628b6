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

// How trxkit's loader and the kernel behind it are told apart: `kernel` gets the one, `stub` the
// other.
Status split_loader(const trx::FileRange& range, const trx::Sink& kernel, const trx::Sink& stub) {
  trx::LoaderReader reader(kernel);
  TRY(trx::unpack_gzip(range, [&](Bytes bytes) { return reader.write(bytes); }));
  TRY(stub(reader.stub()));
  trx::LoaderContents contents = reader.finish();
  if (contents.result.fault.empty()) return {};
  return advise(fail_at({range.file->name(), range.offset}, Code::bad_input,
                        "the kernel behind the loader does not unpack: {}", contents.result.fault),
                "extract it without --decompress to get it as it is");
}

Status unpack_part(const trx::FileRange& range, PayloadKind kind, const trx::Sink& sink) {
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

Status write_part(const trx::FileRange& range, const Payload& payload, bool unpack,
                  const trx::Sink& sink) {
  if (!unpack || !is_packed(payload.kind)) {
    return range.file->for_each_block(range.offset, range.size, sink);
  }
  if (!payload.loader) return unpack_part(range, payload.kind, sink);
  return split_loader(range, sink, [](Bytes) -> Status { return {}; });
}

// The files of one extraction: complete, but without their names until the last of them is.
class Outputs {
 public:
  explicit Outputs(Extraction& extraction) : extraction_(extraction) {}

  /// Writes the file `path` of `part` with whatever `write` gives to its sink.
  Status add(unsigned part, const std::string& path,
             const std::function<Status(const trx::Sink&)>& write) {
    auto output = TRY(OutputFile::create(path));
    TRY(write([&](Bytes bytes) { return output.write(bytes); }));
    extraction_.files.push_back({part, path, output.position()});
    files_.push_back(std::move(output));
    return {};
  }
  Status commit() {
    for (OutputFile& output : files_) TRY(output.commit());
    return {};
  }

 private:
  Extraction& extraction_;
  std::vector<OutputFile> files_;
};

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
  Outputs outputs(extraction);
  for (const Payload& payload : wanted) {
    std::string path = request.output;
    std::string stem = fmt::format("part{}.", payload.part.number);
    if (!request.part) {
      path = (fs::path(path) / (stem + std::string(extension_of(payload.kind, request.decompress))))
                 .string();
    }
    trx::FileRange range{&file, image.position + payload.part.offset, stored_size(payload)};
    TRY(outputs.add(payload.part.number, path, [&](const trx::Sink& sink) {
      return write_part(range, payload, request.decompress, sink);
    }));
    if (request.part || !request.decompress || !payload.loader) continue;
    TRY(outputs.add(payload.part.number, (fs::path(request.output) / (stem + "loader")).string(),
                    [&](const trx::Sink& sink) {
                      return split_loader(range, [](Bytes) -> Status { return {}; }, sink);
                    }));
  }
  TRY(outputs.commit());
  return extraction;
}

}  // namespace trxkit::firmware
