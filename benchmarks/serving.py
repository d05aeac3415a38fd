"""A server of one's own and the browser that visits it, for whatever looks at the page from outside."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
QUIET = (
    "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
)  # fmt: skip
# Pictures drawn by the processor: slow, and the same everywhere.
SOFTWARE = ("--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist")
# A visitor who has been here before: no guide unasked.
SEEN = "localStorage.setItem('equipoise-seen', 'yes')"
EXPLORED = "html[data-footprint=full][data-drawn=yes][data-tracks]"


@contextmanager
def own_server() -> Iterator[str]:
    """Serve from an empty directory on a free port, and give the address."""
    command = [sys.executable, "-c", "from equipoise.cli import main; main(['serve', '--port', '0'])"]
    with (
        tempfile.TemporaryDirectory() as place,
        subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=place) as server,
    ):
        try:
            assert server.stderr is not None
            found = next(filter(None, (re.search(r"open (http://\S+/)", line) for line in server.stderr)))
            yield found[1]
        finally:
            server.terminate()
            server.wait(30)
