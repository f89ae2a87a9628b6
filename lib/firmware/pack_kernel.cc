// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/firmware/pack_kernel.h"

#include "lib/trx/loader_rules.h"
#include "lib/trx/payload_rules.h"

namespace trxkit::firmware {
namespace {

using board::Compression;

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

// Why a packed kernel cannot be used as it is; empty: it can.
std::string obstacle_to_code(const KernelInput& kernel) {
  return kernel.elf ? "it holds an ELF file, but is started at its first byte" : "";
}

std::string obstacle_for_boot_loader(const KernelInput& kernel, const board::BootLoader& loader) {
  const trx::Payload& packed = *kernel.packed;
  bool lzma = packed.kind == trx::PayloadKind::lzma;
  if (*loader.compression == Compression::none) return "the boot loader unpacks nothing";
  if (lzma && *loader.compression != Compression::lzma) {
    return "the boot loader is not known to unpack LZMA";
  }
  if (lzma && !trx::is_packed_with(*packed.lzma, loader.lzma)) {
    return "its LZMA parameters are not those of the boot loader";
  }
  return obstacle_to_code(kernel);
}

std::string obstacle_for_stub(const KernelInput& kernel) {
  const trx::Payload& packed = *kernel.packed;
  if (packed.kind != trx::PayloadKind::lzma) return "the loader unpacks LZMA";
  if (!trx::loader_unpacks(*packed.lzma)) {
    return "the loader unpacks LZMA of known size with lc + lp up to 4";
  }
  return obstacle_to_code(kernel);
}

std::string obstacle_for_foreign_loader(const KernelInput& kernel) {
  if (kernel.packed->kind != trx::PayloadKind::lzma) return "loaders of others unpack LZMA";
  return obstacle_to_code(kernel);
}

Result<std::uint32_t> crc32_of(const InputFile& file, std::uint64_t size) {
  Crc32 crc;
  TRY(file.for_each_block(0, size, [&](Bytes bytes) -> Status {
    crc.update(bytes);
    return {};
  }));
  return crc.value();
}

}  // namespace

Result<InputFile> KernelPacker::compress(Compression compression,
                                         const board::LzmaParameters& lzma) {
  std::string path = (folder_ / "packed").string();
  raw_.size = kernel_.raw_size();
  auto spool = TRY(OutputFile::create(path));
  auto compressor = make_compressor(
      compression, lzma, [&](Bytes bytes) { return spool.write(bytes); }, raw_.size);
  TRY(read_raw([&](Bytes bytes) { return compressor->write(bytes); }));
  TRY(compressor->finish());
  TRY(spool.commit_scratch());
  auto packed = TRY(InputFile::open(path, env_));
  TRY(compare_unpacked(packed, compression, raw_.size, raw_.hash));
  return packed;
}

Status KernelPacker::read_raw(const trx::Sink& sink) {
  Crc32 crc;
  Sha256 hash;
  TRY(kernel_.write_raw([&](Bytes bytes) -> Status {
    crc.update(bytes);
    hash.update(bytes);
    text_.update(bytes);
    return sink(bytes);
  }));
  text_.finish();
  raw_ = {kernel_.raw_size(), crc.value(), hash.digest()};
  return {};
}

Result<PackedKernel> KernelPacker::keep() {
  TRY(read_raw([](Bytes) -> Status { return {}; }));
  return describe(std::nullopt, kernel_.packed->unpacked->packed_size);
}

// The description is put together of what is known: unpacking it all again would tell no more.
Result<PackedKernel> KernelPacker::describe(std::optional<InputFile> file,
                                            std::uint64_t size) const {
  PackedKernel packed;
  packed.file = std::move(file);
  packed.size = size;
  trx::FileRange range{packed.file ? &*packed.file : kernel_.file, 0, size};
  packed.payload = TRY(trx::describe_payload(range, trx::Depth::headers));
  packed.payload.unpacked = trx::Unpacked{size, raw_.size, false, {}};
  packed.payload.unpacked_kind = trx::PayloadKind::mips_code;
  packed.payload.banner = text_.banner();
  packed.payload.command_line = text_.command_line();
  packed.payload.has_flash_init = text_.has_flash_init();
  packed.payload.has_search = text_.has_search();
  packed.raw_size = raw_.size;
  return packed;
}

Result<PackedKernel> KernelPacker::pack(const std::string& obstacle, Compression compression,
                                        const board::LzmaParameters& lzma) {
  if (kernel_.packed && obstacle.empty()) return keep();
  InputFile file = TRY(compress(compression, lzma));
  std::uint64_t size = file.size();
  PackedKernel packed = TRY(describe(std::move(file), size));
  if (kernel_.packed) {
    packed.findings.add("PAY041", {kernel_.file->name(), {}},
                        "the kernel was compressed again: " + obstacle);
  }
  return packed;
}

Result<PackedKernel> KernelPacker::for_boot_loader() {
  std::string obstacle;
  if (kernel_.packed) obstacle = obstacle_for_boot_loader(kernel_, board_.boot_loader);
  return pack(obstacle, *board_.boot_loader.compression, board_.boot_loader.lzma);
}

Result<PackedKernel> KernelPacker::for_foreign_loader() {
  std::string obstacle;
  if (kernel_.packed) obstacle = obstacle_for_foreign_loader(kernel_);
  return pack(obstacle, Compression::lzma, kLoaderLzma);
}

// A raw binary starts at its first byte, and what memory it needs beyond its own is not known.
LoadedKernel KernelPacker::loaded() const {
  LoadedKernel loaded{.load_address = *board_.kernel.load_address,
                      .entry = *board_.kernel.load_address,
                      .memory_size = raw_.size,
                      .result_size = raw_.size,
                      .result_crc = raw_.crc};
  if (!kernel_.elf) return loaded;
  loaded.load_address = kernel_.elf->load_start();
  loaded.entry = kernel_.elf->entry;
  loaded.memory_size = kernel_.elf->load_end() - kernel_.elf->load_start();
  return loaded;
}

Result<PackedKernel> KernelPacker::behind_stub(const LoaderStub& stub) {
  std::string obstacle;
  if (kernel_.packed) obstacle = obstacle_for_stub(kernel_);
  PackedKernel payload = TRY(pack(obstacle, Compression::lzma, kLoaderLzma));
  const InputFile& source = payload.file ? *payload.file : *kernel_.file;
  LoadedKernel kernel = loaded();
  kernel.payload_size = payload.size;
  kernel.payload_crc = TRY(crc32_of(source, payload.size));
  std::vector<std::byte> code = TRY(make_stub(stub, board_, kernel));
  std::string path = (folder_ / "part1").string();
  auto spool = TRY(OutputFile::create(path));
  auto gzip = trx::make_gzip([&](Bytes bytes) { return spool.write(bytes); });
  TRY(gzip->write(code));
  TRY(source.for_each_block(0, payload.size, [&](Bytes bytes) { return gzip->write(bytes); }));
  TRY(gzip->finish());
  TRY(spool.commit_scratch());
  PackedKernel packed;
  packed.file = TRY(InputFile::open(path, env_));
  packed.size = packed.file->size();
  // By the same eyes as any image that comes from elsewhere.
  packed.payload = TRY(trx::describe_payload({&*packed.file, 0, packed.size}, trx::Depth::decode));
  packed.raw_size = raw_.size;
  packed.findings = std::move(payload.findings);
  return packed;
}

}  // namespace trxkit::firmware
