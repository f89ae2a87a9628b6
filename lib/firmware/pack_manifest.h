// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The manifest of a packed image: what went in, what came out, with hashes that the packing itself
// took down wherever it could.
#pragma once

#include "lib/core/manifest.h"
#include "lib/firmware/pack_inputs.h"
#include "lib/trx/compose.h"

namespace trxkit::firmware {

/// "image.trx" of "out/image.trx": equal builds in other folders have equal manifests.
std::string name_without_folder(const std::string& path);

/// `image` is what was written. Errors: Code::io.
Result<BuildManifest> manifest_of(const PackRequest& request, const PackInputs& inputs,
                                  const trx::Composition& composition, const InputFile& image,
                                  const Env& env);

}  // namespace trxkit::firmware
