// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/firmware/extract.h"

#include <filesystem>

#include "lib/firmware/extract_recipe.h"

namespace trxkit::firmware {
namespace {

namespace fs = std::filesystem;
using trx::Payload;
using trx::PayloadKind;

constexpr const char* kAsItIs = "extract it without --decompress to get it as it is";

// All that a part holds, unpacked where it is packed.
Status unpack_part(const trx::FileRange& range, PayloadKind kind, const trx::Sink& sink) {
  if (kind != PayloadKind::gzip && kind != PayloadKind::lzma) {
    return range.file->for_each_block(range.offset, range.size, sink);
  }
  trx::Unpacked unpacked = kind == PayloadKind::gzip ? TRY(trx::unpack_gzip(range, sink))
                                                     : TRY(trx::unpack_lzma(range, sink));
  if (unpacked.over_limit) {
    return advise(fail_at({range.file->name(), range.offset}, Code::bad_input,
                          "unpacks to more than any router's memory holds"),
                  kAsItIs);
  }
  if (unpacked.fault.empty()) return {};
  return advise(fail_at({range.file->name(), range.offset + unpacked.packed_size}, Code::bad_input,
                        "the part does not unpack: {}", unpacked.fault),
                kAsItIs);
}

// How trxkit's loader and the kernel behind it are told apart: `kernel` gets the one, `stub` the
// other.
Status split_loader(const trx::FileRange& range, PayloadKind kind, const trx::Sink& kernel,
                    const trx::Sink& stub) {
  trx::LoaderReader reader(kernel);
  TRY(unpack_part(range, kind, [&](Bytes bytes) { return reader.write(bytes); }));
  TRY(stub(reader.stub()));
  trx::LoaderContents contents = reader.finish();
  if (contents.result.fault.empty() && !contents.result.over_limit) return {};
  return advise(fail_at({range.file->name(), range.offset}, Code::bad_input,
                        "the kernel behind the loader does not unpack: {}",
                        contents.result.over_limit ? "more than any router's memory holds"
                                                   : contents.result.fault),
                kAsItIs);
}

Status ignore(Bytes) {
  return {};
}

Status write_part(const trx::FileRange& range, const Payload& payload, bool unpack,
                  const trx::Sink& sink) {
  if (!unpack) return range.file->for_each_block(range.offset, range.size, sink);
  if (payload.loader) return split_loader(range, payload.kind, sink, ignore);
  return unpack_part(range, payload.kind, sink);
}

trx::FileRange range_of(const InputFile& file, const Analysis& analysis, const Payload& payload) {
  return {&file, analysis.image.position + payload.part.offset, stored_size(payload)};
}

// A folder that appears under its name with all its files or not at all.
class Folder {
 public:
  /// Errors: Code::refused where `path` is something else than an empty folder; Code::io.
  static Result<Folder> create(const std::string& path) {
    std::error_code error;
    fs::path target = fs::path(path).lexically_normal();
    if (!target.has_filename()) target = target.parent_path();
    fs::file_type found = fs::symlink_status(target, error).type();
    if (found == fs::file_type::none) {
      return fail_at({path, {}}, Code::io, "cannot be created: {}", error.message());
    }
    bool empty = found == fs::file_type::not_found ||
                 (fs::is_directory(target, error) && fs::is_empty(target, error) && !error);
    if (!empty) {
      return advise(fail_at({path, {}}, Code::refused, "is there already and not an empty folder"),
                    "give another name, or remove it first");
    }
    fs::path parent = target.has_parent_path() ? target.parent_path() : ".";
    fs::create_directories(parent, error);
    if (error) return fail_at({path, {}}, Code::io, "cannot be created: {}", error.message());
    Folder folder{TRY(TemporaryDirectory::create(parent)), target};
    fs::create_directory(folder.inside(), error);
    if (error) return fail_at({path, {}}, Code::io, "cannot be created: {}", error.message());
    return folder;
  }

  /// Writes the file `name` with whatever `write` gives to its sink.
  Status add(unsigned part, const std::string& name,
             const std::function<Status(const trx::Sink&)>& write) {
    auto output = TRY(OutputFile::create((inside() / name).string()));
    TRY(write([&](Bytes bytes) { return output.write(bytes); }));
    files_.push_back({part, (target_ / name).string(), output.position()});
    return output.commit();
  }
  Result<std::vector<ExtractedFile>> commit() {
    std::error_code error;
    fs::rename(inside(), target_, error);
    if (!error) return std::move(files_);
    return fail_at({target_.string(), {}}, Code::io, "cannot be put in place: {}", error.message());
  }

