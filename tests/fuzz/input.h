// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What the fuzzers share. A fuzzer looks for what the sanitizers report, for hangs, for memory that
// grows with a number in a header, and for results that contradict each other (abort()).
#pragma once

#include <cstdlib>

#include "lib/core/finding.h"

#include "tests/memory_file.h"

/// Called by libFuzzer, or by replay.cc, with one input after the other.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace trxkit::fuzz {

using test::memory_file;

inline Bytes bytes_of(const std::uint8_t* data, std::size_t size) {
  return std::as_bytes(std::span(data, size));
}

/// Nobody reports a finding without words.
inline void look_at(const Findings& findings) {
  for (const Finding& finding : findings.list()) {
    if (finding.message.empty()) std::abort();
  }
}

}  // namespace trxkit::fuzz
