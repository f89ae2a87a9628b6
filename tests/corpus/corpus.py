# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""All of the corpus."""

import deep
import dumps
import header
import loading
import parts
import payloads
import root
import sound

CASES = [case for table in (sound, header, parts, payloads, root, loading, dumps, deep) for case in table.CASES]
