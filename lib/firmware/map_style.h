// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Colours of the flash map: one a kind of contents, with ink that can be read on it.
#pragma once

#include <string_view>

#include "lib/firmware/flash_plan.h"

namespace trxkit::firmware {

inline constexpr std::string_view kInk = "#1f2730";  ///< of text and frames

struct Style {
  std::string_view fill;
  std::string_view text;  ///< ink on it
};

Style style_of(ExtentKind kind);

}  // namespace trxkit::firmware
