// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Settings changed inside an nvram image or a whole chip's: only nvram that was judged sound is
// changed, and what was written is read back and judged again.
#pragma once

#include <span>
#include <string>

#include "lib/firmware/patched_image.h"
#include "lib/nvram/edit.h"

namespace trxkit::firmware {

/// The nvram in `file`: what a router would read there, or the boot loader's defaults where
/// `defaults` is set. Errors: Code::bad_input where there is none.
Result<nvram::Nvram> read_settings(const InputFile& file, bool defaults);

/// Applies `changes` to the nvram in the file `input` and writes the whole file to `target`.
/// Errors: those of read_settings(), path_of() and nvram::with_changes(); Code::io. Nvram that is
/// not sound is in the report's findings, and nothing is written.
Result<PatchReport> change_nvram(const std::string& input, std::span<const nvram::Change> changes,
                                 const PatchTarget& target, const Env& env);

}  // namespace trxkit::firmware
