// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/firmware/pack_container.h"

#include <algorithm>

#include "lib/trx/container.h"
#include "lib/trx/cybertan.h"

namespace trxkit::firmware {
namespace {

using board::ContainerKind;

trx::ContainerContents no_contents() {
  return {.size = 0, .visit = [](const trx::Sink&) -> Status { return {}; }};
}

// Bytes that are made here, as an input like those that the user gives.
Result<PackInput> made_input(PackInputs& inputs, const std::string& role, Bytes bytes,
                             const PackRequest& request, const Env& env) {
  if (!inputs.scratch) {
    inputs.scratch = std::make_unique<TemporaryDirectory>(
        TRY(TemporaryDirectory::create(scratch_parent(request, env))));
  }
  std::string path = (inputs.scratch->path() / role).string();
  auto output = TRY(OutputFile::create(path));
  TRY(output.write(bytes));
  TRY(output.commit_scratch());
  PackInput input{role, std::make_unique<InputFile>(TRY(InputFile::open(path, env))), {}};
  input.range = {input.file.get(), 0, input.file->size()};
  return input;
}

bool wants_fourth(const PackRequest& request) {
  std::uint32_t version =
      request.recipe.version.value_or(static_cast<std::uint16_t>(request.board->trx.version));
  const std::vector<PackStep>& steps = request.recipe.steps;
  auto parts = std::ranges::count(steps, PackStep::Kind::part, &PackStep::kind);
  bool given = parts >= static_cast<std::ptrdiff_t>(trx::kMaximumParts) ||
               std::ranges::find(steps, PackStep::Kind::fourth, &PackStep::kind) != steps.end();
  return version == 2 && !given;
}

// Bytes of the header that is made here; 0 where none is.
Result<std::uint64_t> made_header_size(const PackRequest& request, const Env& env) {
  const board::Board* board = request.board;
  if (board == nullptr || request.recipe.before() != nullptr) return 0;
  if (board->trx.container == ContainerKind::asus) return 0;
  return TRY(trx::container_header(board->trx, no_contents(), env.source_date_epoch)).size();
}

// Whether what the recipe puts last inside `length` is an ASUS tail already.
Result<bool> has_tail(const PackInputs& inputs) {
  if (inputs.rootfs) return false;
  auto inside = std::ranges::find_if(inputs.steps.rbegin(), inputs.steps.rend(), [](auto& step) {
    return step.role == "append" || step.role == "part";
  });
  if (inside == inputs.steps.rend() || inside->role != "append") return false;
  return trx::is_asus_tail(*inside->file);
}

// The TRX behind a header of `size` bytes.
trx::ContainerContents contents_behind(const InputFile& file, std::uint64_t size) {
  std::uint64_t rest = file.size() - size;
  return {.size = rest, .visit = [&file, size, rest](const trx::Sink& sink) {
            return file.for_each_block(size, rest, sink);
          }};
}

}  // namespace

Status add_vendor_inputs(PackInputs& inputs, const PackRequest& request, const Env& env) {
  if (request.board == nullptr) return {};
  const board::TrxProperties& properties = request.board->trx;
  if (wants_fourth(request)) {
    trx::CyberTanHeader header =
        trx::make_cybertan(properties.identity, env.source_date_epoch, true);
    inputs.cybertan = TRY(made_input(inputs, "cybertan", as_bytes(header), request, env));
  }
  if (properties.container == ContainerKind::asus && !TRY(has_tail(inputs))) {
    std::vector<std::byte> tail =
        TRY(trx::container_header(properties, no_contents(), env.source_date_epoch));
    inputs.asus_tail = TRY(made_input(inputs, "asus-tail", tail, request, env));
  }
  return {};
}

Result<std::uint64_t> third_shift(const PackRequest& request, const PackInputs& inputs) {
  ContainerKind kind = ContainerKind::none;
  if (const PackInput* before = inputs.before()) {
    kind = TRY(trx::read_container(*before->file, 0)).kind;
  } else if (request.board != nullptr) {
    kind = request.board->trx.container;
  }
  return kind == ContainerKind::edimax ? trx::kEdimaxHeaderSize : 0;
}

Status start_container(const PackRequest& request, const PackInputs& inputs, OutputFile& output,
                       const Env& env) {
  if (const PackInput* before = inputs.before()) {
    if (before->file->size() > 0) return copy_file(*before->file, output);
    return fail_at({before->file->name(), {}}, Code::bad_input,
                   "is empty: there is nothing to put in front of the image");
  }
  return output.write_zeros(TRY(made_header_size(request, env)));
}

Status finish_container(const PackRequest& request, OutputFile& output, const Env& env) {
  std::uint64_t size = TRY(made_header_size(request, env));
  if (size == 0) return {};
  auto file = TRY(InputFile::open(output.temporary_path().string(), env));
  std::vector<std::byte> header = TRY(trx::container_header(
      request.board->trx, contents_behind(file, size), env.source_date_epoch));
  return output.write_at(0, header);
}

Status check_container(const InputFile& file, std::uint64_t position) {
  trx::Container container = TRY(trx::read_container(file, 0));
  if (container.trx == position) return {};
  std::string found = container.kind == ContainerKind::none
                          ? "no header of a known container"
                          : fmt::format("a header of {} with {} bytes",
                                        trx::title_of(container.kind), container.trx);
  return advise(fail_at({file.name(), 0}, Code::bad_input,
                        "the {} bytes in front of the image are {}: nothing finds the image there",
                        position, found),
                "trxtool/FORMAT.md has the containers; without --before the image is a bare TRX");
}

}  // namespace trxkit::firmware
