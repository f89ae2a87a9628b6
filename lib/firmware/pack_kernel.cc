// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/firmware/pack_kernel.h"

#include "lib/kernel/check.h"
#include "lib/kernel/raw.h"

namespace trxkit::firmware {
namespace {

using board::Compression;

// What lies in KSEG0, KSEG1 and the physical address space at one place is the same memory.
std::uint64_t physical(std::uint64_t address) {
  return address & 0x1fffffff;
}

class PlainCopy final : public trx::Compressor {
 public:
  explicit PlainCopy(trx::Sink sink) : sink_(std::move(sink)) {}
  Status write(Bytes bytes) override { return sink_(bytes); }
  Status finish() override { return {}; }

 private:
  trx::Sink sink_;
};

std::unique_ptr<trx::Compressor> compressor_for(const board::Board& board, trx::Sink sink,
                                                std::uint64_t size) {
  switch (*board.boot_loader.compression) {
    case Compression::gzip:
      return trx::make_gzip(std::move(sink));
    case Compression::lzma:
      return trx::make_lzma(std::move(sink), board.boot_loader.lzma, size);
    case Compression::none:
      break;
  }
  return std::make_unique<PlainCopy>(std::move(sink));
}

// An encoder's mistake would show on the router only, as a kernel that does not start. A decoder's
// success proves little for LZMA, so the bytes are compared.
Status compare_unpacked(const InputFile& packed, Compression compression, std::uint64_t size,
                        const Sha256Digest& wanted) {
  Sha256 hash;
  trx::FileRange range{&packed, 0, packed.size()};
  trx::Sink sink = [&](Bytes bytes) -> Status {
    hash.update(bytes);
    return {};
  };
  trx::Unpacked unpacked{.packed_size = packed.size(), .size = size, .fault = {}};
  if (compression == Compression::gzip) unpacked = TRY(trx::unpack_gzip(range, sink));
  if (compression == Compression::lzma) unpacked = TRY(trx::unpack_lzma(range, sink));
  if (compression == Compression::none) TRY(packed.for_each_block(0, packed.size(), sink));
  bool same = unpacked.fault.empty() && unpacked.size == size &&
              unpacked.packed_size == packed.size() && hash.digest() == wanted;
  if (same) return {};
  return fail(Code::bad_input, "the packed kernel does not unpack to the same bytes");
}

}  // namespace

Result<Findings> judge_kernel(const InputFile& file, const kernel::KernelElf& elf,
                              const board::Board& board) {
  Findings findings = TRY(kernel::check_kernel(file, elf, board, kernel::Role::flash));
  std::uint64_t load = *board.boot_loader.load_address;
  if (physical(load) != physical(*board.kernel.load_address)) {
    findings.add(
        "PAY013", {file.name(), {}},
        fmt::format("kernels of {} run at {:#x}, but its boot loader starts part 1 at {:#x}",
                    board.name, *board.kernel.load_address, load),
        "a loader has to be part 1");
  }
  return findings;
}

Result<PackedKernel> pack_kernel(const InputFile& file, const kernel::KernelElf& elf,
                                 const board::Board& board, const std::filesystem::path& folder,
                                 const Env& env) {
  std::uint64_t size = kernel::raw_size(elf);
  auto spool = TRY(OutputFile::create((folder / "kernel").string()));
  auto compressor = compressor_for(board, [&](Bytes bytes) { return spool.write(bytes); }, size);
  Sha256 hash;
  trx::KernelText text;
  TRY(kernel::write_raw(file, elf, [&](Bytes bytes) -> Status {
    hash.update(bytes);
    text.update(bytes);
    return compressor->write(bytes);
  }));
  text.finish();
  TRY(compressor->finish());
  TRY(spool.commit());
  PackedKernel packed;
  packed.file = TRY(InputFile::open((folder / "kernel").string(), env));
  TRY(compare_unpacked(packed.file, *board.boot_loader.compression, size, hash.digest()));
  trx::FileRange range{&packed.file, 0, packed.file.size()};
  packed.payload = TRY(trx::describe_payload(range, trx::Depth::headers));
  packed.payload.unpacked = trx::Unpacked{packed.file.size(), size, false, {}};
  packed.payload.unpacked_kind = trx::PayloadKind::mips_code;
  packed.payload.banner = text.banner();
  packed.payload.command_line = text.command_line();
  packed.payload.has_flash_init = text.has_flash_init();
  packed.raw_size = size;
  return packed;
}

}  // namespace trxkit::firmware
