// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/trx/payload.h"

#include <algorithm>

#include "lib/trx/code_constants.h"
#include "lib/trx/trailer.h"

namespace trxkit::trx {
namespace {

constexpr std::uint16_t kGzipMagic = 0x8b1f;
constexpr std::uint16_t kJffs2Magic = 0x1985;
constexpr std::uint32_t kElfMagic = 0x464c457f;

// The first instruction behind leading nops: j (to the kernel's entry), lui, or mfc0/mtc0, as
// kernels with BOOT_RAW, CFE loaders and OpenWrt's lzma-loader have it (arch/mips/kernel/head.S).
bool starts_with_mips_code(const ByteReader& reader) {
  for (std::uint64_t offset = 0; offset + 4 <= reader.size(); offset += 4) {
    std::uint32_t word = reader.read_at<le32>(offset)->value();
    if (word == 0) continue;
    std::uint32_t opcode = word >> 26;
    return opcode == 0x02 || opcode == 0x0f || opcode == 0x10;
  }
  return false;
}

bool is_lzma(const ByteReader& reader) {
  auto header = reader.read_at<LzmaHeader>(0);
  auto first = reader.read_at<std::array<std::uint8_t, 1>>(sizeof(LzmaHeader));
  // A range coder's first byte is always 0 (LZMA SDK, lzma.txt).
  return header && first && plausible(*header) && (*first)[0] == 0;
}

// No loader is larger; OpenWrt's has some 10 KiB.
constexpr std::size_t kLargestForeignLoader = 128 * 1024;

// The first bytes of a stream, and how long it is.
class Head {
 public:
  explicit Head(std::size_t limit) : limit_(limit) {}
  void update(Bytes bytes) {
    size_ += bytes.size();
    auto wanted = std::min(bytes.size(), limit_ - head_.size());
    head_.insert(head_.end(), bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(wanted));
  }
  Bytes bytes() const { return head_; }
  bool complete() const { return size_ == head_.size(); }

 private:
  std::size_t limit_;
  std::uint64_t size_ = 0;
  std::vector<std::byte> head_;
};

std::optional<ElfIdentity> elf_identity(Bytes head) {
  constexpr std::uint64_t kClass = 4, kOrder = 5, kMachine = 18;
  ByteReader reader(head);
  auto machine = reader.read_at<le16>(kMachine);
  if (identify(head) != PayloadKind::elf || !machine) return std::nullopt;
  return ElfIdentity{std::to_integer<std::uint8_t>(head[kClass]),
                     std::to_integer<std::uint8_t>(head[kOrder]), *machine};
}

// Collects what can be said about unpacked or plain code.
class ContentReader {
 public:
  Status update(Bytes bytes) {
    if (head_.bytes().empty() && LoaderReader::recognises(bytes)) {
      loader_ = std::make_unique<LoaderReader>([this](Bytes kernel) -> Status {
        kernel_head_.update(kernel);
        text_.update(kernel);
        return {};
      });
    }
    head_.update(bytes);
    if (loader_) return loader_->write(bytes);
    text_.update(bytes);
    return {};
  }
  PayloadKind finish(Payload& payload) {
    Bytes head = head_.bytes();
    if (loader_) {
      payload.loader = loader_->finish();
      payload.kernel_kind = identify(kernel_head_.bytes());
    } else if (head_.complete() && identify(head) == PayloadKind::mips_code) {
      payload.code_constants = code_constants(head);
    }
    payload.elf = elf_identity(loader_ ? kernel_head_.bytes() : head);
    text_.finish();
    payload.banner = text_.banner();
    payload.command_line = text_.command_line();
    payload.has_flash_init = text_.has_flash_init();
    payload.has_search = text_.has_search();
    return identify(head);
  }

