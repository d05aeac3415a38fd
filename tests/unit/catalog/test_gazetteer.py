from __future__ import annotations

from typing import Any

import pytest

from equipoise.catalog.gazetteer import expand_positions
from equipoise.errors import FileFormatError

DEFAULTS: dict[str, Any] = {
    "coordinate": {"unit": "deg", "precision": 0.05, "source": "geonames", "grade": "reported"},
    "population": {"unit": "people", "source": "geonames", "grade": "reported"},
}
TOWN = {"name": "Town", "country": "KOR", "latitude": 36.0, "longitude": 128}


def expand(entry: object) -> dict[str, Any]:
    return next(expand_positions({"defaults": DEFAULTS, "places": {"town": entry}}, "place", "places.yaml"))


def test_short_form_becomes_a_full_record() -> None:
    record = expand(TOWN | {"population": 9})
    expected = {"value": 36.0, "low": 35.95, "high": 36.05, "unit": "deg", "source": "geonames", "grade": "reported"}
    assert record["latitude"] == expected
    assert record["population"]["unit"] == "people"
    assert (record["kind"], record["id"]) == ("place", "town")


def test_an_entry_may_name_its_own_source() -> None:
    record = expand(TOWN | {"population": 9, "source": "abc-news-map-2017"})
    assert record["latitude"]["source"] == record["longitude"]["source"] == "abc-news-map-2017"
    assert record["population"]["source"] == "geonames"
    assert "source" not in record


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"defaults": DEFAULTS, "towns": {}}, '"towns": unknown field; allowed: defaults, places'),
        ({"places": {}}, "defaults: is missing"),
        ({"defaults": DEFAULTS}, "places: is missing"),
        ({"defaults": 3, "places": {}}, "defaults: got 3; allowed: a mapping"),
        ({"defaults": DEFAULTS, "places": {"town": 3}}, '"town": got 3'),
        ({"defaults": {}, "places": {"town": TOWN}}, "defaults, coordinate: is missing"),
    ],
)
def test_another_shape_is_refused(content: dict[str, Any], message: str) -> None:
    with pytest.raises(FileFormatError, match=message):
        list(expand_positions(content, "place", "places.yaml"))
