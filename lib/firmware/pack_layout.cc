// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/firmware/pack_layout.h"

#include <limits>

#include "lib/firmware/flash_layout.h"

namespace trxkit::firmware {
namespace {

using trx::Composition;

// Follows the steps of a recipe.
Status add_step(const PackStep& step, const trx::FileRange& source, Composition& composition) {
  switch (step.kind) {
    case PackStep::Kind::part:
      return composition.start_part(source);
    case PackStep::Kind::fourth:
      return composition.start_fourth(source);
    case PackStep::Kind::append:
      return composition.append(source);
    case PackStep::Kind::behind:
      return composition.append_behind(source);
    case PackStep::Kind::before:
      return {};  // no byte of the image: start_container() writes it
    case PackStep::Kind::align:
      return composition.pad_to(align_up(composition.size(), step.value));
    case PackStep::Kind::offset:
      return composition.pad_to(step.value);
    case PackStep::Kind::zeros:
      return composition.pad_to(checked_add(composition.size(), step.value)
                                    .value_or(std::numeric_limits<std::uint64_t>::max()));
    case PackStep::Kind::cut:
      break;
  }
  return composition.cut(step.value);
}

// Where the last step does not say where the root file system goes, the flash does.
Status add_rootfs(const PackRequest& request, const trx::FileRange& source,
                  Composition& composition) {
  const std::vector<PackStep>& steps = request.recipe.steps;
  bool placed = !steps.empty() && (steps.back().kind == PackStep::Kind::align ||
                                   steps.back().kind == PackStep::Kind::offset);
  if (!placed) TRY(composition.pad_to(squashfs_place(*request.board, composition.size())));
  return composition.start_part(source);
}

// One zero byte, as OpenWrt's makefiles put it behind loader.gz, and the padding that follows from
// it (target/linux/bcm47xx/image/Makefile).
Status add_loader(const PackRequest& request, const trx::FileRange& source,
                  Composition& composition) {
  TRY(composition.start_part(source));
  if (!request.zero_behind_loader) return {};
  return composition.pad_to(composition.last_start() +
                            align_up(source.size + 1, trx::kPartAlignment));
}

// JFFS2 markers go behind `length`: the first format would break a CRC that covers them. None goes
// where an image may not be.
void add_markers(const board::Board& board, std::uint64_t squashfs_end, Composition& composition) {
  std::uint64_t limit = firmware_limit(board) - firmware_offset(board);
  for (std::uint64_t offset : marker_places(board, squashfs_end)) {
    if (offset < composition.size() || offset + trx::kJffs2Marker.size() > limit) continue;
    composition.mark(offset);
  }
}

}  // namespace

Status lay_out(const PackRequest& request, const PackInputs& inputs, Composition& composition) {
  if (inputs.loader && !inputs.stub) TRY(add_loader(request, inputs.loader->range, composition));
  if (inputs.kernel) TRY(composition.start_part(inputs.kernel->range));
  const std::vector<PackStep>& steps = request.recipe.steps;
  for (std::size_t i = 0; i < steps.size(); ++i) {
    TRY(add_step(steps[i], inputs.steps[i].range, composition));
  }
  if (inputs.rootfs) TRY(add_rootfs(request, inputs.rootfs->range, composition));
  std::uint64_t end = composition.last_start() + (inputs.rootfs ? inputs.rootfs->range.size : 0);
  if (inputs.cybertan) TRY(composition.start_fourth(inputs.cybertan->range));
  TRY(composition.close(request.recipe.alignment,
                        inputs.asus_tail ? inputs.asus_tail->range : trx::FileRange{}));
  if (!inputs.rootfs) return {};
  add_markers(*request.board, end, composition);
  return {};
}

}  // namespace trxkit::firmware
