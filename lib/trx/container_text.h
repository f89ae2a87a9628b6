// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Containers in words and in JSON.
#pragma once

#include "lib/core/json.h"
#include "lib/trx/cybertan.h"

namespace trxkit::trx {

/// {"kind": "chk", "offset": ..., "size": ..., "trx_offset": ..., "id": ..., "version": ...,
/// "fields": {...}, "checksums_ok": ...} for a container of any kind but none.
Json describe_container(const Container& container);

/// The same in one line: "Netgear CHK for U12H136T99_NETGEAR, version 1.2.3, TRX at 0x3a".
std::string container_line(const Container& container);

/// The CyberTAN header in part 4, as describe_container() has it, with the boot states by name.
Json describe_fourth(const CyberTanHeader& header);
/// "for 61XN, version 4.0.0, stable, try 1".
std::string fourth_line(const CyberTanHeader& header);

}  // namespace trxkit::trx
