# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
# Debian packages of another architecture, and sources, through APT directories of our own below the
# cache: an ordinary user can do it, and the host gets no foreign architecture and no new source.
# The host's mirrors, keyrings, proxies and credentials apply. Sourced, after common.sh; who wants
# another architecture than the routers' sets apt_architecture before.

apt_architecture=${apt_architecture:-mipsel}
apt_directory=${trxkit_cache:?common.sh comes first}/apt-$apt_architecture

# host_debian_sources: this machine's APT sources for Debian itself, in the deb822 form, extended to
# source packages and freed from a restriction to the host's architecture. Third parties' sources
# are left out: they have nothing for other architectures.
# shellcheck disable=SC1091 # os-release
host_debian_sources() {
  local codename file
  codename=$(. /etc/os-release && printf '%s' "${VERSION_CODENAME:-}")
  [[ -n $codename ]] || die "/etc/os-release names no Debian release" "Debian 12 is needed"
  for file in /etc/apt/sources.list.d/*.sources; do
    [[ ! -r $file ]] || deb822_debian_stanzas "$codename" "$file"
  done
  for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
    [[ ! -r $file ]] || one_line_debian_stanzas "$codename" "$file"
  done
}

# debian_suite_pattern CODENAME: the suites of one release, by any of their names, for awk.
debian_suite_pattern() {
  printf '(%s|stable|oldstable|oldoldstable)([-/](updates|security|proposed-updates))?' "$1"
}

# deb822_debian_stanzas CODENAME FILE
deb822_debian_stanzas() {
  grep -v '^#' "$2" | awk -v suite="$(debian_suite_pattern "$1")" '
    BEGIN { RS = ""; FS = "\n" }
    {
      debian = 0; packages = 0; main = 0; enabled = 1; kept = ""; skipping = 0
      for (i = 1; i <= NF; ++i) {
        field = tolower($i)
        if (field ~ /^suites:/) debian = field ~ ("[: \t]" suite "([ \t]|$)")
        if (field ~ /^types:/) packages = field ~ /[: \t]deb([ \t]|$)/
        if (field ~ /^components:/) main = field ~ /[: \t]main([ \t]|$)/
        if (field ~ /^enabled:[ \t]*(no|false|0)/) enabled = 0
        if (field !~ /^[ \t]/) skipping = field ~ /^(types|architectures|components):/
        if (!skipping) kept = kept $i "\n"
      }
      if (debian && packages && main && enabled)
        printf "Types: deb deb-src\nComponents: main\n%s\n", kept
    }'
}

# one_line_debian_stanzas CODENAME FILE: lines like "deb [signed-by=F] URI SUITE COMPONENT...".
one_line_debian_stanzas() {
  sed -nE 's/[ \t]*#.*//; s/^deb[ \t]+//p' "$2" | awk -v suite="$(debian_suite_pattern "$1")" '
    {
      options = ""
      if (match($0, /^\[[^]]*\][ \t]*/)) {
        options = substr($0, 2, RLENGTH); sub(/\].*/, "", options); $0 = substr($0, RLENGTH + 1)
      }
      if ($2 !~ ("^" suite "$") || $0 !~ /[ \t]main([ \t]|$)/) next
      printf "Types: deb deb-src\nComponents: main\nURIs: %s\nSuites: %s\n", $1, $2
      count = split(options, list, /[ \t]+/)
      for (i = 1; i <= count; ++i) {
        split(list[i], pair, "=")
        if (pair[1] == "signed-by") print "Signed-By: " pair[2]
        if (pair[1] == "trusted") print "Trusted: " pair[2]
      }
      print ""
    }'
}

# apt_private PROGRAM ARGUMENT...: apt-get or apt-cache on the private directories.
apt_private() {
  local program=$1
  shift
  "$program" -c "$apt_directory/apt.conf" "$@"
}

# apt_update: makes the private directories if need be and fetches the package lists.
apt_update() {
  mkdir -p -- "$apt_directory/state/lists/partial" "$apt_directory/cache/archives/partial" \
    "$apt_directory/sources.list.d"
  host_debian_sources >"$apt_directory/sources.list.d/debian.sources"
  [[ -s $apt_directory/sources.list.d/debian.sources ]] ||
    die "no APT source for this Debian release found in /etc/apt" "see man sources.list"
  : >"$apt_directory/status"
  # "#clear" drops the host's hooks, which look after the host's own lists and caches.
  cat >"$apt_directory/apt.conf" <<CONF
Dir::State "$apt_directory/state";
Dir::State::status "$apt_directory/status";
Dir::Cache "$apt_directory/cache";
Dir::Etc::sourcelist "/dev/null";
Dir::Etc::sourceparts "$apt_directory/sources.list.d";
APT::Architecture "$apt_architecture";
#clear APT::Architectures;
APT::Architectures { "$apt_architecture"; };
APT::Sandbox::User "root";
Acquire::Languages "none";
Acquire::Retries "3";
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
#clear DPkg::Post-Invoke;
CONF
  say "fetching Debian's package lists for $apt_architecture and sources ..."
  apt_private apt-get -q update >&2
  touch -- "$apt_directory/updated"
}

# apt_candidate PACKAGE: the version that would be fetched; gets the lists if there are none yet.
apt_candidate() {
  [[ -e $apt_directory/updated ]] || apt_update
  apt_private apt-cache policy "$1" | sed -n 's/^  Candidate: //p' | known_version "$1"
}

# apt_source_candidate SOURCE: the same for a source package.
apt_source_candidate() {
  [[ -e $apt_directory/updated ]] || apt_update
  apt_private apt-cache showsrc --only-source "$1" | sed -n 's/^Version: //p' | sort -V |
    tail -n 1 | known_version "source package $1"
}

# known_version WHAT: passes a version on from standard input; none at all is the end.
known_version() {
  local version
  read -r version || version="(none)"
  [[ $version != "(none)" ]] ||
    die "Debian's $apt_architecture archive has no $1" \
      "remove $apt_directory to fetch the lists anew"
  printf '%s\n' "$version"
}

# apt_fetch FOLDER VERB ARGUMENT...: apt-get VERB there.
apt_fetch() {
  local folder=$1
  shift
  (cd -- "$folder" && apt_private apt-get -q "$@" >&2) ||
    die "apt-get $* failed" "lists older than the mirror? remove $apt_directory"
}
