// SPDX-License-Identifier: MIT
// SPDX-FileCopyrightText: The trxkit authors
//
// What both ways of making a device have in common: how it is to behave.

#pragma once

#include "server.h"

/// How the device behaves.
struct DeviceSettings {
  unsigned index;          ///< 0 for /dev/nbd0
  unsigned block_size;     ///< bytes
  unsigned reply_timeout;  ///< seconds until a server that does not answer counts as gone
};
