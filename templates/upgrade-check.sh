# template: BOARD MAGIC BYTES
# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# /lib/upgrade/zz-usbboot.sh in the flash. sysupgrade reads every file of its folder in the order of
# their names and asks platform_check_image whether an image may be written; this one is read last.
# The boot loader of this router starts an image only with its own magic: one with "HDR0", which the
# target's own check takes, would leave a router that does not start.

platform_check_image() {
    usbboot_found=$(dd if="$1" bs=4 count=1 2>/dev/null | hexdump -v -e '1/1 "%02x"')
    [ "$usbboot_found" = @BYTES@ ] && return 0
    echo "Image refused: the boot loader of" @BOARD@ "starts only images with the magic" @MAGIC@
    echo "(first bytes $usbboot_found, wanted" @BYTES@")."
    return 1
}
