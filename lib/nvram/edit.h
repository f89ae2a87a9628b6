// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// nvram with other settings: length and CRC follow, everything else keeps its bytes. It writes
// only nvram that was judged sound, and nothing that does not fit.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lib/nvram/nvram.h"

namespace trxkit::nvram {

/// A setting that is to have another value, or none.
struct Change {
  std::string name;
  std::optional<std::string> value;  ///< nothing: the setting goes
};

/// "NAME=VALUE". Errors: Code::usage where it has no '=', no name, or bytes in the name that are
/// no printable ASCII.
Result<Change> parse_assignment(std::string_view text);

/// All of the room's bytes with `changes` applied in their order: a setting that is there keeps its
/// place (and loses its later namesakes), a new one goes behind the last. Bytes of the room that
/// `length` no longer covers are erased. Equal settings give equal bytes. Errors: Code::usage for a
/// setting to be removed that is not there; Code::does_not_fit (NVR014). `nvram` was judged without
/// an error.
Result<std::vector<std::byte>> with_changes(const Nvram& nvram, std::span<const Change> changes);

}  // namespace trxkit::nvram
