// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// Which settings hold what nobody should see over a shoulder or in a bug report: pass phrases,
// keys, PINs. A guess by the name; it errs on the side of hiding.
#pragma once

#include <string_view>

namespace trxkit::nvram {

/// Whether the value of the setting `name` looks like a secret: "http_passwd", "wl0_wpa_psk",
/// "wl_key1", "ppp_password", "wps_device_pin".
bool looks_secret(std::string_view name);

}  // namespace trxkit::nvram
