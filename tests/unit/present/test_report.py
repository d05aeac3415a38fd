from __future__ import annotations

import re
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from equipoise.present.provenance import plain_number
from equipoise.present.report import ReportContent, render_report

VOID = {"meta", "img", "br", "link", "input", "hr", "col"}


class Page(HTMLParser):
    """Collects tags and holds that they close in order."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


@pytest.fixture
def html(report_content: ReportContent) -> str:
    return render_report(report_content)


@pytest.fixture
def page(html: str) -> Page:
    page = Page()
    page.feed(html)
    page.close()
    assert page.open == []
    return page


def test_report_needs_nothing_from_elsewhere(page: Page, html: str) -> None:
    assert not {"script", "link", "iframe", "object", "embed", "base"} & {tag for tag, _ in page.tags}
    for tag, attributes in page.tags:
        for name, value in attributes.items():
            assert not name.startswith("on")
            if name in {"src", "srcset", "poster", "data", "action", "background"}:
                assert value is not None
                assert value.startswith("data:image/svg+xml;base64,")
            if name == "href":
                assert value is not None
                assert tag == "a"
                assert value.startswith(("#", "http://", "https://"))
    assert "url(" not in html
    assert "@import" not in html


def test_links_leave_the_page_only_from_the_list_of_sources(page: Page) -> None:
    outside = [a["href"] for tag, a in page.tags if tag == "a" and str(a.get("href", "")).startswith("http")]
    assert outside == ["http://koreatimesus.com/?p=60422&x=1", "https://gagadget.com/en/weapons/241088-"]


def test_inner_links_find_their_target(page: Page) -> None:
    ids = [a["id"] for _, a in page.tags if "id" in a]
    assert len(ids) == len(set(ids))
    for tag, attributes in page.tags:
        href = attributes.get("href")
        if tag == "a" and href is not None and href.startswith("#"):
            assert href[1:] in ids


def test_texts_are_escaped(html: str, page: Page) -> None:
    assert "<script>alert" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "press <b>figure</b>" in page.text
    assert "The Seongju battery & three missiles" in page.text


def test_report_is_accessible(page: Page) -> None:
    tags = page.tags
    assert next(a for tag, a in tags if tag == "html")["lang"] == "en"
    assert all(a.get("alt") for tag, a in tags if tag == "img")
    assert all(a.get("scope") in {"col", "row"} for tag, a in tags if tag == "th")
    assert sum(tag == "h1" for tag, _ in tags) == 1
    levels = [int(tag[1]) for tag, _ in tags if re.fullmatch(r"h[1-6]", tag)]
    assert all(later <= earlier + 1 for earlier, later in pairwise(levels))


def test_report_says_what_it_must(page: Page, report_content: ReportContent) -> None:
    for words in (
        "What this cannot tell you", "How well interceptors discriminate.", "gagadget", "2.6 to 2.8", "km/s",
        "ab" * 32, "2016", "equipoise run seongju", "48 %", "One half to two thirds", "interceptor range", "reported",
        "Seoul", "seen too late", "Natural Earth", "GeoNames, CC BY 4.0",
    ):  # fmt: skip
        assert words in page.text, words


def test_report_is_the_same_twice(report_content: ReportContent, html: str) -> None:
    assert render_report(report_content) == html


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (20900.0, "20,900"),
        (0.01, "0.01"),
        (1e-6, "10⁻⁶"),
        (2.5e-7, "2.5·10⁻⁷"),
        (5.0, "5"),
        (0.0, "0"),
        (10349312, "10,349,312"),
    ],
)
def test_numbers_are_written_as_people_do(value: float, text: str) -> None:
    assert plain_number(value) == text
