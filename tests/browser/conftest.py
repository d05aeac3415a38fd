"""A server and a real Chromium: drawn by the processor, so slow, and the same everywhere."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright
from serving import CHROMIUM, EXPLORED, QUIET, SEEN, SOFTWARE, own_server

PAGE = Path(__file__).parents[2] / "src" / "equipoise" / "web" / "page" / "index.html"
WIDE, PHONE = {"width": 1280, "height": 800}, {"width": 390, "height": 800}
# Software WebGL on two busy cores; nothing waits for the sake of waiting.
PATIENCE_MS = 90_000


@dataclass
class Visit:
    """A page with what it asked for and what it complained of."""

    page: Page
    address: str
    foreign: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, link: str = "", *, ready: str = EXPLORED) -> None:
        """Open a link and wait until all of its answers are there."""
        self.page.goto(f"{self.address}{link}")
        self.page.wait_for_selector(ready, state="attached")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the page's tests out where there is no browser or no page, unless the environment asks for them."""
    missing = "a Chromium" if CHROMIUM is None else "" if PAGE.is_file() else "the built page (make page)"
    if missing and os.environ.get("EQUIPOISE_BROWSER") == "required":
        pytest.exit(f"tests/browser: {missing} is missing, and EQUIPOISE_BROWSER=required asks for it", 1)
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.skipif(bool(missing), reason=f"{missing} is missing"))


@pytest.fixture(scope="session")
def address() -> Iterator[str]:
    """The address of a server of its own."""
    with own_server() as address:
        yield address


@pytest.fixture(scope="session")
def chromium() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def with_webgl(chromium: Playwright) -> Iterator[Browser]:
    browser = chromium.chromium.launch(executable_path=CHROMIUM, args=[*QUIET, *SOFTWARE])
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def without_webgl(chromium: Playwright) -> Iterator[Browser]:
    browser = chromium.chromium.launch(executable_path=CHROMIUM, args=[*QUIET, "--disable-gpu", "--disable-3d-apis"])
    yield browser
    browser.close()


@pytest.fixture
def visit(address: str) -> Iterator[Callable[..., Visit]]:
    """A function that begins a visit, past the guide of the first one."""
    contexts = []

    def begin(browser: Browser, *, first: bool = False, phone: bool = False) -> Visit:
        context = browser.new_context(viewport=PHONE if phone else WIDE, accept_downloads=True)
        contexts.append(context)
        if not first:
            context.add_init_script(SEEN)
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        found = Visit(page, address)
        own = (address, "data:", "blob:")
        page.on("request", lambda one: None if one.url.startswith(own) else found.foreign.append(one.url))
        page.on("pageerror", lambda error: found.complaints.append(str(error)))
        page.on(
            "console",
            lambda said: found.complaints.append(said.text) if said.type == "error" else None,
        )
        return found

    yield begin
    for context in contexts:
        context.close()
