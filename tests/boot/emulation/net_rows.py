# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""The rows of the fault matrix of booting from the network, as far as boot script and kernel go."""

from . import hostile_web as web
from .cases import step
from .net_faults import ASKED_FOR, CANARY_OTHER, SIGNED, Bench, Row

URL = r"http://10\.0\.2\.2:\d+/boot/qemu-malta"
OTHER = f"echo {CANARY_OTHER}\n".encode()
GOOD = step("script", f"boot.manifest of {URL} has a good signature")
BAD = step("script", f"boot.manifest of {URL} has no good signature: nothing of it is used")
CAME_BACK = step("script", "boot.sh came back with status [1-9]")
NO_SCRIPT = step("network", f"no boot script from {URL}")
ENTRY = "entries/default.conf"
KERNEL = "default/vmlinux.elf"


def cannot_fetch(name: str) -> str:
    return step("network", f"cannot fetch {URL}/{name}")


def answered(name: str, answer: web.Answer):
    def make(bench: Bench):
        bench.tree.answers[name] = answer

    return make


def without(name: str):
    return lambda bench: bench.files.pop(name)


def exchanged(name: str, contents: bytes):
    """Nobody has signed that."""

    def make(bench: Bench):
        bench.files[name] = contents

    return make


def flipped(name: str, place: int):
    def make(bench: Bench):
        data = bytearray(bench.files[name])
        data[place] ^= 1
        bench.files[name] = bytes(data)

    return make


def signed(name: str, contents: bytes):
    """It is what the manifest says, and signed."""
    return lambda bench: bench.put(name, contents)


def manifest(pattern: str, replacement: str, key: str = "own"):
    return lambda bench: bench.edit_manifest(pattern, replacement, key)


def after(name: str, what):
    """As soon as `name` was sent."""

    def make(bench: Bench):
        bench.tree.then[name] = what

    return make


def gone(tree: web.Tree):
    tree.silent = True


def foreign(bench: Bench):
    """A whole tree of somebody else's, signed with a key of their own."""
    bench.put("boot.sh", OTHER)
    bench.sign("foreign")


def nobody(bench: Bench):
    bench.tree.silent = True


def entry_exchanged_later(bench: Bench):
    """The manifest was good when it was fetched."""

    def exchange(tree: web.Tree):
        tree.files[ENTRY] = tree.files[ENTRY].replace(b"title ", b"title another ")

    bench.tree.then["boot.sh"] = exchange


def tree_exchanged_later(bench: Bench):
    """Between manifest and script the server gets a newer tree, properly signed."""

    def exchange(tree: web.Tree):
        tree.files["boot.sh"] = OTHER

    bench.tree.then["boot.manifest.sig"] = exchange


def without_entries(bench: Bench):
    bench.edit_manifest(rf"^sha256 \S+ {ENTRY}\n", "")


def unsigned_and_without_entries(bench: Bench):
    without_entries(bench)
    del bench.files["boot.manifest.sig"]


def unsigned_for_another_board(bench: Bench):
    bench.edit_manifest("^board .*", "board router-x")
    bench.put("boot.sh", OTHER)


def kernel_elsewhere(url: str, digest: str):
    text = f"kernel {url}\n" + (f"kernel-sha256 {digest}\n" if digest else "")
    return lambda bench: bench.put(ENTRY, text.encode())


def kernel_of_text(bench: Bench):
    bench.files[ENTRY] = b"kernel default/vmlinux.elf\n"
    bench.put(ENTRY, bench.files[ENTRY])
    bench.put(KERNEL, b"no kernel at all\n" * 1000)


WIRE = [
    Row("no_card", "no network interface", (step("network", "no interface eth0"), NO_SCRIPT), card="none"),
    Row("no_link", "no link", (step("network", "no link on eth0"), NO_SCRIPT), card="unplugged"),
    Row("no_dhcp", "no answer to DHCP", (step("network", "no answer to DHCP on eth0"), NO_SCRIPT),
        flash="dhcp", card="alone"),
    Row("no_machine", "no machine at the server's address", (cannot_fetch("boot.manifest"), NO_SCRIPT),
        card="alone"),
    Row("nobody_listens", "nobody listens at the server's port", (cannot_fetch("boot.manifest"),), nobody),
]

