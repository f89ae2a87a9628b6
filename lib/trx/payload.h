// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What a part holds: recognised by content, unpacked where a boot loader would, and described
// without judgement (payload_rules.h judges).
#pragma once

#include <array>
#include <optional>
#include <string>

#include "lib/trx/codec.h"
#include "lib/trx/image.h"
#include "lib/trx/kernel_text.h"
#include "lib/trx/loader_reader.h"
#include "lib/trx/lzma_header.h"
#include "lib/trx/squashfs_superblock.h"

namespace trxkit::trx {

enum class PayloadKind : std::uint8_t {
  empty,
  gzip,
  lzma,
  squashfs,
  jffs2,
  elf,
  mips_code,  ///< starts with an instruction that MIPS kernels and loaders start with
  unknown,
};
std::string_view name_of(PayloadKind kind);

/// How many bytes identify() looks at.
inline constexpr std::size_t kIdentifyingBytes = 4096;

/// The kind of data that starts with `head` (its first kIdentifyingBytes bytes, or all of it).
PayloadKind identify(Bytes head);

/// What the first bytes of an ELF file say about its processor (System V ABI, elf.h).
struct ElfIdentity {
  std::uint8_t elf_class = 0;  ///< 1: 32 bit
  std::uint8_t order = 0;      ///< 1: little endian
  std::uint16_t machine = 0;   ///< 8: MIPS
};

struct Payload {
  Part part;
  PayloadKind kind = PayloadKind::unknown;
  std::optional<Unpacked> unpacked;          ///< gzip and LZMA, where decoding was wanted
  std::optional<PayloadKind> unpacked_kind;  ///< of what came out
  std::optional<LzmaHeader> lzma;
  std::optional<SquashfsSuperblock> squashfs;
  std::optional<LoaderContents> loader;    ///< trxkit's own, with a kernel behind it
  std::optional<PayloadKind> kernel_kind;  ///< of what that loader unpacks
  std::optional<ElfIdentity> elf;          ///< of an ELF file, plain or unpacked
  /// Of code no larger than a loader, unpacked or plain: code_constants().
  std::vector<std::uint32_t> code_constants;
  std::string banner;        ///< of the kernel inside, unpacked or plain; empty if none was found
  std::string command_line;  ///< the same for its built-in command line
  bool has_flash_init = false;
  bool has_search = false;  ///< KernelText::has_search()
  /// The first byte behind the payload's own end and before the part's that is neither padding
  /// nor a JFFS2 marker, from the header. Only where the payload knows its end.
  std::optional<std::uint64_t> foreign;

  /// For people: "kernel (gzip)", "kernel (loader, LZMA)", "squashfs (xz)".
  std::string label() const;
  /// Where the payload itself ends, from the header, if it says so.
  std::optional<std::uint64_t> own_end() const;
};

enum class Depth : std::uint8_t { headers, decode };

/// Describes the payload that fills `range`; its part is left empty. Errors: Code::io.
Result<Payload> describe_payload(const FileRange& range, Depth depth);

/// Reads the payload of `part`. Errors: Code::io.
Result<Payload> read_payload(const InputFile& file, const Image& image, const Part& part,
                             Depth depth);

}  // namespace trxkit::trx
