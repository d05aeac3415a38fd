from __future__ import annotations

import click
import pytest

from equipoise.cli.parameters import LAT_LON, DurationType, LatLon, NumberType


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("39.2,125.7", LatLon(39.2, 125.7)),
        ("-33.9,18.4", LatLon(-33.9, 18.4)),
        (" 0 , -0.5 ", LatLon(0.0, -0.5)),
        ("-90,180", LatLon(-90.0, 180.0)),
    ],
)
def test_a_place_is_two_numbers_in_degrees(typed: str, expected: LatLon) -> None:
    assert LAT_LON.convert(typed, None, None) == expected


@pytest.mark.parametrize(
    ("typed", "named"),
    [
        ("seoul", "LAT,LON"),
        ("39.2", "LAT,LON"),
        ("39.2;125.7", "LAT,LON"),
        ("39.2,125.7,0", "LAT,LON"),
        ("nan,125.7", "LAT,LON"),
        ("39.2,inf", "LAT,LON"),
        ("39_2,125", "LAT,LON"),
        ("", "LAT,LON"),
        ("90.1,0", "latitude must lie in [-90, 90] degrees; got 90.1"),
        ("0,-181", "longitude must lie in [-180, 180] degrees; got -181"),
    ],
)
def test_a_place_off_the_earth_is_refused_with_what_is_allowed(typed: str, named: str) -> None:
    with pytest.raises(click.BadParameter) as refusal:
        LAT_LON.convert(typed, None, None)
    assert named in refusal.value.message


@pytest.mark.parametrize("typed", ["nan", "inf", "-inf", "1e999", "1_000", "ten", "", "0", "-1", "5.1"])
def test_a_number_outside_its_interval_is_refused(typed: str) -> None:
    with pytest.raises(click.BadParameter) as refusal:
        NumberType("km", 0.0, 5.0, above=True).convert(typed, None, None)
    assert refusal.value.message == f"must be a number in (0, 5] km; got {typed!r}"


@pytest.mark.parametrize("typed", ["0", "5", " 2.5 ", "1e0", "-0"])
def test_the_ends_of_a_closed_interval_are_allowed(typed: str) -> None:
    assert NumberType("km", 0.0, 5.0).convert(typed, None, None) == float(typed)


@pytest.mark.parametrize(
    ("typed", "seconds"),
    [
        ("2832", 2832.0),
        ("47:12", 2832.0),
        ("1:08:55", 4135.0),
        (" 30:00 ", 1800.0),
        ("71:00.5", 4260.5),
        ("1e3", 1000.0),
        ("0:01", 1.0),
    ],
)
def test_a_duration_is_seconds_or_a_clock(typed: str, seconds: float) -> None:
    assert DurationType(1e5).convert(typed, None, None) == seconds


@pytest.mark.parametrize(
    "typed",
    [
        *("47:72", "47:1", ":30", "47:", "1:60:00", "1:8:55", "-1:30", "0:00", "99999:00"),
        *("nan", "inf", "1_0", "0", "-5", "1e6", "47m", ""),
    ],
)
def test_what_is_no_duration_is_refused_with_what_is_allowed(typed: str) -> None:
    with pytest.raises(click.BadParameter) as refusal:
        DurationType(1e5).convert(typed, None, None)
    assert refusal.value.message == f"must be seconds in (0, 100000], or minutes:seconds such as 47:12; got {typed!r}"
