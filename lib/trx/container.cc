// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/trx/container.h"

#include <algorithm>
#include <limits>

#include "lib/core/printable.h"
#include "lib/trx/container_format.h"

namespace trxkit::trx {
namespace {

using board::ContainerKind;

// In the order in which they are recognised: those with a magic first. The ASUS tail belongs to a
// bare TRX, so it comes last.
constexpr std::array<const ContainerFormat*, 6> kFormats{
    &kChkFormat, &kUsrFormat, &kEdimaxFormat, &kCyberTanFormat, &kMotorolaFormat, &kAsusFormat};

const ContainerFormat* format_of(ContainerKind kind) {
  auto format = std::ranges::find(kFormats, kind, &ContainerFormat::kind);
  return format == kFormats.end() ? nullptr : *format;
}

// The first byte behind the contents that is no padding.
Result<std::optional<std::uint64_t>> find_foreign(const InputFile& file,
                                                  const Container& container) {
  std::optional<std::uint64_t> foreign;
  std::uint64_t offset = container.end;
  TRY(range_visitor(file, container.end, container.file_size)([&](Bytes bytes) -> Status {
    auto other = std::ranges::find_if(
        bytes, [](std::byte byte) { return byte != std::byte{0x00} && byte != std::byte{0xff}; });
    if (!foreign && other != bytes.end()) {
      foreign = offset + static_cast<std::uint64_t>(other - bytes.begin());
    }
    offset += bytes.size();
    return {};
  }));
  return foreign;
}

}  // namespace

Container container_at(ContainerKind kind, const InputFile& file, std::uint64_t position,
                       std::uint64_t size) {
  Container container;
  container.kind = kind;
  container.file = file.name();
  container.position = position;
  container.size = size;
  container.trx = position + size;
  container.end = file.size();
  container.file_size = file.size();
  return container;
}

void set_length(Container& container, std::uint64_t offset, std::uint64_t stated) {
  std::uint64_t start = container.position + container.size;
  std::uint64_t available = start < container.file_size ? container.file_size - start : 0;
  container.length = ContainerLength{offset, stated, available};
  container.end = start + std::min(stated, available);
}

Result<bool> starts_with(const InputFile& file, std::uint64_t position, std::string_view magic) {
  std::vector<std::byte> bytes = TRY(file.bytes_at(position, magic.size()));
  return as_text(bytes) == magic;
}

Status check_header(const InputFile& file, std::uint64_t position, std::uint64_t size,
                    std::string_view title) {
  if (range_inside(position, size, file.size())) return {};
  auto failure = fail_at({file.name(), position}, Code::bad_input,
                         "the header of {} takes {} bytes, but the file ends after {}", title, size,
                         file.size() - position);
  failure.error().finding = "TRX030";
  return advise(std::move(failure), "fetch the file again: it is cut short");
}

std::string text_of(std::span<const char> field) {
  return {field.begin(), std::ranges::find(field, '\0')};
}

Result<std::uint32_t> jamcrc_of(Bytes before, const std::function<Status(const Sink&)>& visit) {
  Crc32 crc;
  crc.update(before);
  TRY(visit([&](Bytes bytes) -> Status {
    crc.update(bytes);
    return {};
  }));
  return crc.jamcrc();
}

std::function<Status(const Sink&)> range_visitor(const InputFile& file, std::uint64_t from,
                                                 std::uint64_t to) {
  return [&file, from, to](const Sink& sink) {
    return file.for_each_block(from, to > from ? to - from : 0, sink);
  };
}

Result<std::uint32_t> length_field(std::uint64_t length) {
  if (length <= std::numeric_limits<std::uint32_t>::max()) {
    return static_cast<std::uint32_t>(length);
  }
  return fail(Code::does_not_fit, "{} bytes are more than a container's header can state", length);
}

Result<Container> read_container(const InputFile& file, std::uint64_t position) {
  for (const ContainerFormat* format : kFormats) {
    std::optional<Container> container = TRY(format->read(file, position));
    if (container) return *std::move(container);
  }
  return container_at(ContainerKind::none, file, position, 0);
}

Status read_contents(const InputFile& file, Container& container) {
  const ContainerFormat* format = format_of(container.kind);
  if (format == nullptr) return {};
  if (format->sum != nullptr) TRY(format->sum(file, container));
  container.foreign = TRY(find_foreign(file, container));
  return {};
}

Result<Image> read_image(const InputFile& file, const Container& container,
                         std::optional<std::uint32_t> expected_magic) {
  Surroundings around{.end = container.end};
  if (container.kind == ContainerKind::asus) around.tail = kAsusTailSize;
  if (container.kind == ContainerKind::edimax) around.third_shift = kEdimaxHeaderSize;
  auto image = read_image(file, container.trx, expected_magic, around);
  if (image || container.kind == ContainerKind::none) return image;
  if (image.error().code != Code::bad_input) return image;
  auto failure =
      fail_at(container.at(container.trx), Code::bad_input, "{} holds no TRX image here: {}",
              title_of(container.kind), image.error().what);
  failure.error().finding = "TRX037";
  return advise(std::move(failure), "build the image again");
}

Result<std::vector<std::byte>> container_header(const board::TrxProperties& trx,
                                                const ContainerContents& contents,
                                                std::int64_t epoch) {
  const ContainerFormat* format = format_of(trx.container);
  if (format == nullptr) return std::vector<std::byte>{};
  return format->header({trx.identity, contents, epoch});
}

std::string_view title_of(ContainerKind kind) {
  const ContainerFormat* format = format_of(kind);
  return format == nullptr ? "bare TRX" : format->title;
}

std::string printable_id(const Container& container) {
  return printable(container.id);
}

std::string version_text(const Container& container) {
  return fmt::format("{}", fmt::join(container.version, "."));
}

}  // namespace trxkit::trx
