// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
#include "lib/firmware/refusal.h"

#include <algorithm>
#include <array>

namespace trxkit::firmware {
namespace {

// Findings that say "too large"; every other error says that an input is wrong.
constexpr auto kSizeCodes = std::to_array<std::string_view>(
    {"ELF009", "ELF014", "ELF016", "MAP001", "MAP002", "PAY006", "PAY017", "TRX050", "TRX051"});

}  // namespace

std::optional<Code> refusal_of(const Findings& findings) {
  std::optional<Code> refusal;
  for (const Finding& finding : findings.list()) {
    if (finding.severity != Severity::error) continue;
    bool size = std::ranges::find(kSizeCodes, finding.code) != kSizeCodes.end();
    if (!size) return Code::bad_input;
    refusal = Code::does_not_fit;
  }
  return refusal;
}

}  // namespace trxkit::firmware
