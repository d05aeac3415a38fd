"""The page of a flight test: what it says follows the numbers, and it needs nothing else."""

from __future__ import annotations

import csv
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from made_flight_tests import KOREA, circle_ring, made, with_report

from equipoise.analysis.flight_test_results import Band, FlightTest
from equipoise.catalog.library import read_record
from equipoise.physics.kepler import HALF_ROUND_M
from equipoise.present.flight_test_page import publish_flight_test
from equipoise.present.flight_test_summary import flight_test_summary
from equipoise.present.flight_test_words import (
    kepler_reason,
    lede,
    limits,
    minutes,
    range_headline,
    reported_words,
    span,
    verdict_headline,
)

COMMAND = "equipoise flight-test --apogee 2111.5 --range 787 --missile hwasong-12 --out page"


def timed(time_s: float | None) -> FlightTest:
    return with_report(replace(made(), time_s=Band(1770.0, 1790.0, 1810.0)), time_s=time_s)


@pytest.mark.parametrize(
    ("time_s", "value", "label", "first"),
    [
        (1800.0, "Consistent", "go together", "go together"),
        (1740.0, "Consistent to a minute", "30 s shorter than any boost tried allows", "go together"),
        (1700.0, "Off by 1 min 10 s", "1 min 10 s shorter than any boost tried allows", "does not hold together"),
        (1900.0, "Off by 1 min 30 s", "1 min 30 s longer than any boost tried allows", "does not hold together"),
        (None, "No time reported", "cannot be checked", "No flight time was reported"),
    ],
)
def test_the_verdict_follows_the_time(time_s: float | None, value: str, label: str, first: str) -> None:
    test = timed(time_s)
    head = verdict_headline(test)
    assert head.value == value
    assert label in head.label
    assert "29 min 30 s to 30 min 10 s" in head.detail
    assert "11 boosts that fly the report, of 12 tried" in head.detail
    assert first in lede(test, "x.yaml")[0]


def test_the_reason_why_kepler_differs_follows_the_numbers() -> None:
    base = replace(made(), range_still_m=Band(4e6, 5e6, 6e6))
    short = kepler_reason(replace(base, kepler_range_m=4.5e6))
    assert "500 km short of the central boost" in short
    assert "lacks what gravity and air took on the steep climb, which a normal trajectory does not lose" in short
    long = kepler_reason(replace(base, kepler_range_m=5.2e6))
    assert "200 km more than the central boost" in long
    assert "steep climb" not in long
    assert "within 1 %" in kepler_reason(replace(base, kepler_range_m=5.02e6))
    far = replace(base, range_still_m=Band(1.5e7, 1.9998e7, 1.9999e7), kepler_range_m=HALF_ROUND_M)
    assert "Both reach half round the Earth" in kepler_reason(replace(far, reaches_antipode=True))


def test_reaching_the_antipode_is_said() -> None:
    test = replace(made(), range_still_m=Band(1.5e7, 1.9998e7, 1.9999e7))
    assert "half round the Earth" in range_headline(replace(test, reaches_antipode=True)).detail
    assert "half round" not in range_headline(test).detail


def test_an_unknown_direction_and_an_assumed_launch_point_are_said() -> None:
    unknown, known = made(), made(az_deg=250.0)
    assert "direction not known" in reported_words(unknown)
    assert "towards 250° from north" in reported_words(known)
    assert "over a still Earth, and directions are part of the bands" in lede(unknown, "x")[-1]
    assert "over the turning Earth in the reported direction" in lede(known, "x")[-1]
    assert any("In which direction it flew" in limit for limit in limits(unknown))
    assert not any("In which direction it flew" in limit for limit in limits(known))
    assumed = with_report(known, launch_assumed=True)
    assert "(assumed)" in reported_words(assumed)
    assert any("Where it was launched" in limit for limit in limits(assumed))
    assert not any("Where it was launched" in limit for limit in limits(known))


def test_a_class_that_was_not_named_is_called_nearest() -> None:
    test = with_report(made(), missile=None)
    assert "The class was not named; nearest: hwasong-12." in lede(test, "x")[-1]
    assert "not named" not in lede(made(), "x")[-1]


