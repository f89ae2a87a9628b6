// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What every container_KIND.cc provides, for container.cc alone.
#pragma once

#include "lib/trx/container.h"

namespace trxkit::trx {

/// How a header is made: the board's identity, the contents, the date.
struct ContainerRequest {
  const board::ContainerIdentity& identity;
  const ContainerContents& contents;
  std::int64_t epoch = 0;
};

struct ContainerFormat {
  board::ContainerKind kind = board::ContainerKind::none;
  std::string_view title;
  /// The container at `position`, or nothing where it is not one of this kind; no more than its
  /// header is read. Errors as read_container().
  Result<std::optional<Container>> (*read)(const InputFile& file, std::uint64_t position) = nullptr;
  /// The header for a board, or the tail.
  Result<std::vector<std::byte>> (*header)(const ContainerRequest& request) = nullptr;
  /// Computes Container::checksums; null where there are none over the contents.
  Status (*sum)(const InputFile& file, Container& container) = nullptr;
};

extern const ContainerFormat kAsusFormat;
extern const ContainerFormat kCyberTanFormat;
extern const ContainerFormat kChkFormat;
extern const ContainerFormat kUsrFormat;
extern const ContainerFormat kEdimaxFormat;
extern const ContainerFormat kMotorolaFormat;

/// A container of `kind` with a header of `size` bytes at `position` and the TRX behind it.
Container container_at(board::ContainerKind kind, const InputFile& file, std::uint64_t position,
                       std::uint64_t size);

/// Sets the length that the field at `offset` states; the contents end there, or with the file.
void set_length(Container& container, std::uint64_t offset, std::uint64_t stated);

/// Whether the bytes at `position` are `magic`.
Result<bool> starts_with(const InputFile& file, std::uint64_t position, std::string_view magic);

/// Fails with TRX030 where the file ends within a header of `size` bytes at `position`.
Status check_header(const InputFile& file, std::uint64_t position, std::uint64_t size,
                    std::string_view title);

/// Text padded with NULs: up to the first of them.
std::string text_of(std::span<const char> field);

/// The JAMCRC of what `visit` gives, behind `before`.
Result<std::uint32_t> jamcrc_of(Bytes before, const std::function<Status(const Sink&)>& visit);

/// Gives [from, to) of `file` to a sink.
std::function<Status(const Sink&)> range_visitor(const InputFile& file, std::uint64_t from,
                                                 std::uint64_t to);

/// `structure` as bytes.
template <WireStruct T>
std::vector<std::byte> header_bytes(const T& structure) {
  Bytes bytes = as_bytes(structure);
  return {bytes.begin(), bytes.end()};
}

/// A length for a field of 32 bits. Errors: Code::does_not_fit.
Result<std::uint32_t> length_field(std::uint64_t length);

}  // namespace trxkit::trx
