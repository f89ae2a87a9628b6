// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// The root tree inside a firmware image.
#pragma once

#include <filesystem>

#include "lib/archive/entry.h"
#include "lib/firmware/analysis.h"
#include "lib/system/env.h"

namespace trxkit::rootfs {

/// The first squashfs of the image `file`, of which `analysis` is, as a source. It is copied to
/// `folder` first, as the programs that read one want it. Errors: Code::bad_input where there is
/// none or it cannot be read; Code::io.
Result<archive::SourcePointer> image_root(const InputFile& file, const firmware::Analysis& analysis,
                                          const std::filesystem::path& folder, const Env& env);

}  // namespace trxkit::rootfs
