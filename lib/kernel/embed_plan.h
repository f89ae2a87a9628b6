// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What embed.cc and its two ways share: the kernel, what shall go into it, and the changes of the
// file that follow. Nothing is written here.
#pragma once

#include <optional>
#include <vector>

#include "lib/kernel/embed.h"
#include "lib/kernel/unpack.h"
#include "lib/system/patched_copy.h"

namespace trxkit::kernel {

struct EmbedInputs {
  const InputFile& kernel;
  const KernelElf& elf;
  const InputFile& initramfs;
  Packing packing = Packing::none;       ///< of the initramfs
  const KernelConfig* config = nullptr;  ///< the kernel's; null where it carries none
  const EmbedRequest& request;
};

/// The initramfs behind the kernel's own bytes.
struct Appendix {
  std::uint64_t offset = 0;            ///< of the initramfs in the output, bytes
  std::uint64_t padded_size = 0;       ///< bytes, zeros behind it included
  std::vector<std::byte> behind = {};  ///< what follows
};

struct EmbedPlan {
  EmbedResult result;
  std::vector<Patch> patches;  ///< of the kernel's own bytes
  std::optional<Appendix> appendix;
};

/// The two ways. Errors: those of embed_initramfs().
Result<EmbedPlan> plan_segment(const EmbedInputs& inputs);
Result<EmbedPlan> plan_splice(const EmbedInputs& inputs);

/// Code::bad_input about the kernel `elf`.
std::unexpected<Error> refuse_kernel(const KernelElf& elf, std::string_view what, std::string hint);

}  // namespace trxkit::kernel
