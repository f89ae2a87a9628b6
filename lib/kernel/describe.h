// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What a kernel is, for people and for programs.
#pragma once

#include <string>
#include <vector>

#include "lib/core/json.h"
#include "lib/kernel/facts.h"

namespace trxkit::kernel {

/// An object: addresses, sizes, release, command line, initramfs.
Json describe(const KernelElf& elf, const KernelFacts& facts);

/// The same as lines for people.
std::vector<std::string> describe_lines(const KernelElf& elf, const KernelFacts& facts);

}  // namespace trxkit::kernel
