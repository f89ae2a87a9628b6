// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The initramfs in place of the archive that is linked into a kernel. The kernel skips zeros behind
// an archive (linux init/initramfs.c, unpack_to_rootfs()), so a smaller one fits in place, and the
// word with the size stays as it is. A kernel that does not tell where its command line goes keeps
// the one that it was built with, unless that can be told apart from everything else in it.
#include <algorithm>
#include <limits>

#include "lib/core/units.h"
#include "lib/kernel/command_line.h"
#include "lib/kernel/embed_plan.h"
#include "lib/kernel/initramfs.h"
#include "lib/kernel/pack.h"
#include "lib/kernel/scan.h"

namespace trxkit::kernel {
namespace {

/// Archives are held in memory packed; a router has no room for larger ones.
constexpr std::uint64_t kLargestArchive = 32 << 20;
constexpr std::uint64_t kLargestUnpacked = 256 << 20;

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    std::string_view word = text.substr(0, text.find(' '));
    text.remove_prefix(std::min(text.size(), word.size() + 1));
    if (!word.empty()) words.push_back(word);
  }
  return words;
}

/// Whether all words of `wanted` stand in `present`, in their order.
bool says_already(std::string_view present, std::string_view wanted) {
  auto words = words_of(present);
  auto at = words.begin();
  for (std::string_view word : words_of(wanted)) {
    at = std::find(at, words.end(), word);
    if (at == words.end()) return false;
    ++at;
  }
  return true;
}

class SplicePlan {
 public:
  explicit SplicePlan(const EmbedInputs& inputs)
      : in_(inputs), kernel_(inputs.kernel), elf_(inputs.elf) {}

  Result<EmbedPlan> make() {
    auto archive = TRY(find_initramfs(kernel_, elf_));
    if (!archive) return refuse_kernel(elf_, "has no initramfs inside", "give another kernel");
    archive_ = std::move(*archive);
    if (archive_.size > kLargestArchive) {
      return refuse_kernel(elf_, "has an initramfs inside that is larger than any router takes",
                           "give another kernel");
    }
    TRY(replace_archive());
    TRY(set_command_line());
    plan_.result.initramfs_address = archive_.address;
    plan_.result.elf = elf_;
    return std::move(plan_);
  }

 private:
  /// What the kernel can unpack, in the order in which it is tried. Without its configuration that
  /// is only what it has inside.
  std::vector<Packing> candidates() const {
    std::vector<Packing> list{archive_.packing};
    for (Packing packing : {Packing::xz, Packing::lzma, Packing::gzip}) {
      bool known = in_.config != nullptr && in_.config->built_in(option_for(packing));
      if (known && packing != archive_.packing) list.push_back(packing);
    }
    return list;
  }

  Status replace_archive() {
    auto list = candidates();
    bool readable =
        in_.packing == Packing::none || std::ranges::find(list, in_.packing) != list.end();
    if (readable && in_.initramfs.size() <= archive_.size) {
      return put(TRY(in_.initramfs.bytes_at(0, in_.initramfs.size())), in_.packing);
    }
    std::uint64_t smallest = std::numeric_limits<std::uint64_t>::max();
    for (Packing packing : list) {
      std::vector<std::byte> packed;
      std::uint64_t size = TRY(repack(packing, packed));
      if (size <= archive_.size) return put(std::move(packed), packing);
      smallest = std::min(smallest, size);
    }
    return advise(
        fail_at({.file = elf_.name, .offset = archive_.offset}, Code::does_not_fit,
                "the initramfs has {} packed, {} bytes more than the built-in one that it takes "
                "the place of",
                human_size(smallest), smallest - archive_.size),
        "leave something out of it, give the unstripped vmlinux, or build a larger one in");
  }

