"""Make the pictures of the page for the documentation: docs/pictures, from a server of its own and a real browser.

Run it as ``python scripts/screenshots.py`` after ``make page``; it needs Playwright and a Chromium.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "benchmarks"))
from serving import CHROMIUM, EXPLORED, QUIET, SEEN, SOFTWARE, own_server  # noqa: E402

WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 844}
PICTURES = {
    "explore": ("#/explore?missile=nodong", EXPLORED, WIDE),
    "constraint": ("#/explore?missile=nodong&layer=constraint&at=36.60,127.60", EXPLORED, WIDE),
    "radar": (
        "#/explore?missile=nodong&layer=radar",
        "html[data-coverage][data-footprint=full][data-drawn=yes][data-tracks]",
        WIDE,
    ),
    "network": ("#/explore?study=china-view", "html[data-drawn=yes][data-tracks]", WIDE),
    "flight-test": ("#/flight-test", ".pictures:not([hidden])", WIDE),
    "raid": ("#/raid", "table", WIDE),
    "claims": ("#/claims", "article", WIDE),
    "validation": ("#/validation", "#headline", WIDE),
    "sources": ("#/sources", "table", WIDE),
    "phone": ("#/explore?missile=nodong", EXPLORED, PHONE),
}


def main() -> None:
    """Start a server, visit each page, and write what it looks like."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=ROOT / "docs" / "pictures")
    parser.add_argument("--dark", action="store_true")
    parser.add_argument("only", nargs="*", choices=[[], *PICTURES], default=[])
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    with own_server() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*QUIET, *SOFTWARE])
        for name, (link, ready, size) in PICTURES.items():
            if options.only and name not in options.only:
                continue
            context = browser.new_context(viewport=size, color_scheme="dark" if options.dark else "light")  # type: ignore[arg-type]
            context.add_init_script(SEEN)
            page = context.new_page()
            page.goto(f"{address}?light=no{link}")
            page.wait_for_selector(ready, state="attached", timeout=120_000)
            page.wait_for_timeout(2_500)
            if name == "explore":
                page.get_by_label("Time since the first launch").fill("480")
                page.wait_for_timeout(500)
            page.screenshot(path=options.out / f"{name}.png", full_page=name == "flight-test")
            context.close()
        browser.close()


if __name__ == "__main__":
    main()
