# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""An HTTP server that does what it should not: it hangs, lies about lengths, never ends, goes away.

Shares no code with what it tests, and not even Python's HTTP server, which is too polite. The emulated
router reaches it as 10.0.2.2 (QEMU's user network).
"""

import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

Answer = Callable[[socket.socket, bytes], None]
SECONDS = 150  # longest life of a connection that hangs


def head(status: str = "200 OK", length: int | None = None) -> bytes:
    lines = [f"HTTP/1.1 {status}", "Connection: close"]
    if length is not None:
        lines.append(f"Content-Length: {length}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def serve(line: socket.socket, body: bytes):
    line.sendall(head(length=len(body)) + body)


def error(status: str) -> Answer:
    return lambda line, body: line.sendall(head(status, 6) + b"error\n")


def redirect(line: socket.socket, body: bytes):
    """To the same place, for ever."""
    line.sendall(b"HTTP/1.1 302 Found\r\nLocation: boot.manifest\r\nContent-Length: 0\r\n"
                 b"Connection: close\r\n\r\n")


def hang(after: int | None) -> Answer:
    """Sends nothing (None), or the head and `after` bytes of the body, and waits for the other side."""

    def answer(line: socket.socket, body: bytes):
        if after is not None:
            line.sendall(head(length=len(body)) + body[:after])
        line.settimeout(SECONDS)
        while line.recv(1024):
            pass

    return answer


def dribble(line: socket.socket, body: bytes):
    """A byte a second."""
    line.sendall(head(length=len(body)))
    stop = threading.Event()
    for byte in body:
        line.sendall(bytes([byte]))
        stop.wait(1)


def endless(line: socket.socket, body: bytes):
    line.sendall(head())
    while True:
        line.sendall(body * max(1, 65536 // max(1, len(body))))


def with_length(length: Callable[[int], int]) -> Answer:
    """The body, after a length that is not its own."""
    return lambda line, body: line.sendall(head(length=length(len(body))) + body)


def garbage(line: socket.socket, body: bytes):
    line.sendall(bytes(range(256)) * 64)


def close(line: socket.socket, body: bytes):
    """Nothing at all."""


@dataclass
class Tree:
    """What is served. `files` by path below `prefix`; `answers` of those that are not simply sent.
    `then`: what happens when a path was answered (another file appears, the server goes away)."""

    prefix: str = "/boot/qemu-malta/"
    files: dict[str, bytes] = field(default_factory=dict)
    answers: dict[str, Answer] = field(default_factory=dict)
    then: dict[str, Callable[["Tree"], None]] = field(default_factory=dict)
    silent: bool = False  # nobody listens any more


class Server:
    """Serves `tree`, which may be exchanged between two boots."""

    def __init__(self):
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        self.tree = Tree()
        self.requests: list[str] = []
        self._ended = False
        threading.Thread(target=self._accept, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._ended = True
        self._socket.close()

    def _accept(self):
        while not self._ended:
            try:
                line, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(line, self.tree), daemon=True).start()

    def _answer(self, line: socket.socket, tree: Tree):
        with line:
            if tree.silent:
                # As a machine where nobody listens: a reset.
                line.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                return
            try:
                self._answer_one(line, tree)
            except OSError:
                pass  # the router hung up

    def _answer_one(self, line: socket.socket, tree: Tree):
        line.settimeout(SECONDS)
        request = b""
        while b"\r\n\r\n" not in request:
            data = line.recv(4096)
            if not data:
                return
            request += data
        path = request.split()[1].decode(errors="replace")
        self.requests.append(path)
        name = path.removeprefix(tree.prefix)
        if name in tree.answers:
            tree.answers[name](line, tree.files.get(name, b""))
        elif path.startswith(tree.prefix) and name in tree.files:
            serve(line, tree.files[name])
        else:
            error("404 Not Found")(line, b"")
        if name in tree.then:
            tree.then[name](tree)