  /// Packs the initramfs into `packed`, which gets no more than fits; the whole size in bytes.
  Result<std::uint64_t> repack(Packing packing, std::vector<std::byte>& packed) {
    std::uint64_t size = 0;
    auto packer = make_packer(packing, [&](Bytes bytes) -> Status {
      size += bytes.size();
      if (size <= archive_.size) packed.insert(packed.end(), bytes.begin(), bytes.end());
      return {};
    });
    if (packer == nullptr) {
      return refuse_kernel(
          elf_, fmt::format("unpacks only {}, which this tool does not pack", name_of(packing)),
          "build the kernel with CONFIG_RD_XZ=y and CONFIG_IKCONFIG=y");
    }
    TRY(unpack(in_.initramfs, {0, in_.initramfs.size()}, in_.packing, kLargestUnpacked,
               [&](Bytes bytes) { return packer->write(bytes); }));
    TRY(packer->finish());
    return size;
  }

  Status put(std::vector<std::byte> packed, Packing packing) {
    plan_.result.initramfs_size = packed.size();
    plan_.result.report = fmt::format("in place of the built-in archive ({} of its {} used, {})",
                                      human_size(packed.size()), human_size(archive_.size),
                                      packing == Packing::none ? "not packed" : name_of(packing));
    packed.resize(archive_.size);
    plan_.patches.push_back({archive_.offset, std::move(packed)});
    return {};
  }

  Status set_command_line() {
    const std::string& wanted = in_.request.command_line;
    std::string own = TRY(configured_command_line(kernel_, elf_, in_.config)).value_or("");
    plan_.result.command_line = own;
    if (says_already(own, wanted)) return {};
    auto places = TRY(places_of(own));
    if (!places.empty() && wanted.size() <= own.size()) {
      std::vector<std::byte> text(own.size());
      std::ranges::copy(as_bytes(std::string_view(wanted)), text.begin());
      for (std::uint64_t offset : places) plan_.patches.push_back({offset, text});
      plan_.result.command_line = wanted;
      return {};
    }
    return cannot_set(wanted, own, !places.empty());
  }

  Status cannot_set(const std::string& wanted, const std::string& own, bool found) {
    std::string hint =
        "build it with this CONFIG_CMDLINE or with CONFIG_KALLSYMS_ALL=y, or give the unstripped "
        "vmlinux";
    std::string what = fmt::format("keeps its own command line \"{}\": ", own);
    if (found) {
      what += fmt::format("\"{}\" is {} bytes too long to take its place", wanted,
                          wanted.size() - own.size());
    } else {
      what += fmt::format("it does not tell where to put \"{}\"", wanted);
    }
    if (in_.request.keep_command_line) {
      plan_.result.findings.add("ELF061", {.file = elf_.name}, std::move(what), std::move(hint));
      return {};
    }
    return advise(
        fail_at({.file = elf_.name}, found ? Code::does_not_fit : Code::bad_input, "{}", what),
        std::move(hint));
  }

  /// Where CONFIG_CMDLINE lies: its text is known from the configuration inside the kernel. The
  /// array in linux arch/mips/kernel/setup.c has it, and with device trees a literal in
  /// drivers/of/fdt.c as well; nothing where more than these have that text.
  Result<std::vector<std::uint64_t>> places_of(const std::string& own) {
    std::vector<std::uint64_t> places;
    if (in_.config == nullptr || own.empty()) return places;
    std::size_t most = in_.config->built_in("OF_EARLY_FLATTREE") ? 2 : 1;
    bool more = TRY(find_text(kernel_, elf_, own + '\0', [&](std::uint64_t offset) -> Result<bool> {
      places.push_back(offset);
      return places.size() > most;
    }));
    if (more) places.clear();
    return places;
  }

  const EmbedInputs& in_;
  const InputFile& kernel_;
  const KernelElf& elf_;
  EmbedPlan plan_;
  Initramfs archive_;
};

}  // namespace

Result<EmbedPlan> plan_splice(const EmbedInputs& inputs) {
  return SplicePlan(inputs).make();
}

}  // namespace trxkit::kernel