HTTP = [
    Row("not_found", "404 for boot.manifest", (cannot_fetch("boot.manifest"), NO_SCRIPT),
        without("boot.manifest")),
    Row("server_error", "500 for boot.manifest", (cannot_fetch("boot.manifest"),),
        answered("boot.manifest", web.error("500 Internal Server Error"))),
    Row("no_answer", "connection closed without an answer", (cannot_fetch("boot.manifest"),),
        answered("boot.manifest", web.close)),
    Row("no_http", "an answer that is no HTTP", (cannot_fetch("boot.manifest"),),
        answered("boot.manifest", web.garbage)),
    Row("redirects", "redirects in a circle", (cannot_fetch("boot.manifest"),),
        answered("boot.manifest", web.redirect)),
    Row("hangs_before", "the server hangs before its answer", (cannot_fetch("boot.manifest"),),
        answered("boot.manifest", web.hang(None))),
    Row("hangs_inside", "the server hangs inside the body", (cannot_fetch("boot.manifest"),),
        answered("boot.manifest", web.hang(20))),
    Row("dribbles", "a byte a second", (cannot_fetch("boot.manifest"),),
        answered("boot.manifest", web.dribble)),
    Row("endless", "a body without end", (cannot_fetch("boot.manifest"),),
        answered("boot.manifest", web.endless)),
    Row("short_script", "the connection ends inside boot.sh", (GOOD, NO_SCRIPT),
        answered("boot.sh", web.with_length(lambda size: size * 2))),
    Row("cut_script", "boot.sh with a length that is too small",
        (GOOD, step("script", f"boot.sh of {URL} is not what boot.manifest says")),
        answered("boot.sh", web.with_length(lambda size: size // 2))),
    Row("gone_before_script", "the server goes away after the signature", (GOOD, cannot_fetch("boot.sh")),
        after("boot.manifest.sig", gone)),
]

TRUST = [
    Row("no_signature", "no signature", (cannot_fetch("boot.manifest.sig"), NO_SCRIPT),
        without("boot.manifest.sig")),
    Row("empty_signature", "signature empty", (NO_SCRIPT,), exchanged("boot.manifest.sig", b"")),
    Row("damaged_signature", "one bit of the signature wrong", (BAD, NO_SCRIPT),
        flipped("boot.manifest.sig", 80)),
    Row("random_signature", "signature of random bytes", (BAD,),
        exchanged("boot.manifest.sig", bytes(range(256)))),
    Row("foreign_key", "another script, signed with a foreign key", (BAD,), foreign),
    Row("damaged_manifest", "one bit of boot.manifest wrong", (BAD,), flipped("boot.manifest", 20)),
    Row("unsigned_script", "another boot.sh than the signed one",
        (GOOD, step("script", f"boot.sh of {URL} is not what boot.manifest says")),
        exchanged("boot.sh", OTHER)),
    Row("script_exchanged_later", "boot.sh exchanged after boot.manifest was fetched",
        (GOOD, step("script", f"boot.sh of {URL} is not what boot.manifest says")), tree_exchanged_later),
    Row("another_board", "signed for another board",
        (GOOD, step("script", f"boot.manifest of {URL} is for router-x, this is qemu-malta")),
        manifest("^board .*", "board router-x")),
    Row("older_build", "an older build than the minimum",
        (GOOD, step("script", f"boot.manifest of {URL} is of build 99, older than 100")),
        manifest("^build .*", "build 99")),
    Row("no_build", "no build number", (GOOD, step("script", ".* has no build number")),
        manifest("^build .*\n", "")),
    Row("script_not_named", "boot.sh not in boot.manifest",
        (GOOD, step("script", f"boot.sh of {URL} is not what boot.manifest says")),
        manifest("boot.sh$", "boot.txt")),
    Row("unsigned_wanted", "no signature, and none wanted (--insecure-unsigned-netboot); no boot entry",
        (step("script", f"boot.manifest of {URL} is taken without a signature"),
         step("script", "there is no usable boot entry")),
        unsigned_and_without_entries, ASKED_FOR, flash="unsigned"),
    Row("unsigned_board", "no signature wanted, but for another board",
        (step("script", f"boot.manifest of {URL} is for router-x, this is qemu-malta"),),
        unsigned_for_another_board, flash="unsigned"),
]

SCRIPTS = [
    Row("empty_script", "boot.sh empty, and signed", (GOOD, NO_SCRIPT), signed("boot.sh", b"")),
    Row("large_script", "boot.sh of 2 MiB, and signed", (GOOD, NO_SCRIPT),
        signed("boot.sh", b"#\n" * (1 << 20))),
    Row("failing_script", "the signed boot.sh ends with status 7",
        (GOOD, step("script", "boot.sh came back with status 7")),
        signed("boot.sh", b"echo canary of the signed script\nexit 7\n"), SIGNED),
    Row("killed_script", "the signed boot.sh is killed",
        (GOOD, step("script", "boot.sh came back with status 137")),
        signed("boot.sh", b"echo canary of the signed script\nkill -9 $$\n"), SIGNED),
]

KERNELS = [
    Row("no_entries", "no boot entry in boot.manifest",
        (step("script", "there is no usable boot entry"), CAME_BACK), without_entries, SIGNED),
    Row("entry_exchanged", "boot entry exchanged after boot.manifest was fetched",
        (step("network", f"{URL}/{ENTRY} has a wrong checksum"), CAME_BACK), entry_exchanged_later, SIGNED),
    Row("gone_before_entry", "the server goes away after boot.sh",
        (step("network", f"cannot fetch {URL}/{ENTRY}"), CAME_BACK), after("boot.sh", gone), SIGNED),
    Row("gone_before_kernel", "the server goes away before the kernel",
        (step("network", f"cannot fetch {URL}/{KERNEL}"), CAME_BACK), after("boot.conf", gone), SIGNED),
    Row("no_kernel", "404 for the kernel", (step("network", f"cannot fetch {URL}/{KERNEL}"), CAME_BACK),
        without(KERNEL), SIGNED),
    Row("kernel_not_named", "kernel not in boot.manifest",
        (step("network", f"boot.manifest does not name {KERNEL}"), CAME_BACK),
        manifest(f"{KERNEL}$", "default/other.elf"), SIGNED),
    Row("kernel_bit", "one bit of the kernel wrong",
        (step("network", f"{URL}/{KERNEL} has a wrong checksum"), CAME_BACK), flipped(KERNEL, 1 << 20),
        SIGNED, seconds=30),
    Row("kernel_short", "the connection ends inside the kernel",
        (step("network", f"cannot fetch {URL}/{KERNEL}"), CAME_BACK),
        answered(KERNEL, web.with_length(lambda size: size * 2)), SIGNED, seconds=30),
    Row("kernel_endless", "a kernel without end", (step("network", f"cannot fetch {URL}/{KERNEL}"), CAME_BACK),
        answered(KERNEL, web.endless), SIGNED, seconds=60),
    Row("kernel_hangs", "the server hangs inside the kernel",
        (step("network", f"cannot fetch {URL}/{KERNEL}"), CAME_BACK),
        answered(KERNEL, web.hang(1 << 20)), SIGNED, seconds=140),
    Row("kernel_by_name", "kernel on a server with a name, and nobody who resolves names",
        (step("network", r"entry default: cannot fetch http://server\.example/vmlinux\.elf"), CAME_BACK),
        kernel_elsewhere("http://server.example/vmlinux.elf", "0" * 64), SIGNED, seconds=60),
    Row("kernel_unhashed", "kernel on another server, without a hash",
        (step("script", "entry default: neither it nor boot.manifest has a hash of http://10"), CAME_BACK),
        kernel_elsewhere("http://10.0.2.2:1/vmlinux.elf", ""), SIGNED),
    Row("kernel_text", "text as kernel, and signed", (step("kexec", "kexec cannot load the kernel"), CAME_BACK),
        kernel_of_text, SIGNED),
]


def on_stick(change=lambda bench: None):
    def make(bench: Bench):
        change(bench)
        bench.use_stick()

    return make


STICK_GOOD = step("script", "boot.manifest of sda1 has a good signature")
STICKS = [
    Row("stick_unsigned", "stick without a signature, and one is demanded",
        (step("usb", "sda1 has no /boot/boot.manifest.sig"),), on_stick(without("boot.manifest.sig")),
        flash="stick"),
    Row("stick_foreign", "stick signed with a foreign key",
        (step("script", "boot.manifest of sda1 has no good signature"),), on_stick(foreign), flash="stick"),
    Row("stick_script", "signed stick with another boot.sh",
        (STICK_GOOD, step("script", "boot.sh of sda1 is not what boot.manifest says")),
        on_stick(exchanged("boot.sh", OTHER)), flash="stick"),
    Row("stick_entry", "signed stick with another boot entry",
        (STICK_GOOD, step("script", f"/boot/{ENTRY} is not what boot.manifest says: passed over"), CAME_BACK),
        on_stick(exchanged(ENTRY, b"kernel default/vmlinux.elf\n")), SIGNED, flash="stick"),
    Row("stick_kernel", "signed stick with another kernel",
        (STICK_GOOD, step("kernel", f"/boot/{KERNEL} has a wrong checksum"), CAME_BACK),
        on_stick(flipped(KERNEL, 1 << 20)), SIGNED, flash="stick", seconds=30),
    Row("stick_older", "signed stick of an older build",
        (STICK_GOOD, step("script", "boot.manifest of sda1 is of build 99, older than 100")),
        on_stick(manifest("^build .*", "build 99")), flash="stick"),
]

ROWS = [*WIRE, *HTTP, *TRUST, *SCRIPTS, *KERNELS, *STICKS]
