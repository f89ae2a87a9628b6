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

std::unique_ptr<trx::Compressor> make_compressor(Compression compression,
                                                 const board::LzmaParameters& lzma, trx::Sink sink,
                                                 std::uint64_t size) {
  switch (compression) {
    case Compression::gzip:
      return trx::make_gzip(std::move(sink));
    case Compression::lzma:
      return trx::make_lzma(std::move(sink), lzma, size);
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

Result<std::uint32_t> crc32_of(const InputFile& file) {
  Crc32 crc;
  TRY(file.for_each_block(0, file.size(), [&](Bytes bytes) -> Status {
    crc.update(bytes);
    return {};
  }));
  return crc.value();
}

}  // namespace

Result<Findings> judge_kernel(const InputFile& file, const kernel::KernelElf& elf,
                              const board::Board& board, bool with_loader) {
  if (with_loader) {
    board::Board unlimited = board;
    unlimited.boot_loader.base.value = 0;
    return kernel::check_kernel(file, elf, unlimited, kernel::Role::flash);
  }
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

Result<InputFile> KernelPacker::compress(const std::string& name, Compression compression,
                                         const board::LzmaParameters& lzma) {
  std::string path = (folder_ / name).string();
  raw_.size = kernel::raw_size(elf_);
  auto spool = TRY(OutputFile::create(path));
  auto compressor = make_compressor(
      compression, lzma, [&](Bytes bytes) { return spool.write(bytes); }, raw_.size);
  Crc32 crc;
  Sha256 hash;
  TRY(kernel::write_raw(file_, elf_, [&](Bytes bytes) -> Status {
    crc.update(bytes);
    hash.update(bytes);
    text_.update(bytes);
    return compressor->write(bytes);
  }));
  text_.finish();
  TRY(compressor->finish());
  TRY(spool.commit());
  raw_.crc = crc.value();
  raw_.hash = hash.digest();
  auto packed = TRY(InputFile::open(path, env_));
  TRY(compare_unpacked(packed, compression, raw_.size, raw_.hash));
  return packed;
}

// The description is put together of what is known: unpacking it all again would tell no more.
Result<PackedKernel> KernelPacker::finish(InputFile file) const {
  PackedKernel packed;
  packed.file = std::move(file);
  trx::FileRange range{&packed.file, 0, packed.file.size()};
  packed.payload = TRY(trx::describe_payload(range, trx::Depth::headers));
  packed.payload.unpacked = trx::Unpacked{packed.file.size(), raw_.size, false, {}};
  packed.payload.unpacked_kind = trx::PayloadKind::mips_code;
  packed.payload.banner = text_.banner();
  packed.payload.command_line = text_.command_line();
  packed.payload.has_flash_init = text_.has_flash_init();
  packed.raw_size = raw_.size;
  return packed;
}

Result<PackedKernel> KernelPacker::for_boot_loader() {
  return finish(TRY(compress("kernel", *board_.boot_loader.compression, board_.boot_loader.lzma)));
}

Result<PackedKernel> KernelPacker::for_foreign_loader() {
  return finish(TRY(compress("kernel", Compression::lzma, kLoaderLzma)));
}

Result<PackedKernel> KernelPacker::behind_stub(const LoaderStub& stub) {
  auto payload = TRY(compress("payload", Compression::lzma, kLoaderLzma));
  LoadedKernel kernel{.load_address = elf_.load_start(),
                      .entry = elf_.entry,
                      .memory_size = elf_.load_end() - elf_.load_start(),
                      .payload_size = payload.size(),
                      .payload_crc = TRY(crc32_of(payload)),
                      .result_size = raw_.size,
                      .result_crc = raw_.crc};
  std::vector<std::byte> code = TRY(make_stub(stub, board_, kernel));
  std::string path = (folder_ / "kernel").string();
  auto spool = TRY(OutputFile::create(path));
  auto gzip = trx::make_gzip([&](Bytes bytes) { return spool.write(bytes); });
  TRY(gzip->write(code));
  TRY(payload.for_each_block(0, payload.size(), [&](Bytes bytes) { return gzip->write(bytes); }));
  TRY(gzip->finish());
  TRY(spool.commit());
  PackedKernel packed;
  packed.file = TRY(InputFile::open(path, env_));
  // By the same eyes as any image that comes from elsewhere.
  packed.payload =
      TRY(trx::describe_payload({&packed.file, 0, packed.file.size()}, trx::Depth::decode));
  packed.raw_size = raw_.size;
  return packed;
}

}  // namespace trxkit::firmware
