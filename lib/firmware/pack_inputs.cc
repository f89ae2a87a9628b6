// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/firmware/pack_inputs.h"

#include <algorithm>

#include "lib/trx/trailer.h"

namespace trxkit::firmware {
namespace {

Result<PackInput> open_input(const std::string& role, const std::string& path, const Env& env) {
  PackInput input{role, std::make_unique<InputFile>(TRY(InputFile::open(path, env))), {}};
  input.range = {input.file.get(), 0, input.file->size()};
  return input;
}

Result<PackInput> open_rootfs(const std::string& path, const Env& env) {
  PackInput input = TRY(open_input("rootfs", path, env));
  trx::Payload payload = TRY(trx::describe_payload(input.range, trx::Depth::headers));
  if (!payload.squashfs) {
    return advise(
        fail_at({path, 0}, Code::bad_input, "is {}, not a squashfs",
                payload.kind == trx::PayloadKind::unknown ? "of unknown format" : payload.label()),
        "make one with mkflashroot");
  }
  // Padding behind it and markers of other tools stay out: this image gets its own.
  input.range.size = std::min(input.range.size, payload.squashfs->bytes_used.value());
  return input;
}

std::string_view role_of(PackStep::Kind kind) {
  return kind == PackStep::Kind::append ? "append" : "part";
}

// OpenWrt's lzma-loader scans the flash for "HDR0" and does not end (target/linux/bcm47xx/image/
// lzma-loader/src/decompress.c); FreshTomato's knows some other magics.
void judge_foreign_loader(const InputFile& file, const board::Board& board, Findings& findings) {
  if (*board.trx.magic == trx::kHdr0) return;
  findings.add("PAY019", {file.name(), {}},
               fmt::format("loaders of others look in the flash for the magic \"HDR0\" and hang "
                           "without it; {} has {:#010x}",
                           board.name, *board.trx.magic),
               "use --loader auto, or be sure that this one knows the magic");
}

Status judge_rootfs(const PackInput& input, Findings& findings) {
  const InputFile& file = *input.file;
  auto superblock = TRY(file.read_struct<trx::SquashfsSuperblock>(0));
  findings.append(trx::judge_squashfs(superblock, {file.name(), 0}, file.size()));
  trx::Image whole;
  whole.available = file.size();
  auto rest = TRY(trx::read_padding(file, whole, superblock.bytes_used, file.size()));
  if (rest.foreign) {
    findings.add("PAY010", {file.name(), *rest.foreign},
                 "bytes behind the squashfs's end are neither padding nor a marker; they are left "
                 "out",
                 "pack them as a part of their own if they matter");
  }
  return {};
}

}  // namespace

std::vector<const PackInput*> PackInputs::all() const {
  std::vector<const PackInput*> result;
  if (loader) result.push_back(&*loader);
  if (kernel) result.push_back(&*kernel);
  for (const PackInput& step : steps) {
    if (step.file) result.push_back(&step);
  }
  if (rootfs) result.push_back(&*rootfs);
  return result;
}

std::vector<const PackInput*> PackInputs::parts() const {
  std::vector<const PackInput*> result = all();
  std::erase_if(result, [this](const PackInput* input) {
    return input->role == "append" || (input->role == "loader" && stub);
  });
  return result;
}

Result<PackInputs> open_inputs(const PackRequest& request, const Env& env) {
  PackInputs inputs;
  if (!request.kernel.empty()) {
    inputs.kernel = TRY(open_input("kernel", request.kernel, env));
    inputs.elf = TRY(kernel::read_kernel(*inputs.kernel->file));
  }
  if (!request.loader.empty()) {
    inputs.loader = TRY(open_input("loader", request.loader, env));
    const InputFile& file = *inputs.loader->file;
    if (TRY(is_loader_stub(file))) inputs.stub = TRY(read_loader_stub(file));
  }
  for (const PackStep& step : request.steps) {
    bool file = step.kind == PackStep::Kind::part || step.kind == PackStep::Kind::append;
    PackInput input;
    if (file) input = TRY(open_input(std::string(role_of(step.kind)), step.file, env));
    inputs.steps.push_back(std::move(input));
  }
  if (!request.rootfs.empty()) inputs.rootfs = TRY(open_rootfs(request.rootfs, env));
  return inputs;
}

Result<Findings> judge_inputs(const PackInputs& inputs, const board::Board* board) {
  Findings findings;
  if (inputs.kernel) {
    findings =
        TRY(judge_kernel(*inputs.kernel->file, *inputs.elf, *board, inputs.loader.has_value()));
  }
  if (inputs.loader && !inputs.stub) judge_foreign_loader(*inputs.loader->file, *board, findings);
  if (inputs.rootfs) TRY(judge_rootfs(*inputs.rootfs, findings));
  return findings;
}

Status prepare_inputs(PackInputs& inputs, const PackRequest& request, const Env& env) {
  if (!inputs.kernel) return {};
  inputs.scratch = std::make_unique<TemporaryDirectory>(
      TRY(TemporaryDirectory::create(folder_beside(request.output, env))));
  KernelPacker packer{*inputs.kernel->file, *inputs.elf, *request.board, inputs.scratch->path(),
                      env};
  auto packed = inputs.stub     ? packer.behind_stub(*inputs.stub)
                : inputs.loader ? packer.for_foreign_loader()
                                : packer.for_boot_loader();
  inputs.packed = std::make_unique<PackedKernel>(TRY(std::move(packed)));
  inputs.kernel->range = {&inputs.packed->file, 0, inputs.packed->file.size()};
  return {};
}

Result<std::vector<trx::Payload>> describe_parts(const PackInputs& inputs, const trx::Image& image,
                                                 trx::Depth depth) {
  std::vector<trx::Payload> payloads;
  std::vector<const PackInput*> parts = inputs.parts();
  for (std::size_t i = 0; i < parts.size(); ++i) {
    bool packed = inputs.packed && parts[i]->role == "kernel";
    payloads.push_back(packed ? inputs.packed->payload
                              : TRY(trx::describe_payload(parts[i]->range, depth)));
    payloads.back().part = image.parts[i];
  }
  return payloads;
}

}  // namespace trxkit::firmware
