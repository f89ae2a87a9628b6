// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/kernel/elf.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "lib/kernel/elf_wire.h"
#include "lib/kernel/recognise.h"

namespace trxkit::kernel {
namespace {

std::uint64_t end_of(std::uint64_t start, std::uint64_t size) {
  return checked_add(start, size).value_or(std::numeric_limits<std::uint64_t>::max());
}

std::unexpected<Error> refuse(FindingId id, const std::string& file, std::uint64_t offset,
                              std::string what, std::string_view hint) {
  Findings findings;
  findings.add(id, {.file = file, .offset = offset}, std::move(what), std::string(hint));
  return std::unexpected(as_error(findings, Code::bad_input));
}

constexpr std::string_view kDamaged = "the file is damaged, or no kernel";

/// One file in one word size and byte order.
template <std::endian Order, typename Address>
class Parser {
 public:
  Parser(const InputFile& file, KernelElf& elf) : file_(file), elf_(elf) {}

  Status parse() {
    if (file_.size() < sizeof(Header)) return cut("ends inside the ELF header", file_.size());
    header_ = TRY(file_.read_struct<Header>(0));
    reach(sizeof(Header));
    elf_.machine = header_.machine;
    elf_.type = header_.type;
    elf_.flags = header_.flags;
    elf_.entry = header_.entry;
    TRY(parse_program_headers());
    return parse_section_headers();
  }

 private:
  using Header = wire::FileHeader<Order, Address>;
  using Program = wire::ProgramHeader<Order, Address>;
  using Section = wire::SectionHeader<Order, Address>;

  std::unexpected<Error> cut(std::string what, std::uint64_t offset) const {
    return refuse("ELF046", elf_.name, offset, std::move(what),
                  "the file is damaged or was not copied completely; get it again");
  }
  void reach(std::uint64_t end) { elf_.file_end = std::max(elf_.file_end, end); }

  Result<std::vector<std::byte>> table(std::uint64_t offset, std::uint64_t count,
                                       std::uint64_t entry_size, std::size_t wanted,
                                       std::string_view what) {
    if (entry_size != wanted) {
      return refuse("ELF047", elf_.name, 0,
                    fmt::format("{} of {} bytes each, not {}", what, entry_size, wanted), kDamaged);
    }
    if (!range_inside(offset, count * entry_size, file_.size())) {
      return cut(fmt::format("the table of {} reaches past the end of the file", what), offset);
    }
    reach(offset + count * entry_size);
    return file_.bytes_at(offset, count * entry_size);
  }

  Status parse_program_headers() {
    std::uint64_t count = header_.program_count;
    if (count == 0) return {};
    if (count == wire::kExtendedCount) {
      return refuse("ELF047", elf_.name, 0, "more program headers than any kernel has", kDamaged);
    }
    std::uint64_t offset = header_.program_table;
    auto bytes =
        TRY(table(offset, count, header_.program_entry_size, sizeof(Program), "program headers"));
    ByteReader reader(bytes, elf_.name, offset);
    for (std::uint64_t i = 0; i < count; ++i) {
      Program program = TRY(reader.template read_at<Program>(i * sizeof(Program)));
      TRY(add_segment(program, offset + i * sizeof(Program)));
    }
    return {};
  }

  Status add_segment(const Program& program, std::uint64_t header_offset) {
    Segment segment = segment_of(program, header_offset);
    if (segment.type != wire::kSegmentNull && segment.file_size != 0 &&
        !range_inside(segment.offset, segment.file_size, file_.size())) {
      return cut(fmt::format("segment {} ({:#x} bytes at {:#x}) reaches past the end of the file "
                             "({:#x} bytes)",
                             elf_.segments.size(), segment.file_size, segment.offset, file_.size()),
                 header_offset);
    }
    if (segment.type != wire::kSegmentNull && segment.file_size != 0) {
      reach(segment.offset + segment.file_size);
    }
    elf_.segments.push_back(segment);
    return {};
  }

