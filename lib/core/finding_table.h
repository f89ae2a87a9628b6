// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Every finding code that any command can report, in one place: code, severity, what it says in
// general. Codes are stable: scripts match on them. Never renumber, never reuse; append.
#pragma once

#include <array>
#include <string_view>

namespace trxkit {

enum class Severity : unsigned char { note, warning, error };

struct FindingCode {
  std::string_view code;
  Severity severity;
  std::string_view title;
};

inline constexpr auto kFindingTable = std::to_array<FindingCode>({
    // TRX: container and header

    // PAY: payloads

    // MAP: flash map

    // BRD: board files

    // ELF: kernels

    // MOD: modules

    // FSR: root trees
    {"FSR001", Severity::warning, "a path occurs more than once in one archive"},

    // STK: sticks

    // NET: network trees

    // SIG: signatures

    // NVR: nvram
});

}  // namespace trxkit