def test_words_for_times_and_bands() -> None:
    assert (minutes(42.4), minutes(59.7), minutes(2832.0)) == ("42 s", "1 min 00 s", "47 min 12 s")
    assert span(Band(3.43e6, 4.6e6, 4.891e6)) == "3,430 to 4,891 km"
    assert span(Band(2.1e5, 2.1e5, 2.1e5)) == "210 km"


class Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.targets: list[str] = []
        self.images: list[dict[str, str | None]] = []
        self.tags: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append(tag)
        if found.get("id"):
            self.ids.append(str(found["id"]))
        if tag == "a":
            self.targets.append(str(found["href"]))
        if tag == "img":
            self.images.append(found)


def published(directory: Path, test: FlightTest) -> Path:
    directory.mkdir()
    return publish_flight_test(test, directory, command=COMMAND, summary=flight_test_summary(test))


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return published(tmp_path_factory.mktemp("flight-test") / "page", timed(1800.0))


def test_the_page_needs_nothing_else_and_its_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    parsed = Page()
    parsed.feed(text)
    assert not {"script", "link", "iframe"} & set(parsed.tags)
    assert len(parsed.images) == 4
    for image in parsed.images:
        assert str(image["src"]).startswith("data:image/svg+xml;base64,")
        assert len(str(image["alt"])) > 40
    assert len(set(parsed.ids)) == len(parsed.ids)
    assert {target[1:] for target in parsed.targets if target.startswith("#")} <= set(parsed.ids)
    assert COMMAND in text
    assert "hwasong-12-fit.yaml" in text
    assert "no fit" in text


def test_every_file_named_on_the_page_is_there_and_reads(page: Path) -> None:
    folder = page.parent
    for name in re.findall(r"<li><code>([^<]+)</code>:", page.read_text(encoding="utf-8")):
        assert (folder / name).exists()
    figures = {path.stem for path in (folder / "figures").glob("*.svg")}
    assert figures == {path.stem for path in (folder / "figures").glob("*.png")}
    assert figures == {path.stem for path in (folder / "data").glob("*.csv")}
    assert json.loads((folder / "summary.json").read_text(encoding="utf-8"))["verdict"] == "consistent"
    assert json.loads((folder / "range-ring.geojson").read_text(encoding="utf-8"))["command"] == COMMAND
    assert read_record(folder / "hwasong-12-fit.yaml").id == "hwasong-12-fit"


def test_the_data_beside_the_figures_hold_the_numbers(page: Path) -> None:
    def rows(name: str) -> list[dict[str, str]]:
        with (page.parent / "data" / name).open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    test = timed(1800.0)
    heights = [float(row["height_km"]) for row in rows("side-view.csv") if row["flight"] == "reported"]
    # Heights are kept to nine digits; the apogee is a node of the samples.
    assert max(heights) == pytest.approx(test.calibrated.lofted.apogee_m / 1e3, abs=1e-3)
    ring = rows("range-ring.csv")
    assert len(ring) == 3 * len(test.ring.az_rad)
    central = [float(row["longest_range_km"]) for row in ring if row["boost"] == "central"]
    assert central == pytest.approx([test.range_still_m.central / 1e3] * len(central), rel=1e-8)
    assert [row["range_other_km"] for row in rows("moves.csv")][1] == ""


def test_the_same_bytes_each_time(page: Path, tmp_path: Path) -> None:
    again = published(tmp_path / "again", timed(1800.0)).parent
    files = sorted(path.relative_to(again) for path in again.rglob("*") if path.is_file())
    assert files == sorted(path.relative_to(page.parent) for path in page.parent.rglob("*") if path.is_file())
    for name in files:
        assert (again / name).read_bytes() == (page.parent / name).read_bytes()


def test_text_of_the_users_is_escaped(tmp_path: Path) -> None:
    test = with_report(timed(None), label='<script>alert("x")</script>')
    text = published(tmp_path / "page", test).read_text(encoding="utf-8")
    assert "<script>" not in text
    assert "&lt;script&gt;" in text


def test_a_page_of_a_missile_that_goes_half_round(tmp_path: Path) -> None:
    ring = circle_ring(KOREA, (1.2e7, 1.9998e7, 1.9999e7))
    test = replace(timed(1800.0), ring=ring, reaches_antipode=True, range_still_m=Band(1.2e7, 1.9998e7, 1.9999e7))
    text = published(tmp_path / "page", test).read_text(encoding="utf-8")
    assert "The central boost reaches every point of the Earth." in text
    assert "it is the Earth that ends them" in text
