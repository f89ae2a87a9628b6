// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/kernel/recognise.h"

#include <algorithm>

namespace trxkit::kernel {
namespace {

using namespace std::string_view_literals;

struct Magic {
  std::string_view bytes;
  OtherFormat format;
};

constexpr std::string_view kGiveVmlinux = "give the vmlinux of the kernel's build folder";

// uImage: u-boot include/image.h, IH_MAGIC. LZMA: properties byte 0x5d and a dictionary whose low
// half is zero, as every encoder writes it.
constexpr Magic kMagics[] = {
    {"\x1f\x8b"sv, {"a gzip-compressed file", "unpack it first (gzip -d)", "gzip"}},
    {"\xfd"
     "7zXZ\0"sv,
     {"an xz-compressed file", "unpack it first (xz -d)", "xz"}},
    {"\x5d\0\0"sv, {"an LZMA-compressed file", "unpack it first (xz --format=lzma -d)", "lzma"}},
    {"\x6d\0\0"sv, {"an LZMA-compressed file", "unpack it first (xz --format=lzma -d)", "lzma"}},
    {"\x28\xb5\x2f\xfd"sv, {"a zstd-compressed file", "unpack it first (zstd -d)", "zstd"}},
    {"BZh"sv, {"a bzip2-compressed file", "unpack it first (bzip2 -d)", "bzip2"}},
    {"\x89LZO\0"sv, {"an lzop-compressed file", "unpack it first (lzop -d)"}},
    {"\x27\x05\x19\x56"sv,
     {"a U-Boot image (uImage)",
      "give the vmlinux that it was made of; CFE routers do not use it"}},
    {"HDR0"sv, {"a TRX image", "take the kernel out of it, or give the vmlinux it was made of"}},
    {"MZ"sv, {"a Windows or EFI program", "give the vmlinux of the kernel's build folder"}},
    {"!<arch>\n"sv, {"an archive (ar)", "unpack it and give the vmlinux inside"}},
    {"PK\3\4"sv, {"a zip archive", "unpack it and give the vmlinux inside"}},
    {"hsqs"sv, {"a squashfs image", "that is a root file system; give the kernel's vmlinux"}},
    {"070701"sv, {"a cpio archive", "that is an initramfs; give the kernel's vmlinux"}},
};

}  // namespace

OtherFormat recognise(Bytes head) {
  if (head.empty()) return {"an empty file", kGiveVmlinux, {}, false};
  std::string_view text = as_text(head);
  for (const Magic& magic : kMagics) {
    if (text.starts_with(magic.bytes)) return magic.format;
  }
  if (std::ranges::all_of(head.first(std::min<std::size_t>(head.size(), 16)),
                          [](std::byte byte) { return byte == std::byte{0}; })) {
    return {"a raw binary (it begins with zeros)",
            "give the ELF file vmlinux that it was made of, not the output of objcopy",
            {},
            false};
  }
  return {"a file of unknown format, perhaps a raw kernel binary",
          "give the ELF file vmlinux of the kernel's build folder",
          {},
          false};
}

Error refusal_of(const OtherFormat& format, const std::string& file) {
  Where where{.file = file, .offset = 0};
  std::string what = fmt::format("is {}, not an ELF kernel", format.name);
  if (!format.known) return {Code::bad_input, what, where, std::string(format.hint)};
  Findings findings;
  findings.add("ELF048", where, what, std::string(format.hint));
  return as_error(findings, Code::bad_input);
}

}  // namespace trxkit::kernel