 private:
  Head head_{kLargestForeignLoader};
  Head kernel_head_{kIdentifyingBytes};
  KernelText text_;
  std::unique_ptr<LoaderReader> loader_;
};

Status read_content(const FileRange& range, Payload& payload) {
  ContentReader content;
  Sink sink = [&](Bytes bytes) { return content.update(bytes); };
  if (payload.kind == PayloadKind::gzip) {
    payload.unpacked = TRY(unpack_gzip(range, sink));
  } else if (payload.kind == PayloadKind::lzma) {
    payload.unpacked = TRY(unpack_lzma(range, sink));
  } else {
    TRY(range.file->for_each_block(range.offset, range.size, sink));
  }
  PayloadKind inside = content.finish(payload);
  if (payload.unpacked) payload.unpacked_kind = inside;
  return {};
}

bool is_code(PayloadKind kind) {
  return kind == PayloadKind::gzip || kind == PayloadKind::lzma || kind == PayloadKind::elf ||
         kind == PayloadKind::mips_code;
}

}  // namespace

std::string_view name_of(PayloadKind kind) {
  constexpr std::array<std::string_view, 8> kNames{"empty", "gzip", "lzma",      "squashfs",
                                                   "jffs2", "elf",  "mips-code", "unknown"};
  return kNames[static_cast<std::size_t>(kind)];
}

PayloadKind identify(Bytes head) {
  ByteReader reader(head.first(std::min(head.size(), kIdentifyingBytes)));
  if (head.empty()) return PayloadKind::empty;
  auto word = reader.read_at<le32>(0);
  if (!word) return PayloadKind::unknown;
  std::uint32_t magic = *word;
  if ((magic & 0xffff) == kGzipMagic) return PayloadKind::gzip;
  if (magic == kSquashfsMagic || magic == kSquashfsMagicBigEndian) return PayloadKind::squashfs;
  if (magic == kElfMagic) return PayloadKind::elf;
  if ((magic & 0xffff) == kJffs2Magic) return PayloadKind::jffs2;
  if (is_lzma(reader)) return PayloadKind::lzma;
  return starts_with_mips_code(reader) ? PayloadKind::mips_code : PayloadKind::unknown;
}

std::string Payload::label() const {
  std::string what = kind == PayloadKind::lzma ? "LZMA" : std::string(name_of(kind));
  if (squashfs) return fmt::format("squashfs ({})", squashfs_compression(*squashfs));
  if (loader) return "kernel (loader, LZMA)";
  if (!banner.empty()) return fmt::format("kernel ({})", what);
  if (kind == PayloadKind::mips_code) return "MIPS code";
  if (kind == PayloadKind::elf) return "ELF";
  return what;
}

std::optional<std::uint64_t> Payload::own_end() const {
  if (squashfs && squashfs->bytes_used >= sizeof(SquashfsSuperblock)) {
    return checked_add(part.offset, squashfs->bytes_used.value());
  }
  if (unpacked && unpacked->fault.empty() && !unpacked->over_limit) {
    return part.offset + unpacked->packed_size;
  }
  return std::nullopt;
}

Result<Payload> describe_payload(const FileRange& range, Depth depth) {
  Payload payload;
  std::vector<std::byte> head = TRY(
      range.file->bytes_at(range.offset, std::min<std::uint64_t>(range.size, kIdentifyingBytes)));
  payload.kind = identify(head);
  ByteReader reader(head);
  if (payload.kind == PayloadKind::lzma) payload.lzma = TRY(reader.read_at<LzmaHeader>(0));
  if (payload.kind == PayloadKind::squashfs) {
    if (auto superblock = reader.read_at<SquashfsSuperblock>(0)) payload.squashfs = *superblock;
  }
  if (depth == Depth::decode && is_code(payload.kind)) TRY(read_content(range, payload));
  return payload;
}

Result<Payload> read_payload(const InputFile& file, const Image& image, const Part& part,
                             Depth depth) {
  // A part past the end has no bytes, and its offset is no place to read at.
  std::uint64_t offset = std::min(part.offset, image.available);
  Payload payload = TRY(describe_payload({&file, image.position + offset, part.size()}, depth));
  payload.part = part;
  // Behind the squashfs of a running system lies its JFFS2.
  if (image.from_flash && payload.squashfs) return payload;
  if (auto end = payload.own_end(); end && *end < part.end) {
    payload.foreign = TRY(read_padding(file, image, *end, part.end)).foreign;
  }
  return payload;
}

}  // namespace trxkit::trx
