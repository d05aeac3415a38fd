"""What the page costs a browser: bytes, and time of its main thread, until all answers are shown.

    python benchmarks/page.py [--visits 3]

It needs the built page, Playwright and a Chromium, which here draws with the processor: the times are upper bounds of
what a machine with a graphics card takes.
"""

from __future__ import annotations

import argparse
import time

import numpy as np
from playwright.sync_api import Browser, sync_playwright
from serving import CHROMIUM, EXPLORED, QUIET, SEEN, SOFTWARE, own_server

MEASURES = ("ScriptDuration", "LayoutDuration", "RecalcStyleDuration", "TaskDuration")


def visit(browser: Browser, address: str) -> dict[str, float]:
    """Open the globe with nothing cached and return what it cost: bytes and seconds."""
    context = browser.new_context(viewport={"width": 1280, "height": 800})
    context.add_init_script(SEEN)
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
    page.wait_for_selector(EXPLORED, state="attached", timeout=120_000)
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
    with own_server() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*QUIET, *SOFTWARE])
        visit(browser, address)
        visits = [visit(browser, address) for _ in range(options.visits)]
        browser.close()
    for name in visits[0]:
        print(f"{name:32s} {np.median([one[name] for one in visits]):14,.2f}")


if __name__ == "__main__":
    main()
