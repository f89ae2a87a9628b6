// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/kernel/open.h"

#include "lib/archive/archive_handle.h"
#include "lib/core/units.h"
#include "lib/kernel/recognise.h"

namespace trxkit::kernel {
namespace {

constexpr std::uint64_t kLargest = 256 << 20;

Status unpack_to(OutputFile& output, const std::shared_ptr<const InputFile>& packed) {
  auto stream = TRY(archive::decompressed(archive::file_stream(packed), packed->name()));
  std::vector<std::byte> block(256 << 10);
  while (std::size_t got = TRY(stream->read(block))) {
    if (output.position() + got > kLargest) {
      return fail(Code::bad_input, "more than {}, which is no kernel", human_size(kLargest));
    }
    TRY(output.write(Bytes(block).first(got)));
  }
  return {};
}

/// The unpacked contents of `path`, in a file whose folder is gone: only the descriptor keeps it.
Result<InputFile> unpack_file(const std::shared_ptr<const InputFile>& packed, const Env& env) {
  TemporaryDirectory scratch = TRY(TemporaryDirectory::create(env.temporary_directory));
  std::string place = scratch.path() / "vmlinux";
  OutputFile output = TRY(OutputFile::create(place));
  TRY(unpack_to(output, packed));
  TRY(output.commit_scratch());
  return TRY(InputFile::open(place, env)).called(packed->name());
}

Error not_unpacked(const Error& cause, const OtherFormat& format, const std::string& name) {
  Findings findings;
  findings.add("ELF049", {.file = name, .offset = 0},
               fmt::format("is {} that cannot be unpacked: {}", format.name, cause.what),
               "get the file again");
  return as_error(findings, Code::bad_input);
}

}  // namespace

Result<OpenedKernel> open_kernel(const std::string& path, const Env& env, const std::string& name) {
  InputFile file = TRY(InputFile::open(path, env));
  if (!name.empty()) file = std::move(file).called(name);
  auto given = std::make_shared<InputFile>(std::move(file));
  OtherFormat format = recognise(TRY(given->bytes_at(0, 64)));
  OpenedKernel kernel;
  if (!format.compression.empty()) {
    auto unpacked = unpack_file(given, env);
    if (!unpacked && unpacked.error().code == Code::io) return std::unexpected(unpacked.error());
    if (!unpacked) return std::unexpected(not_unpacked(unpacked.error(), format, given->name()));
    kernel.unpacked = std::move(*unpacked);
    kernel.compression = format.compression;
  }
  kernel.given = std::move(*given);
  auto elf = read_kernel(kernel.file());
  if (!elf) {
    Error error = std::move(elf).error();
    if (kernel.unpacked) error.what += fmt::format(" (unpacked with {})", kernel.compression);
    return std::unexpected(std::move(error));
  }
  kernel.elf = std::move(*elf);
  return kernel;
}

Findings findings_of(const Error& error) {
  Findings findings;
  findings.add(error, {"ELF046", "ELF047", "ELF048", "ELF049"});
  return findings;
}

Findings check_packing(const OpenedKernel& kernel) {
  Findings findings;
  if (kernel.unpacked) {
    findings.add("ELF050", {.file = kernel.given.name()},
                 fmt::format("was unpacked first ({}, {} -> {})", kernel.compression,
                             human_size(kernel.given.size()), human_size(kernel.unpacked->size())),
                 kernel.compression == "gzip" ? "" : "OpenWrt's kexec itself unpacks gzip only");
  }
  return findings;
}

}  // namespace trxkit::kernel
