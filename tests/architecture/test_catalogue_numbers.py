"""Every number of every bundled file has unit, source and grade, and a reason where it is not published."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from equipoise.catalog import load_catalog, numbers
from equipoise.catalog.library import DATA, bundled_files
from equipoise.catalog.quantity import USERS_OWN
from equipoise.catalog.yaml_reader import read_yaml

FILES = [*bundled_files(), DATA / "default_drag.yaml", DATA / "default_signature.yaml", DATA / "radiation.yaml"]
SOURCES = read_yaml(DATA / "sources.yaml")
GRADES = {"official", "reported", "derived", "assumed"}


def bare_numbers(node: Any, path: str = "") -> Iterator[str]:
    """Yield the path of every number that stands outside a sourced mapping."""
    if isinstance(node, dict):
        if "source" in node and "grade" in node:
            return
        for key, value in node.items():
            yield from bare_numbers(value, f"{path}.{key}")
    elif isinstance(node, list):
        for i, value in enumerate(node):
            yield from bare_numbers(value, f"{path}[{i}]")
    elif isinstance(node, int | float) and not isinstance(node, bool):
        yield path


def sourced(node: Any, path: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(node, dict):
        if "grade" in node:
            yield path, node
        for key, value in node.items():
            yield from sourced(value, f"{path}.{key}")
    elif isinstance(node, list):
        for i, value in enumerate(node):
            yield from sourced(value, f"{path}[{i}]")


def test_all_bundled_files_are_looked_at() -> None:
    known = {*FILES, *(DATA / name for name in ("sources.yaml", "places.yaml", "launch_areas.yaml"))}
    assert set(DATA.rglob("*.yaml")) == known


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_number_stands_alone(path: Path) -> None:
    assert list(bare_numbers(read_yaml(path))) == []


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_number_has_source_grade_and_reason(path: Path) -> None:
    found = list(sourced(read_yaml(path)))
    for field, number in found or pytest.fail("no number found"):
        assert number["source"] in SOURCES, field
        assert number["grade"] in GRADES, field
        if number["grade"] in ("derived", "assumed"):
            assert len(number.get("note", "")) > 15, f"{field} needs a reason"
        if "value" in number:
            assert number["unit"], field
            assert number.get("low", number["value"]) <= number["value"] <= number.get("high", number["value"]), field
            if number["grade"] == "assumed":
                assert number.get("low") != number.get("high"), f"{field} is assumed and needs a range"
        if number["source"] == "team":
            assert number["grade"] in ("assumed", "derived"), f"{field}: our own judgement is not a report"


@pytest.mark.parametrize("kind", ["place", "launch_area"])
def test_every_place_has_sourced_coordinates(kind: str) -> None:
    catalog = load_catalog()
    for id in catalog.ids(kind):
        found = dict(numbers(catalog.record(id)))
        assert {"latitude", "longitude"} <= set(found)
        for field, number in found.items():
            assert number.source in SOURCES, f"{id}, {field}"
            assert number.low <= number.value <= number.high


def test_sources_are_used_and_lead_somewhere() -> None:
    text = "".join(
        path.read_text()
        for path in (
            *DATA.rglob("*.yaml"),
            *(DATA.parent.parent / "studies").glob("*.yaml"),
            *(DATA.parent.parent / "authorities").iterdir(),
            DATA.parent.parent / "debate" / "data" / "debate.yaml",
        )
    )
    for id, source in SOURCES.items():
        if id == USERS_OWN:
            assert f"source: {id}" not in text, "a bundled number cites nobody but the user"
        elif id not in ("team", "study-file"):
            assert text.count(id) > 1, f"{id} is cited nowhere"
            assert source.get("url") or source.get("publisher"), f"{id} leads nowhere"


def test_sites_are_no_finer_than_a_town() -> None:
    catalog = load_catalog()
    for kind in ("place", "launch_area"):
        for id in catalog.ids(kind):
            record = catalog.place(id) if kind == "place" else catalog.launch_area(id)
            for coordinate in (record.latitude, record.longitude):
                assert round(coordinate.written, 2) == coordinate.written, id
    for id in catalog.ids("sensor_site"):
        site = catalog.sensor_site(id)
        for number in (site.latitude, site.longitude):
            assert number is None or round(number.written, 1) == number.written, id
            assert number is None or number.written_high - number.written_low > 0.09, id


def test_each_launch_area_has_a_known_basis() -> None:
    catalog = load_catalog()
    for id in catalog.ids("launch_area"):
        basis = catalog.launch_area(id).basis
        assert (basis is None) == (catalog.launch_area(id).latitude.source == "cns-nti-tests"), id
        assert basis is None or basis.source in SOURCES, id
