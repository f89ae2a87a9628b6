// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/firmware/kernel_input.h"

#include "lib/kernel/raw.h"
#include "lib/trx/trailer.h"

namespace trxkit::firmware {
namespace {

using trx::PayloadKind;

// What lies in KSEG0, KSEG1 and the physical address space at one place is the same memory.
std::uint64_t physical(std::uint64_t address) {
  return address & 0x1fffffff;
}

std::unexpected<Error> no_kernel(const InputFile& file, std::uint64_t offset, const char* finding,
                                 const std::string& what, const std::string& hint) {
  auto failure = fail_at({file.name(), offset}, Code::bad_input, "{}", what);
  failure.error().finding = finding;
  return advise(std::move(failure), hint);
}

// Unpacks `file` into a scratch file, which goes by the same name in messages.
Status unpack(KernelInput& kernel, const std::filesystem::path& folder, const Env& env) {
  const InputFile& file = *kernel.file;
  trx::Payload& packed = *kernel.packed;
  std::string path = (folder / "unpacked").string();
  auto spool = TRY(OutputFile::create(path));
  trx::FileRange range{&file, 0, file.size()};
  trx::Sink sink = [&](Bytes bytes) { return spool.write(bytes); };
  packed.unpacked = packed.kind == PayloadKind::gzip ? TRY(trx::unpack_gzip(range, sink))
                                                     : TRY(trx::unpack_lzma(range, sink));
  const trx::Unpacked& result = *packed.unpacked;
  if (result.over_limit || !result.fault.empty()) {
    std::string why = result.over_limit ? "more than any kernel comes out" : result.fault;
    return no_kernel(file, result.packed_size, "PAY042",
                     fmt::format("is {} that does not unpack: {}", packed.label(), why),
                     "fetch or build it again");
  }
  TRY(spool.commit_scratch());
  kernel.unpacked =
      std::make_unique<InputFile>(TRY(InputFile::open(path, env)).called(file.name()));
  return {};
}

Result<PayloadKind> kind_of(const InputFile& file) {
  return trx::identify(TRY(file.bytes_at(0, trx::kIdentifyingBytes)));
}

// The headers or the code in contents().
Status read_contents(KernelInput& kernel) {
  const InputFile& contents = kernel.contents();
  std::vector<std::byte> head = TRY(contents.bytes_at(0, trx::kIdentifyingBytes));
  PayloadKind kind = trx::identify(head);
  if (kind == PayloadKind::elf) {
    kernel.elf = TRY(kernel::read_kernel(contents));
    return {};
  }
  if (trx::LoaderReader::recognises(head)) {
    return advise(fail_at({contents.name(), {}}, Code::bad_input,
                          "is a whole part 1: trxkit's loader with its kernel"),
                  "give it with --part instead of --kernel");
  }
  if (kind == PayloadKind::mips_code) return {};
  if (kernel.packed) {
    return no_kernel(contents, 0, "PAY042", "unpacks to something that is no kernel",
                     "give the ELF file vmlinux, or what was packed of it");
  }
  // It says what such a file is, where that is known.
  Error error = kernel::read_kernel(contents).error();
  if (error.code == Code::bad_input) error.finding = "PAY043";
  return std::unexpected(std::move(error));
}

Status judge_rest(const KernelInput& kernel, Findings& findings) {
  const InputFile& file = *kernel.file;
  trx::Image whole;
  whole.available = file.size();
  auto rest =
      TRY(trx::read_padding(file, whole, kernel.packed->unpacked->packed_size, file.size()));
  if (!rest.foreign) return {};
  findings.add("PAY010", {file.name(), *rest.foreign},
               "bytes behind the packed kernel's end are not padding; they are left out",
               "append them with --append if they matter");
  return {};
}

Result<Findings> judge_contents(const KernelInput& kernel, const board::Board& board,
                                bool with_loader, const kernel::Surroundings& surroundings) {
  const InputFile& contents = kernel.contents();
  if (!kernel.elf) {
    Findings findings;
    findings.add("PAY040", {contents.name(), {}},
                 fmt::format("is a raw binary, which does not say where it runs and what memory it "
                             "needs: taken for {:#x}, where kernels of {} start",
                             *board.kernel.load_address, board.name),
                 "give the ELF file vmlinux to have that checked");
    return findings;
  }
  board::Board judged = board;
  if (with_loader) judged.boot_loader.base.value = 0;
  return kernel::check_kernel(contents, *kernel.elf, judged, kernel::Role::flash, surroundings);
}

}  // namespace

std::uint64_t KernelInput::raw_size() const {
  return elf ? kernel::raw_size(*elf) : contents().size();
}

Status KernelInput::write_raw(const trx::Sink& sink) const {
  if (elf) return kernel::write_raw(contents(), *elf, sink);
  return contents().for_each_block(0, contents().size(), sink);
}

Result<KernelInput> read_kernel_input(const InputFile& file, const std::filesystem::path& folder,
                                      const Env& env) {
  KernelInput kernel;
  kernel.file = &file;
  PayloadKind kind = TRY(kind_of(file));
  if (kind == PayloadKind::gzip || kind == PayloadKind::lzma) {
    kernel.packed = TRY(trx::describe_payload({&file, 0, file.size()}, trx::Depth::headers));
    TRY(unpack(kernel, folder, env));
  }
  TRY(read_contents(kernel));
  return kernel;
}

Result<Findings> judge_kernel_input(const KernelInput& kernel, const board::Board& board,
                                    bool with_loader, const kernel::Surroundings& surroundings) {
  Findings findings = TRY(judge_contents(kernel, board, with_loader, surroundings));
  if (kernel.packed) TRY(judge_rest(kernel, findings));
  std::uint64_t load = *board.boot_loader.load_address;
  if (!with_loader && physical(load) != physical(*board.kernel.load_address)) {
    findings.add(
        "PAY013", {kernel.file->name(), {}},
        fmt::format("kernels of {} run at {:#x}, but its boot loader starts part 1 at {:#x}",
                    board.name, *board.kernel.load_address, load),
        "a loader has to be part 1");
  }
  return findings;
}

}  // namespace trxkit::firmware
