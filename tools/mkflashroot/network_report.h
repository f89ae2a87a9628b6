// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What the flash does with the network and whom it trusts, as the report and the manifest of either
// kind of output say it.
#pragma once

#include "tools/mkflashroot/options.h"

namespace trxkit::mkflashroot {

/// Whom the image trusts, and that it trusts anybody, for whoever looks at it later.
void add_trust(const rootfs::WrapperSettings& wrapper, const rootfs::FlashRoot& root,
               BuildManifest& manifest);

/// The lines "network" and "trust".
void report_network(const rootfs::WrapperSettings& wrapper, cli::Report& report);

}  // namespace trxkit::mkflashroot