 private:
  Folder(TemporaryDirectory scratch, fs::path target)
      : scratch_(std::move(scratch)), target_(std::move(target)) {}
  fs::path inside() const { return scratch_.path() / "parts"; }

  TemporaryDirectory scratch_;
  fs::path target_;
  std::vector<ExtractedFile> files_;
};

Status add_payloads(const InputFile& file, const Analysis& analysis, bool unpack, Folder& folder) {
  for (const Payload& payload : analysis.payloads) {
    trx::FileRange range = range_of(file, analysis, payload);
    TRY(folder.add(payload.part.number, file_name(payload, unpack), [&](const trx::Sink& sink) {
      return write_part(range, payload, unpack, sink);
    }));
    if (!unpack || !payload.loader) continue;
    TRY(folder.add(
        payload.part.number, fmt::format("part{}.loader", payload.part.number),
        [&](const trx::Sink& sink) { return split_loader(range, payload.kind, ignore, sink); }));
  }
  return {};
}

Status add_plan(const InputFile& file, const ExtractPlan& plan, Folder& folder) {
  for (const ExtractPiece& piece : plan.pieces) {
    TRY(folder.add(piece.part, piece.name, [&](const trx::Sink& sink) {
      return file.for_each_block(piece.offset, piece.size, sink);
    }));
  }
  std::string text =
      print(plan.recipe,
            std::to_array<std::string>(
                {fmt::format("{} again, bit for bit: trxtool pack --recipe {} -o IMAGE",
                             fs::path(file.name()).filename().string(), kRecipeName),
                 fmt::format("{} bytes, SHA-256 {}", file.size(), hex(TRY(sha256_of(file))))}));
  return folder.add(0, std::string(kRecipeName),
                    [&](const trx::Sink& sink) { return sink(as_bytes(text)); });
}

Result<std::vector<ExtractedFile>> extract_all(const InputFile& file, const Analysis& analysis,
                                               const ExtractRequest& request, Findings& findings) {
  Folder folder = TRY(Folder::create(request.output));
  if (request.decompress) {
    TRY(add_payloads(file, analysis, true, folder));
    return folder.commit();
  }
  auto plan = plan_extraction(file, analysis);
  if (plan) {
    TRY(add_plan(file, *plan, folder));
    return folder.commit();
  }
  const Error& error = plan.error();
  if (!findings.add(error, {"TRX052"})) return std::unexpected(error);
  TRY(add_payloads(file, analysis, false, folder));
  return folder.commit();
}

Result<std::vector<ExtractedFile>> extract_one(const InputFile& file, const Analysis& analysis,
                                               const ExtractRequest& request) {
  for (const Payload& payload : analysis.payloads) {
    if (payload.part.number != *request.part) continue;
    TRY(keep_inputs(request.output, {file.name()}));
    auto output = TRY(OutputFile::create(request.output));
    TRY(write_part(range_of(file, analysis, payload), payload, request.decompress,
                   [&](Bytes bytes) { return output.write(bytes); }));
    TRY(output.commit());
    return std::vector<ExtractedFile>{{payload.part.number, request.output, output.position()}};
  }
  return fail_at(analysis.image.at(trx::kOffsetField), Code::bad_input, "has no part {}",
                 *request.part);
}

}  // namespace

Result<Extraction> extract(const InputFile& file, const ExtractRequest& request) {
  // Any magic will do: a wrong one does not keep anybody from looking inside.
  trx::Place place{.position = request.offset.value_or(0), .embedded = request.offset.has_value()};
  Analysis analysis = TRY(analyse(file, nullptr, trx::Depth::decode, place));
  const trx::Image& image = analysis.image;
  Extraction extraction;
  if (analysis.computed_crc != image.crc) {
    extraction.findings.add("TRX005", image.at(trx::kCrcField),
                            fmt::format("the CRC is {:#010x}, but the bytes give {:#010x}",
                                        image.crc, analysis.computed_crc),
                            "the parts may be damaged");
  }
  if (image.parts.empty()) {
    return fail_at(image.at(trx::kOffsetField), Code::bad_input, "has no parts");
  }
  for (const trx::Part& part : image.parts) {
    if (part.offset > image.available && (!request.part || *request.part == part.number)) {
      return fail_at(image.at(trx::kOffsetField), Code::bad_input,
                     "part {} starts at {:#x}, behind the end of the file", part.number,
                     part.offset);
    }
  }
  extraction.files = request.part ? TRY(extract_one(file, analysis, request))
                                  : TRY(extract_all(file, analysis, request, extraction.findings));
  return extraction;
}

}  // namespace trxkit::firmware
