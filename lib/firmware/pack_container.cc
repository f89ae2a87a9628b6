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
  TRY(output.commit());
  PackInput input{role, std::make_unique<InputFile>(TRY(InputFile::open(path, env))), {}};
  input.range = {input.file.get(), 0, input.file->size()};
  return input;
}

bool wants_fourth(const PackRequest& request) {
  std::uint32_t version =
      request.recipe.version.value_or(static_cast<std::uint16_t>(request.board->trx.version));
  auto parts = std::ranges::count(request.recipe.steps, PackStep::Kind::part, &PackStep::kind);
  return version == 2 && parts < static_cast<std::ptrdiff_t>(trx::kMaximumParts);
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
  if (properties.container == ContainerKind::asus) {
    std::vector<std::byte> tail =
        TRY(trx::container_header(properties, no_contents(), env.source_date_epoch));
    inputs.asus_tail = TRY(made_input(inputs, "asus-tail", tail, request, env));
  }
  return {};
}

Result<std::uint64_t> container_size(const board::Board* board, const Env& env) {
  if (board == nullptr || board->trx.container == ContainerKind::asus) return 0;
  return TRY(trx::container_header(board->trx, no_contents(), env.source_date_epoch)).size();
}

Status write_container(const board::Board& board, OutputFile& output, const Env& env) {
  std::uint64_t size = TRY(container_size(&board, env));
  if (size == 0) return {};
  auto file = TRY(InputFile::open(output.temporary_path().string(), env));
  std::vector<std::byte> header =
      TRY(trx::container_header(board.trx, contents_behind(file, size), env.source_date_epoch));
  return output.write_at(0, header);
}

}  // namespace trxkit::firmware
