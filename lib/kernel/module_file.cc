// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/kernel/module_file.h"

#include <algorithm>

#include "lib/kernel/elf_wire.h"
#include "lib/kernel/program_head.h"

namespace trxkit::kernel {
namespace {

std::unexpected<Error> broken(const std::string& name, std::string_view what) {
  return fail_at({.file = name}, Code::bad_input, "{}", what);
}

/// The words of `text` between `separator`s.
std::vector<std::string> words(std::string_view text, char separator) {
  std::vector<std::string> result;
  while (!text.empty()) {
    std::string_view word = text.substr(0, text.find(separator));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (!word.empty()) result.emplace_back(word);
  }
  return result;
}

/// "softdep=pre: a b post: c" (linux include/linux/module.h, MODULE_SOFTDEP): a and b.
void add_wishes(std::string_view text, std::vector<std::string>& wishes) {
  bool before = false;
  for (const std::string& word : words(text, ' ')) {
    if (word.ends_with(':')) {
      before = word == "pre:";
    } else if (before) {
      wishes.push_back(module_name(word));
    }
  }
}

/// .modinfo: NUL-terminated "key=value" texts.
void read_information(std::string_view texts, ModuleFile& module) {
  for (std::string_view text : words(texts, '\0')) {
    std::size_t equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    std::string_view value = text.substr(equals + 1);
    if (text.starts_with("vermagic=")) module.vermagic = value;
    if (text.starts_with("softdep=")) add_wishes(value, module.wishes);
    if (!text.starts_with("depends=")) continue;
    for (const std::string& name : words(value, ',')) module.depends.push_back(module_name(name));
  }
}

template <std::endian Order, typename Address>
class Parser {
 public:
  Parser(Bytes contents, const std::string& name, ModuleFile& module)
      : reader_(contents, name), name_(name), module_(module) {}

  Status parse() {
    auto header = TRY(reader_.template read_at<Header>(0));
    module_.machine = header.machine;
    module_.flags = header.flags;
    constexpr std::uint16_t kRelocatable = 1;
    if (header.type != kRelocatable) return broken(name_, "is no kernel module (not relocatable)");
    auto names = TRY(section(header, header.section_names));
    auto texts = TRY(reader_.bytes_at(names.offset, names.size));
    for (std::uint64_t i = 1; i < header.section_count; ++i) {
      auto candidate = TRY(section(header, i));
      std::string_view title =
          as_text(texts).substr(std::min<std::size_t>(candidate.name, texts.size()));
      if (title.substr(0, title.find('\0')) != ".modinfo") continue;
      read_information(as_text(TRY(reader_.bytes_at(candidate.offset, candidate.size))), module_);
      return {};
    }
    return broken(name_, "is no kernel module (it has no .modinfo)");
  }

 private:
  using Header = wire::FileHeader<Order, Address>;
  using Section = wire::SectionHeader<Order, Address>;

  Result<Section> section(const Header& header, std::uint64_t index) const {
    std::uint64_t table = header.section_table;
    auto place = checked_add(table, index * sizeof(Section));
    if (!place || header.section_entry_size != sizeof(Section)) {
      return broken(name_, "is damaged: its section headers make no sense");
    }
    return reader_.template read_at<Section>(*place);
  }

  ByteReader reader_;
  const std::string& name_;
  ModuleFile& module_;
};

template <typename Address>
Status parse(Bytes contents, const std::string& name, ModuleFile& module) {
  if (module.data == wire::kBigEndian) {
    return Parser<std::endian::big, Address>(contents, name, module).parse();
  }
  return Parser<std::endian::little, Address>(contents, name, module).parse();
}

}  // namespace

bool ModuleFile::for_mipsel() const {
  ProgramHead head{.elf_class = elf_class, .data = data, .machine = machine, .flags = flags};
  return head.for_mipsel();
}

std::string ModuleFile::release() const {
  return vermagic.substr(0, vermagic.find(' '));
}

std::string module_name(std::string_view path) {
  path.remove_prefix(path.rfind('/') + 1);  // npos + 1 is 0
  std::string name(path.substr(0, path.find(".ko")));
  std::ranges::replace(name, '-', '_');
  return name;
}

bool is_module_path(std::string_view path) {
  constexpr std::string_view kEndings[] = {".ko",      ".ko.gz",  ".ko.xz",
                                           ".ko.lzma", ".ko.bz2", ".ko.zst"};
  return std::ranges::any_of(kEndings,
                             [&](std::string_view ending) { return path.ends_with(ending); });
}

Result<ModuleFile> read_module(Bytes contents, const std::string& name) {
  constexpr std::size_t kClass = 4, kData = 5;
  if (!as_text(contents).starts_with("\x7f"
                                     "ELF") ||
      contents.size() < sizeof(wire::Identification)) {
    return broken(name, "is no kernel module (not an ELF file)");
  }
  ModuleFile module;
  module.elf_class = std::to_integer<std::uint8_t>(contents[kClass]);
  module.data = std::to_integer<std::uint8_t>(contents[kData]);
  TRY(module.elf_class == wire::kClass64 ? parse<std::uint64_t>(contents, name, module)
                                         : parse<std::uint32_t>(contents, name, module));
  return module;
}

}  // namespace trxkit::kernel
