// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/firmware/pack_layout.h"

#include <utility>

#include "lib/firmware/flash_layout.h"

namespace trxkit::firmware {
namespace {

using trx::Composition;

// Parts in order, each where request and flash want it.
class PartLayout {
 public:
  explicit PartLayout(Composition& composition) : composition_(composition) {}

  Status add_step(const PackStep& step, const trx::FileRange& source) {
    switch (step.kind) {
      case PackStep::Kind::align:
      case PackStep::Kind::offset:
        return remember(step);
      case PackStep::Kind::append:
        return composition_.append(source);
      case PackStep::Kind::part:
        break;
    }
    TRY(place());
    return composition_.start_part(source);
  }
  Status add_rootfs(const board::Board& board, const trx::FileRange& source) {
    if (!pending_) {
      TRY(composition_.pad_to(squashfs_place(board, composition_.size())));
    }
    TRY(place());
    return composition_.start_part(source);
  }
  Status finish() const {
    if (!pending_) return {};
    return fail(Code::usage, "--align and --offset concern the next part, but none follows");
  }

 private:
  Status remember(const PackStep& step) {
    if (step.value == 0 || step.value % trx::kPartAlignment != 0) {
      return fail(Code::usage, "parts start at multiples of 4, not of or at {}", step.value);
    }
    if (pending_) return fail(Code::usage, "two of --align and --offset concern the same part");
    pending_ = step;
    return {};
  }
  Status place() {
    if (!pending_) return {};
    PackStep step = *std::exchange(pending_, std::nullopt);
    bool align = step.kind == PackStep::Kind::align;
    return composition_.pad_to(align ? align_up(composition_.size(), step.value) : step.value);
  }

  Composition& composition_;
  std::optional<PackStep> pending_;
};

// JFFS2 markers go behind `length`: the first format would break a CRC that covers them. None goes
// where an image may not be.
std::vector<std::uint64_t> add_markers(const board::Board& board, std::uint64_t squashfs_end,
                                       Composition& composition) {
  std::uint64_t limit = firmware_limit(board) - firmware_offset(board);
  std::vector<std::uint64_t> markers;
  for (std::uint64_t offset : marker_places(board, squashfs_end)) {
    if (offset < composition.size() || offset + trx::kJffs2Marker.size() > limit) continue;
    composition.mark(offset);
    markers.push_back(offset);
  }
  return markers;
}

}  // namespace

Result<std::vector<std::uint64_t>> lay_out(const PackRequest& request, const PackInputs& inputs,
                                           Composition& composition) {
  PartLayout layout(composition);
  if (inputs.loader && !inputs.stub) TRY(composition.start_part(inputs.loader->range));
  if (inputs.kernel) TRY(composition.start_part(inputs.kernel->range));
  for (std::size_t i = 0; i < request.steps.size(); ++i) {
    TRY(layout.add_step(request.steps[i], inputs.steps[i].range));
  }
  if (inputs.rootfs) TRY(layout.add_rootfs(*request.board, inputs.rootfs->range));
  TRY(layout.finish());
  TRY(composition.close());
  if (!inputs.rootfs) return std::vector<std::uint64_t>{};
  std::uint64_t end = composition.offsets().back() + inputs.rootfs->range.size;
  return add_markers(*request.board, end, composition);
}

}  // namespace trxkit::firmware
