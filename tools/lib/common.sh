# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
# What the scripts in tools/ share: where things are, how they talk (always on standard error;
# standard output belongs to results), how long steps show that they live. Sourced, never run.

trxkit_root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck disable=SC2034 # used by those who source this
trxkit_cache=${XDG_CACHE_HOME:-${HOME:?neither XDG_CACHE_HOME nor HOME is set}/.cache}/trxkit
trxkit_script=${0##*/}

# The release date in CMakeLists.txt: stands in for the clock where SOURCE_DATE_EPOCH is unset.
trxkit_release_epoch() {
  sed -n 's/^set(TRXKIT_RELEASE_EPOCH \([0-9]*\))$/\1/p' "$trxkit_root/CMakeLists.txt"
}

say() {
  printf '%s: %s\n' "$trxkit_script" "$*" >&2
}

# die MESSAGE [HINT]
die() {
  say "$1"
  [[ $# -lt 2 ]] || printf 'hint: %s\n' "$2" >&2
  exit 1
}

usage_error() {
  say "$1"
  printf 'hint: %s --help\n' "$0" >&2
  exit 2
}

# print_help: the comment block on top of the running script, behind its licence lines.
print_help() {
  sed -n '4,/^[^#]/{s/^# \{0,1\}//p}' "$0"
}

# The kernel's build and autoconf cannot cope with blanks in the paths that they work in.
if [[ $trxkit_cache == *[[:space:]:]* ]]; then
  die "the cache folder '$trxkit_cache' has a blank or a colon in its name" "set XDG_CACHE_HOME"
fi

# content_key TEXT...: 16 hexadecimal digits that change with any of the texts.
content_key() {
  printf '%s\0' "$@" | sha256sum | cut -c1-16
}

# file_hashes FILE...: one line each, without the folders that differ from machine to machine.
file_hashes() {
  local file
  for file; do
    printf '%s %s\n' "$(sha256sum <"$file" | cut -d' ' -f1)" "${file##*/}"
  done
}

# run_logged LOG TITLE COMMAND...: runs it with its output in LOG; says how long it took, or on
# failure shows the end of the log and returns the command's status.
run_logged() {
  local log=$1 title=$2 start=$SECONDS status=0
  shift 2
  say "$title ..."
  "$@" >"$log" 2>&1 </dev/null || status=$?
  if ((status != 0)); then
    tail -n 30 "$log" >&2
    say "$title: failed with status $status, whole log in $log"
    return "$status"
  fi
  say "$title: $((SECONDS - start)) s"
}

# publish TEMPORARY FINAL: gives a finished folder its name in one step. Where somebody else was
# faster theirs stays, since equal names mean equal content.
publish() {
  if ! mv -T -- "$1" "$2" 2>/dev/null; then
    [[ -d $2 ]] || die "cannot rename $1 to $2"
    rm -rf -- "$1"
  fi
}
