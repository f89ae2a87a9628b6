# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""All of the corpus."""

import containers
import deep
import dumps
import header
import loading
import parts
import payloads
import root
import sound

TABLES = (sound, header, parts, containers, payloads, root, loading, dumps, deep)
CASES = [case for table in TABLES for case in table.CASES]
