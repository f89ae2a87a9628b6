// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The files that go into an image: opened, judged on their own, made ready.
#pragma once

#include <memory>

#include "lib/firmware/pack.h"
#include "lib/firmware/pack_kernel.h"

namespace trxkit::firmware {

/// One input and the bytes that go into the image.
struct PackInput {
  /// "loader", "kernel", "rootfs", or what the step is called: "part", "append", "behind",
  /// "before".
  std::string role;
  std::unique_ptr<InputFile> file;  ///< as the user named it; null for steps without one
  trx::FileRange range;             ///< of `file`, or of what was made of it
};

struct PackInputs {
  std::unique_ptr<TemporaryDirectory> scratch;  ///< holds what is made of loader and kernel
  std::optional<PackInput> loader;
  std::optional<LoaderStub> stub;  ///< of the loader, where it is trxkit's own: no part by itself
  std::unique_ptr<InputFile> packed_loader;  ///< of the loader, where that came as plain code
  std::optional<PackInput> kernel;
  std::optional<KernelInput> kernel_input;  ///< the same, looked into
  std::unique_ptr<PackedKernel> packed;     ///< the same, from prepare_inputs() on
  std::vector<PackInput> steps;             ///< one a step of the request
  std::optional<PackInput> rootfs;
  std::optional<PackInput> cybertan;   ///< header for part 4 of version 2, made here
  std::optional<PackInput> asus_tail;  ///< made here as well; belongs to no part

  /// What comes in front of the header; null: nothing that the user gave.
  const PackInput* before() const;
  /// Everything that the user gave as a file, in the order of the image.
  std::vector<const PackInput*> all() const;
  /// What the parts of the image begin with, in their order.
  std::vector<const PackInput*> parts() const;
};

/// Where there is room for scratch files; a dry run writes nothing where the output would be.
std::filesystem::path scratch_parent(const PackRequest& request, const Env& env);

/// Opens everything that `request` names. Errors: Code::io; those of read_kernel_input();
/// Code::bad_input for a root file system that is no squashfs.
Result<PackInputs> open_inputs(const PackRequest& request, const Env& env);

/// Findings on the inputs themselves. `board` may be null where there is no kernel. Errors:
/// Code::io; Code::external_tool where sqfs2tar is needed and missing.
Result<Findings> judge_inputs(const PackInputs& inputs, const board::Board* board, const Env& env);

/// Packs loader and kernel, if there are any; findings on how. Errors: those of KernelPacker.
Result<Findings> prepare_inputs(PackInputs& inputs, const PackRequest& request, const Env& env);

/// The payloads of `image`, which was composed of these inputs; with `depth` decode, compressed
/// ones are unpacked.
Result<std::vector<trx::Payload>> describe_parts(const PackInputs& inputs, const trx::Image& image,
                                                 trx::Depth depth);

}  // namespace trxkit::firmware
