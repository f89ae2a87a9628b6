# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""The emulated router: a played CFE, a composed flash chip, and QEMU's malta board.

Nothing here uses trxkit's own library: what the tools write is read by other eyes.
"""
