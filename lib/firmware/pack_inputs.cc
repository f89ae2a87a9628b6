// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/firmware/pack_inputs.h"

#include <algorithm>

#include "lib/archive/source.h"
#include "lib/firmware/pack_container.h"
#include "lib/kernel/config.h"
#include "lib/kernel/root_programs.h"
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

// The name of a step's input; empty for a step without one.
std::string_view role_of(PackStep::Kind kind) {
  switch (kind) {
    case PackStep::Kind::part:
    case PackStep::Kind::fourth:
      return "part";
    case PackStep::Kind::append:
      return "append";
    case PackStep::Kind::behind:
      return "behind";
    case PackStep::Kind::before:
      return "before";
    default:
      return {};
  }
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

// A loader that comes as plain code is packed as the makefiles of such loaders do it, where the
// boot loader unpacks at all; it always knows gzip then.
Status pack_loader(PackInputs& inputs, const board::Board& board, const Env& env) {
  const InputFile& plain = *inputs.loader->file;
  std::vector<std::byte> head = TRY(plain.bytes_at(0, trx::kIdentifyingBytes));
  if (trx::identify(head) != trx::PayloadKind::mips_code ||
      *board.boot_loader.compression == board::Compression::none) {
    return {};
  }
  std::string path = (inputs.scratch->path() / "loader.gz").string();
  auto spool = TRY(OutputFile::create(path));
  auto gzip = trx::make_gzip([&](Bytes bytes) { return spool.write(bytes); });
  TRY(plain.for_each_block(0, plain.size(), [&](Bytes bytes) { return gzip->write(bytes); }));
  TRY(gzip->finish());
  TRY(spool.commit_scratch());
  inputs.packed_loader = std::make_unique<InputFile>(TRY(InputFile::open(path, env)));
  inputs.loader->range = {inputs.packed_loader.get(), 0, inputs.packed_loader->size()};
  return {};
}

Result<std::string> compression_of(const PackInput& rootfs) {
  auto superblock = TRY(rootfs.file->read_struct<trx::SquashfsSuperblock>(0));
  return std::string(trx::squashfs_compression(superblock));
}

// Whether programs of the root use the FPU: asked only where the kernel is known to have no support
// for it, since sqfs2tar has to unpack the root for an answer.
Result<std::optional<bool>> floating_point_of(const PackInputs& inputs, const Env& env) {
  const KernelInput& kernel = *inputs.kernel_input;
  if (!kernel.elf) return std::nullopt;
  auto config = TRY(kernel::read_config(kernel.contents(), *kernel.elf));
  const std::string* support = config ? config->find("MIPS_FP_SUPPORT") : nullptr;
  if (support == nullptr || *support != "n") return std::nullopt;
  auto root = TRY(archive::open_source(inputs.rootfs->file->name(), env));
  return kernel::uses_floating_point(*root);
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

std::filesystem::path scratch_parent(const PackRequest& request, const Env& env) {
  return request.dry_run ? env.temporary_directory : folder_beside(request.output, env);
}

const PackInput* PackInputs::before() const {
  auto found = std::ranges::find(steps, "before", &PackInput::role);
  return found == steps.end() ? nullptr : &*found;
}

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
    bool no_part = input->role == "append" || input->role == "behind" || input->role == "before";
    return no_part || (input->role == "loader" && stub);
  });
  if (cybertan) result.push_back(&*cybertan);
  return result;
}

Result<PackInputs> open_inputs(const PackRequest& request, const Env& env) {
  PackInputs inputs;
  if (!request.kernel.empty()) {
    inputs.kernel = TRY(open_input("kernel", request.kernel, env));
    inputs.scratch = std::make_unique<TemporaryDirectory>(
        TRY(TemporaryDirectory::create(scratch_parent(request, env))));
    inputs.kernel_input = TRY(read_kernel_input(*inputs.kernel->file, inputs.scratch->path(), env));
  }
  if (!request.loader.empty()) {
    inputs.loader = TRY(open_input("loader", request.loader, env));
    const InputFile& file = *inputs.loader->file;
    if (TRY(is_loader_stub(file))) inputs.stub = TRY(read_loader_stub(file));
  }
  for (const PackStep& step : request.recipe.steps) {
    std::string role(role_of(step.kind));
    inputs.steps.push_back(role.empty() ? PackInput{} : TRY(open_input(role, step.file, env)));
  }
  if (!request.rootfs.empty()) inputs.rootfs = TRY(open_rootfs(request.rootfs, env));
  return inputs;
}

Result<Findings> judge_inputs(const PackInputs& inputs, const board::Board* board, const Env& env) {
  Findings findings;
  if (inputs.kernel) {
    kernel::Surroundings surroundings;
    if (inputs.rootfs) {
      surroundings.root_compression = TRY(compression_of(*inputs.rootfs));
      surroundings.hard_float_root = TRY(floating_point_of(inputs, env));
    }
    findings = TRY(
        judge_kernel_input(*inputs.kernel_input, *board, inputs.loader.has_value(), surroundings));
  }
  if (inputs.loader && !inputs.stub) judge_foreign_loader(*inputs.loader->file, *board, findings);
  if (inputs.rootfs) TRY(judge_rootfs(*inputs.rootfs, findings));
  return findings;
}

Result<Findings> prepare_inputs(PackInputs& inputs, const PackRequest& request, const Env& env) {
  TRY(add_vendor_inputs(inputs, request, env));
  if (!inputs.kernel) return Findings();
  std::filesystem::path folder = inputs.scratch->path();
  if (inputs.loader && !inputs.stub) TRY(pack_loader(inputs, *request.board, env));
  KernelPacker packer{*inputs.kernel_input, *request.board, folder, env};
  auto packed = inputs.stub     ? packer.behind_stub(*inputs.stub)
                : inputs.loader ? packer.for_foreign_loader()
                                : packer.for_boot_loader();
  inputs.packed = std::make_unique<PackedKernel>(TRY(std::move(packed)));
  const InputFile& file = inputs.packed->file ? *inputs.packed->file : *inputs.kernel->file;
  inputs.kernel->range = {&file, 0, inputs.packed->size};
  return std::move(inputs.packed->findings);
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
