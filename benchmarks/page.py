"""What the page costs a browser: bytes, and time of its main thread, until all answers are shown.

    python benchmarks/page.py [--visits 3]

It needs the built page, Playwright and a Chromium, which here draws with the processor: the times are upper bounds of
what a machine with a graphics card takes.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
import time

import numpy as np
from playwright.sync_api import Browser, sync_playwright

FLAGS = ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
         "--ignore-gpu-blocklist", "--disable-background-networking"]  # fmt: skip
READY = "html[data-footprint=full][data-drawn=yes][data-tracks]"
MEASURES = ("ScriptDuration", "LayoutDuration", "RecalcStyleDuration", "TaskDuration")


def visit(browser: Browser, address: str) -> dict[str, float]:
    """Open the globe with nothing cached and return what it cost: bytes and seconds."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.add_init_script("localStorage.setItem('equipoise-seen', 'yes')")
    page = context.new_page()
    devtools = context.new_cdp_session(page)
    devtools.send("Performance.enable")
    devtools.send("Network.enable")
    received = [0.0]

    def count(event: dict[str, float]) -> None:
        received[0] += event["encodedDataLength"]

    devtools.on("Network.loadingFinished", count)
    start_s = time.perf_counter()
    page.goto(address)
    page.wait_for_selector(READY, state="attached", timeout=120_000)
    shown_s = time.perf_counter() - start_s
    found = {one["name"]: one["value"] for one in devtools.send("Performance.getMetrics")["metrics"]}
    context.close()
    return {"bytes received": received[0], "until shown, s": shown_s} | {
        f"main thread, {name.removesuffix('Duration').lower()}, s": found[name] for name in MEASURES
    }


def main() -> None:
    """Print the median of some visits, after one that warms the server."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--visits", type=int, default=3)
    options = parser.parse_args()
    command = [sys.executable, "-c", "from equipoise.cli import main; main()", "serve", "--port", "0"]
    with (
        tempfile.TemporaryDirectory() as place,
        subprocess.Popen(command, stderr=subprocess.PIPE, text=True, cwd=place) as server,
        sync_playwright() as playwright,
    ):
        try:
            assert server.stderr is not None
            address = server.stderr.readline().split()[1]
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
            visit(browser, address)
            visits = [visit(browser, address) for _ in range(options.visits)]
            browser.close()
        finally:
            server.terminate()
    for name in visits[0]:
        print(f"{name:32s} {np.median([one[name] for one in visits]):14,.2f}")


if __name__ == "__main__":
    main()
