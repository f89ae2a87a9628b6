#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# Stand-in for etc/diag.sh of OpenWrt's brcm47xx target. The real one blinks the first LED whose name
# contains dmz, power, diag or wps; here the console tells the state.
set_state() {
    echo "stand-in: state $1"
}