  Status parse_section_headers() {
    std::uint64_t offset = header_.section_table;
    std::uint64_t count = header_.section_count;
    if (offset == 0 || count == 0) return {};
    auto bytes =
        TRY(table(offset, count, header_.section_entry_size, sizeof(Section), "section headers"));
    ByteReader reader(bytes, elf_.name, offset);
    for (std::uint64_t i = 1; i < count; ++i) {
      Section section = TRY(reader.template read_at<Section>(i * sizeof(Section)));
      bool has_bytes = section.type != wire::kSectionNoBits && section.type != 0;
      if (has_bytes && !range_inside(section.offset, section.size, file_.size())) {
        return cut(fmt::format("section {} reaches past the end of the file", i),
                   offset + i * sizeof(Section));
      }
      if (has_bytes) reach(section.offset + section.size);
      if (section.type == wire::kSectionSymbols && section.size != 0) elf_.has_symbol_table = true;
    }
    return {};
  }

  const InputFile& file_;
  KernelElf& elf_;
  Header header_;
};

template <typename Address>
Status parse_order(const InputFile& file, KernelElf& elf) {
  if (elf.data == wire::kLittleEndian) {
    return Parser<std::endian::little, Address>(file, elf).parse();
  }
  if (elf.data == wire::kBigEndian) return Parser<std::endian::big, Address>(file, elf).parse();
  return refuse("ELF047", elf.name, 5, fmt::format("unknown ELF byte order {}", elf.data),
                kDamaged);
}

}  // namespace

std::vector<Segment> KernelElf::loads() const {
  std::vector<Segment> result;
  std::ranges::copy_if(segments, std::back_inserter(result), [](const Segment& segment) {
    return segment.type == wire::kSegmentLoad &&
           (segment.memory_size != 0 || segment.file_size != 0);
  });
  return result;
}

std::vector<Segment> KernelElf::loads_by_address() const {
  std::vector<Segment> result = loads();
  std::ranges::sort(result, {}, [](const Segment& segment) {
    return std::pair(segment.physical_address, segment.header_offset);
  });
  return result;
}

std::uint64_t KernelElf::load_start() const {
  auto list = loads();
  if (list.empty()) return 0;
  return std::ranges::min_element(list, {}, &Segment::physical_address)->physical_address;
}

std::uint64_t KernelElf::load_end() const {
  std::uint64_t end = 0;
  for (const Segment& segment : loads()) {
    end = std::max(
        end, end_of(segment.physical_address, std::max(segment.memory_size, segment.file_size)));
  }
  return end;
}

std::optional<std::uint64_t> KernelElf::file_offset(std::uint64_t address,
                                                    std::uint64_t size) const {
  for (const Segment& segment : loads()) {
    if (address < segment.virtual_address) continue;
    std::uint64_t inside = address - segment.virtual_address;
    if (range_inside(inside, size, segment.file_size)) return segment.offset + inside;
  }
  return std::nullopt;
}

Result<KernelElf> read_kernel(const InputFile& file) {
  KernelElf elf;
  elf.name = file.name();
  elf.file_size = file.size();
  auto head = TRY(file.bytes_at(0, 64));
  if (!as_text(head).starts_with("\x7f"
                                 "ELF")) {
    return std::unexpected(refusal_of(recognise(head), elf.name));
  }
  if (head.size() < sizeof(wire::Identification)) {
    return refuse("ELF046", elf.name, head.size(), "ends inside the ELF header", kDamaged);
  }
  elf.elf_class = std::to_integer<std::uint8_t>(head[4]);
  elf.data = std::to_integer<std::uint8_t>(head[5]);
  if (elf.elf_class == wire::kClass32) {
    TRY(parse_order<std::uint32_t>(file, elf));
  } else if (elf.elf_class == wire::kClass64) {
    TRY(parse_order<std::uint64_t>(file, elf));
  } else {
    return refuse("ELF047", elf.name, 4, fmt::format("unknown ELF class {}", elf.elf_class),
                  kDamaged);
  }
  elf.symbols = TRY(read_symbols(file, elf));
  return elf;
}

}  // namespace trxkit::kernel
