# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
#
# The watchdog, where the kernel has one, resets a router whose start hangs. It is fed by /init alone,
# wherever /init waits: a feeder in the background would have to cross into the new system, and
# would go on feeding where /init hangs. Before the new init starts it is stopped, since nobody can
# know here whether that feeds one; who wants it opens it again (procd does).

watchdog_start() {
    watchdog=
    [ -e /dev/watchdog ] || return 0
    # "command": one that is in use or broken is no reason to end.
    if { command exec 3>/dev/watchdog; } 2>/dev/null; then
        watchdog=yes
    fi
}

watchdog_feed() {
    [ -z "$watchdog" ] || echo >&3
}

# 'V' is the farewell without which closing means a crash (linux Documentation/watchdog).
watchdog_stop() {
    [ -n "$watchdog" ] || return 0
    printf V >&3
    exec 3>&-
    watchdog=
}

# pause: the shortest wait, and a sign of life.
pause() {
    watchdog_feed
    usleep 50000 || sleep 1
}

# wait_until SECONDS COMMAND...: polls until COMMAND comes off; fails where it does not in that time.
wait_until() {
    patience=$1
    shift
    read -r polled_since _ </proc/uptime
    until "$@"; do
        read -r now _ </proc/uptime
        [ $((${now%%.*} - ${polled_since%%.*})) -lt "$patience" ] || return 1
        pause
    done
}

# watched_sleep SECONDS
watched_sleep() {
    seconds_left=$1
    while [ "$seconds_left" -gt 0 ]; do
        watchdog_feed
        sleep 1
        seconds_left=$((seconds_left - 1))
    done
}

# attended SECONDS COMMAND...: the status of what may take long, or 124 where it takes longer than
# that. It is not killed then: what hangs in the kernel cannot be.
attended() {
    rm -f /tmp/attended
    deadline=$1
    shift
    read -r began _ </proc/uptime
    deadline=$((${began%%.*} + deadline))
    {
        "$@"
        echo $? >/tmp/attended
    } &
    until [ -s /tmp/attended ]; do
        read -r now _ </proc/uptime
        [ "${now%%.*}" -le "$deadline" ] || return 124
        pause
    done
    wait $!
    read -r ended </tmp/attended
    return "$ended"
}
