# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
# How a kernel is made from a source tree and lines of configuration, once it is decided which.
# Sourced by tools/build-kernel, whose variables these functions read: title, given_source,
# source_version, source_folder, build, role, options (the lines), initramfs, zboot. Everything here
# may change the kernel, so the hash of this file is one of its ingredients.

readonly linux=linux-source-6.1
readonly cross=mipsel-linux-gnu-
readonly flash_init_room=$trxkit_root/flash-init
# A kernel from scratch; only the progress line uses it.
readonly usual_object_count=1000

# version_of_source: text that names the source and changes with any of its files.
version_of_source() {
  local git=(git -C "$given_source")
  if [[ -z $given_source ]]; then
    printf '%s %s\n' "$linux" "$(dpkg-query -W -f '${Version}' "$linux")"
  elif [[ -e $given_source/.git && -z $("${git[@]}" status --porcelain) ]]; then
    printf 'tree %s\n' "$("${git[@]}" rev-parse 'HEAD^{tree}')"
  else
    say "reading all files of $given_source"
    (cd -- "$given_source" && find . -path ./.git -prune -o -type f -print0 | LC_ALL=C sort -z |
      xargs -0 sha256sum | sha256sum | sed 's/^/files /; s/ *-$//')
  fi
}

# folder_of_source: the folder of the kernel source; Debian's is unpacked at the first call.
folder_of_source() {
  local final=$trxkit_cache/linux-source/${source_version##* } temporary
  if [[ -n $given_source ]]; then
    printf '%s\n' "$given_source"
    return
  fi
  if [[ ! -d $final ]]; then
    mkdir -p -- "$trxkit_cache/linux-source"
    temporary=$(mktemp -d -- "$trxkit_cache/linux-source/.unpacking.XXXXXX")
    run_logged "$trxkit_cache/linux-source/unpack.log" "unpacking $source_version (1.4 GB)" \
      tar -xJf "/usr/src/$linux.tar.xz" -C "$temporary" --strip-components=1 --no-same-owner
    chmod 755 "$temporary"
    publish "$temporary" "$final"
  fi
  printf '%s\n' "$final"
}

# clean_environment COMMAND...: the same build whatever the caller's locale, time zone and make
# flags, and a banner without user, host and date.
clean_environment() {
  env -i PATH="$PATH" HOME="${HOME:-/}" TERM="${TERM:-dumb}" \
    ${CCACHE_DIR+"CCACHE_DIR=$CCACHE_DIR"} ${CCACHE_DISABLE+"CCACHE_DISABLE=$CCACHE_DISABLE"} \
    LC_ALL=C TZ=UTC LOCALVERSION= \
    KBUILD_BUILD_USER=trxkit KBUILD_BUILD_HOST=trxkit KBUILD_BUILD_VERSION=1 \
    KBUILD_BUILD_TIMESTAMP="$(LC_ALL=C date -u -d "@$(trxkit_release_epoch)")" "$@"
}

kernel_make() {
  local compiler=${cross}gcc
  ! command -v ccache >/dev/null || compiler="ccache $compiler"
  clean_environment make -C "$source_folder" O="$build" ARCH=mips CROSS_COMPILE="$cross" \
    CC="$compiler" "$@"
}

# add_flash_init: the tiny init and the list that puts it into the initramfs.
add_flash_init() {
  local room=$build/flash-init
  rm -rf -- "$room"
  mkdir -p -- "$room"
  (cd -- "$flash_init_room" && "${cross}gcc" -std=c11 -Os -Wall -Wextra -Wconversion -Wshadow \
    -Werror -march=mips32r2 -mabi=32 -msoft-float -mno-abicalls -fno-pic -G0 -ffreestanding \
    -fno-stack-protector -fno-asynchronous-unwind-tables -nostdlib -static -s \
    -Wl,--build-id=none -o "$room/init" ./*.c)
  cp -- "$flash_init_room/initramfs.list" "$room/"
  touch -d "@$(trxkit_release_epoch)" "$room/init" "$room/initramfs.list"
}

# initramfs_line: the option that names the initramfs, if there is one, which is put into the build
# folder. Its name is relative, since the configuration is readable in the kernel (IKCONFIG). The
# kernel's build judges by time stamps whether the initramfs is stale, and ours are fixed: it is.
initramfs_line() {
  rm -f -- "$build"/usr/initramfs_data.cpio* "$build/usr/initramfs_inc_data"
  if [[ -n $initramfs ]]; then
    cp -- "$initramfs" "$build/initramfs.cpio"
    printf 'CONFIG_INITRAMFS_SOURCE="initramfs.cpio"\n'
  elif [[ $role == flash ]]; then
    add_flash_init
    printf 'CONFIG_INITRAMFS_SOURCE="flash-init/initramfs.list"\n'
  fi
}

# configure: .config from the options; every line of theirs must have survived.
configure() {
  local wanted=$build/wanted.config line lost=0
  printf '%s\n' "$options" >"$wanted"
  initramfs_line >>"$wanted"
  run_logged "$build/configure.log" "configuring" \
    kernel_make KCONFIG_ALLCONFIG="$wanted" allnoconfig
  while IFS= read -r line; do
    grep -qxF -- "$line" "$build/.config" || { say "lost from the configuration: $line"; lost=1; }
  done <"$wanted"
  ((lost == 0)) || die "the kernel's Kconfig dropped options" \
    "their dependencies are unmet, or a later fragment says otherwise; see $build/.config"
}

# show_progress: counts the objects in make's output, on a terminal in place, else every 15 s.
show_progress() {
  local line count=0 last=$SECONDS
  while IFS= read -r line; do
    case $line in '  CC '* | '  AS '*) count=$((count + 1)) ;; *) continue ;; esac
    if [[ -t 2 ]]; then
      printf '\r%s: %d of about %d objects, %d s ' \
        "$title" "$count" "$usual_object_count" "$SECONDS" >&2
    elif ((SECONDS - last >= 15)); then
      last=$SECONDS
      say "$title: $count of about $usual_object_count objects, $SECONDS s"
    fi
  done
  [[ ! -t 2 ]] || printf '\n' >&2
}

# compile TARGET...
compile() {
  if ! kernel_make -j "$(nproc)" "$@" 2>&1 | tee "$build/build.log" | show_progress; then
    grep -iE -m 10 'error|undefined' "$build/build.log" >&2 || tail -n 20 "$build/build.log" >&2
    die "the kernel does not compile" "whole log in $build/build.log"
  fi
}

# copy_results FOLDER: what is kept of a build. "objcopy -S" is how OpenWrt strips its kernels.
copy_results() {
  cp -- "$build/vmlinux" "$1/vmlinux"
  "${cross}objcopy" -S "$build/vmlinux" "$1/vmlinux.stripped"
  cp -- "$build/.config" "$1/config"
  [[ -z $zboot ]] || cp -- "$build/vmlinuz" "$1/vmlinuz"
}
