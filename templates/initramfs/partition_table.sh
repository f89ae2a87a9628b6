# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# One partition of an MBR or GPT made larger, with dd, od and gzip alone. The power may fail at any
# moment: what counts changes by the write of one sector. In an MBR that is its only one. In a GPT it is the
# primary header, which Linux trusts alone (linux block/partitions/efi.c): it is pointed at a second
# copy of the entries while the first one changes. UEFI specification 2.10, 5.3, has the fields.

TABLE=/tmp/table
# Where the entries lie, and meanwhile: behind them, before the first usable sector.
GPT_ENTRIES=2
GPT_SPARE=40
GPT_SECTORS=32

# number_at FILE OFFSET: four bytes, the lowest first. Sets value.
number_at() {
    # shellcheck disable=SC2046 # four words
    set -- $(dd if="$1" bs=1 skip="$2" count=4 2>/dev/null | od -An -tu1)
    [ $# -eq 4 ] && value=$(($1 | $2 << 8 | $3 << 16 | $4 << 24))
}

# hex_of NUMBER: its four bytes, as bytes_of prints them.
hex_of() {
    printf '%02x%02x%02x%02x' $(($1 & 255)) $(($1 >> 8 & 255)) $(($1 >> 16 & 255)) $(($1 >> 24 & 255))
}

# put FILE OFFSET HEX: those bytes into a file of $TABLE.
put() {
    # shellcheck disable=SC2046,SC2059 # one word for each byte; octal escapes
    printf "$(printf '\\%03o' $(echo "$3" | sed 's/../ 0x&/g'))" |
        dd of="$TABLE/$1" bs=1 seek="$2" conv=notrunc 2>/dev/null
}

# get FILE LBA SECTORS: from the disk into a file of $TABLE.
get() {
    dd if="$table_disk" of="$TABLE/$1" bs=512 skip="$2" count="$3" 2>/dev/null
}

# write_sectors FILE LBA: back onto the disk, and through its cache.
write_sectors() {
    dd if="$TABLE/$1" of="$table_disk" bs=512 seek="$2" conv=notrunc,fsync 2>/dev/null
}

# crc_of FILE: CRC-32 of what is read, in hexadecimal; gzip puts it behind what it packs (RFC 1952).
crc_of() {
    gzip -c <"$TABLE/$1" | tail -c 8 | dd bs=1 count=4 2>/dev/null | od -An -tx1 | tr -d ' \n'
}

# kind_of DISK: sets kind to mbr or gpt; fails where there is no table.
kind_of() {
    kind=mbr
    [ "$(bytes_of "$1" 510 2)" = 55aa ] || return 1
    [ "$(bytes_of "$1" 450 1)" != ee ] || kind=gpt
}

# table_end DISK SECTORS: sets end to where the last partition has to end. Numbers here have 32 bits, as
# those of an MBR do: a larger disk is not for them.
table_end() {
    kind_of "$1" && [ "$2" -le 4294967295 ] || return 1
    end=$2
    [ "$kind" = mbr ] || end=$(($2 - GPT_SECTORS - 1))
}

# table_is_unfinished DISK, of that kind: the power failed while the spare copy was in use.
table_is_unfinished() {
    [ "$kind" = gpt ] && number_at "$1" 584 && [ "$value" -eq "$GPT_SPARE" ]
}

# write_table DISK DISK_SECTORS NUMBER START SECTORS: partition NUMBER, which starts there, gets that
# size. Fails with nothing written where the table is another than it should be.
write_table() {
    table_disk=$1
    rm -rf "$TABLE"
    mkdir "$TABLE" && kind_of "$1" && "write_$kind" "$2" "$3" "$4" "$5"
    written=$?
    rm -rf "$TABLE"
    return "$written"
}

# write_mbr DISK_SECTORS NUMBER START SECTORS
write_mbr() {
    [ "$2" -le 4 ] && get sector 0 1 || return 1
    place=$((430 + 16 * $2))
    [ "$(bytes_of "$TABLE/sector" $((place + 8)) 4)" = "$(hex_of "$3")" ] || return 1
    put sector $((place + 5)) "$(chs_of $(($3 + $4 - 1)))"
    put sector $((place + 12)) "$(hex_of "$4")"
    write_sectors sector 0
}

# chs_of SECTOR: as an MBR has it, for the customary 255 heads and 63 sectors.
chs_of() {
    cylinder=$(($1 / 63 / 255))
    if [ "$cylinder" -gt 1023 ]; then
        echo feffff
    else
        printf '%02x%02x%02x' $(($1 / 63 % 255)) $(($1 % 63 + 1 | cylinder >> 2 & 192)) \
            $((cylinder & 255))
    fi
}

# write_gpt DISK_SECTORS NUMBER START SECTORS: the backup first.
write_gpt() {
    last=$(($1 - 1))
    read_gpt || return 1
    place=$((128 * $2 - 128))
    [ "$(bytes_of "$TABLE/entries" $((place + 32)) 8)" = "$(hex_of "$3")00000000" ] || return 1
    put entries $((place + 40)) "$(hex_of $(($3 + $4 - 1)))00000000"
    write_sectors entries $((last - GPT_SECTORS)) &&
        write_header "$last" 1 $((last - GPT_SECTORS)) || return 1
    if [ "$entries_at" -eq "$GPT_ENTRIES" ]; then
        write_entries "$GPT_SPARE" || return 1
    fi
    write_entries "$GPT_ENTRIES" && write_protection
}

# read_gpt: header and entries; fails where they are damaged, or not those of a stick of ours.
read_gpt() {
    get header 1 1 && number_at "$TABLE/header" 72 || return 1
    entries_at=$value
    get entries "$entries_at" "$GPT_SECTORS" && number_at "$TABLE/header" 40 || return 1
    [ "$value" -ge $((GPT_SPARE + GPT_SECTORS)) ] || return 1
    [ "$entries_at" -eq "$GPT_ENTRIES" ] || [ "$entries_at" -eq "$GPT_SPARE" ] || return 1
    # The signature, 92 bytes of header; that it is the primary one; 128 entries of 128 bytes.
    [ "$(bytes_of "$TABLE/header" 0 8)" = 4546492050415254 ] &&
        [ "$(bytes_of "$TABLE/header" 12 4)" = 5c000000 ] &&
        [ "$(bytes_of "$TABLE/header" 24 8)" = 0100000000000000 ] &&
        [ "$(bytes_of "$TABLE/header" 76 12)" = 000000008000000080000000 ] &&
        [ "$(bytes_of "$TABLE/header" 88 4)" = "$(crc_of entries)" ] || return 1
    header_crc=$(bytes_of "$TABLE/header" 16 4)
    [ "$(crc_of_header)" = "$header_crc" ]
}

# crc_of_header: with zeros in its own place.
crc_of_header() {
    put header 16 00000000
    dd if="$TABLE/header" of="$TABLE/fields" bs=92 count=1 2>/dev/null
    crc_of fields
}

# write_header LBA OTHER_LBA ENTRIES_LBA
write_header() {
    put header 24 "$(hex_of "$1")00000000$(hex_of "$2")00000000"
    put header 48 "$(hex_of $((last - GPT_SECTORS - 1)))00000000"
    put header 72 "$(hex_of "$3")00000000"
    put header 88 "$(crc_of entries)"
    put header 16 "$(crc_of_header)"
    write_sectors header "$1"
}

# write_entries LBA: and then the primary header, which names them from now on.
write_entries() {
    write_sectors entries "$1" && write_header 1 "$last" "$1"
}

# The MBR that keeps others off a GPT covers all of the disk.
write_protection() {
    get sector 0 1 && put sector 458 "$(hex_of "$last")" && write_sectors sector 0
}
