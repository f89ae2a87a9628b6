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
    {"BRD001", Severity::error, "not a TOML file"},
    {"BRD002", Severity::error, "unknown table or key"},
    {"BRD003", Severity::error, "a table or key is missing"},
    {"BRD004", Severity::error, "a value has the wrong type"},
    {"BRD005", Severity::error, "a value is out of its range"},
    {"BRD006", Severity::error, "partitions overlap"},
    {"BRD007", Severity::error, "a partition lies outside the flash"},
    {"BRD008", Severity::error, "a partition is not made of whole erase blocks"},
    {"BRD009", Severity::error, "a name occurs twice"},
    {"BRD010", Severity::error, "values of a board file contradict each other"},

    // ELF: kernels

    // MOD: modules

    // FSR: root trees
    {"FSR001", Severity::warning, "a path occurs more than once in one archive"},
    {"FSR002", Severity::warning, "the flash root has no kexec"},

    // STK: sticks

    // NET: network trees

    // SIG: signatures

    // NVR: nvram
});

}  // namespace trxkit
