# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The trxkit authors
"""Serves a folder by HTTP on 127.0.0.1, at a free port, for the time of a with statement: by Python's
server, or a boot tree by mkbootusb serve.

The emulated router reaches it as 10.0.2.2 (QEMU's user network).
"""

import functools
import re
import signal
import subprocess
import threading
import time
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


class Handler(SimpleHTTPRequestHandler):
    """Keeps a list of what was asked for instead of printing it."""

    def log_message(self, format, *args):  # noqa: A002 (the base class's name)
        self.server.requests.append(format % args)


class Server:
    """`port` is known at once; `directory` may be filled later."""

    def __init__(self, directory: Path, port: int = 0):
        handler = functools.partial(Handler, directory=str(directory))
        self._server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self._server.requests = []
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def port(self) -> int:
        return self._server.server_address[1]

    @property
    def requests(self) -> list[str]:
        """One line for each request so far: '"GET /path HTTP/1.1" 200 -'."""
        return list(self._server.requests)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@contextmanager
def serve(mkbootusb: str, tree: Path, log: Path):
    """The port. `log` gets what the server says; it has to end well when it is told to end."""
    words = [mkbootusb, "serve", str(tree), "--address", "127.0.0.1", "--port", "0"]
    with open(log, "wb") as said, subprocess.Popen(words, stdin=subprocess.DEVNULL, stderr=said) as process:
        try:
            deadline = time.monotonic() + 20
            while not (ready := re.search(r"^serving http://127\.0\.0\.1:(\d+)/", log.read_text())):
                assert process.poll() is None and time.monotonic() < deadline, log.read_text()
                time.sleep(0.05)
            yield int(ready[1])
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0, log.read_text()
