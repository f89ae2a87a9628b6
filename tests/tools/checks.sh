# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
# Expectations for tests written in shell: every broken one is reported, finish tells the result.

broken=0
checked=0

# expect DESCRIPTION COMMAND...: the command succeeds.
expect() {
  local description=$1
  shift
  checked=$((checked + 1))
  "$@" || { printf 'broken: %s\n' "$description" >&2; broken=$((broken + 1)); }
}

# fails_with STATUS TEXT COMMAND...: it ends with that status and TEXT in its messages.
fails_with() {
  local wanted=$1 text=$2 status=0 messages
  shift 2
  messages=$("$@" 2>&1 >/dev/null) || status=$?
  [[ $status -eq $wanted && $messages == *"$text"* ]] ||
    { printf 'status %d: %s\n' "$status" "$messages" >&2; return 1; }
}

equal() {
  [[ $1 == "$2" ]] || { diff <(printf '%s\n' "$1") <(printf '%s\n' "$2") >&2; return 1; }
}

finish() {
  printf '%d expectations, %d broken\n' "$checked" "$broken"
  exit $((broken > 0))
}
