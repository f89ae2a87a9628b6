# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""All of the corpus."""

import header
import loading
import parts
import payloads
import root
import sound

CASES = [case for table in (sound, header, parts, payloads, root, loading) for case in table.CASES]
