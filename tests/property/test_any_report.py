"""Whatever is announced, the answer is a result in numbers or one line that says why not."""

from __future__ import annotations

import json
import math
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.analysis import FlightReport, ReportError, flight_test
from equipoise.analysis.flight_report import LONGEST_BOOST_S, REPORT_GOOD_TO_S, VACUUM_TIME_SLACK
from equipoise.catalog import MissileRecord, load_catalog
from equipoise.physics import Site
from equipoise.physics.earth_kernels import GM_M3_S2, MEAN_RADIUS_M
from equipoise.physics.kepler import HALF_ROUND_M, surface_arc
from equipoise.present.flight_test_summary import flight_test_summary

SOME = settings(max_examples=60, deadline=None, derandomize=True)
MANY = settings(max_examples=300, deadline=None, derandomize=True)

anything = st.floats() | st.sampled_from([0.0, -0.0, 1e-300, 1e300, 5e-324])
latitudes = st.floats(-math.pi / 2, math.pi / 2) | st.sampled_from([math.pi / 2, -math.pi / 2, 0.0, 1.4835])
longitudes = st.floats(-math.pi, math.pi) | st.sampled_from([math.pi, -math.pi])
directions = st.none() | st.floats(-7.0, 7.0)
apogees = st.floats(3.0, 7.4).map(lambda exponent: 10.0**exponent)
ranges = st.floats(3.0, 7.31).map(lambda exponent: 10.0**exponent)


@cache
def classes() -> tuple[MissileRecord | None, ...]:
    return (None, *(load_catalog().missile(name) for name in ("hwasong-12", "nodong", "musudan", "scud-b", "kn-23")))


def announced(
    apogee_m: float,
    range_m: float,
    launch: Site,
    time_s: float | None,
    az_rad: float | None,
    record: MissileRecord | None = None,
) -> tuple[FlightReport | None, str]:
    """Return a report, or why there is none."""
    try:
        return FlightReport(apogee_m, range_m, launch, time_s, az_rad, record), ""
    except ReportError as error:
        return None, str(error)


def outcome(report: FlightReport, **options: object) -> str:
    """Assess a report, check what must hold of any result, and return its kind of refusal or nothing."""
    try:
        test = flight_test(report, draws=2, **options)  # type: ignore[arg-type]
    except ReportError as error:
        return error.refusal if "\n" not in str(error) and len(str(error)) < 600 else str(error)
    for band in (test.time_s, test.range_still_m, test.range_turning_m):
        assert band.low <= band.central <= band.high
        assert math.isfinite(band.low)
        assert math.isfinite(band.high)
    kepler_s = test.kepler.time_s
    assert test.time_s.low >= (1.0 - VACUUM_TIME_SLACK) * kepler_s
    assert test.time_s.high <= (1.0 + VACUUM_TIME_SLACK) * kepler_s + LONGEST_BOOST_S
    assert test.consistent is (None if test.time_miss_s is None else abs(test.time_miss_s) <= REPORT_GOOD_TO_S)
    flown = test.calibrated.lofted
    assert abs(flown.apogee_m - report.apogee_m) < 2.0 + 1e-6 * report.apogee_m
    json.dumps(flight_test_summary(test), allow_nan=False)
    return ""


@MANY
@given(anything, anything, st.none() | anything, st.none() | anything)
def test_any_numbers_are_a_report_or_one_line(
    apogee_m: float, range_m: float, time_s: float | None, az_rad: float | None
) -> None:
    report, refusal = announced(apogee_m, range_m, Site.of_degrees(39.0, 125.7), time_s, az_rad)
    assert (report is None) == (refusal != "")
    assert "\n" not in refusal


@SOME
@given(apogees, ranges, latitudes, longitudes, directions, st.integers(0, 5), st.integers(0, 2))
def test_any_flight_is_assessed_or_refused(
    apogee_m: float, range_m: float, lat: float, lon: float, az: float | None, which: int, parameter: int
) -> None:
    record = classes()[which]
    report, refusal = announced(apogee_m, range_m, Site(lat, lon), None, az, record)
    if report is None:
        assert refusal.startswith(("apogee: got", "range: got", "from: got"))
        return
    assert outcome(report, parameter=("propellant", "payload", "cut-off")[parameter]) in (
        "", "no boost", "quasi-ballistic", "impossible",
    )  # fmt: skip


@SOME
@given(st.floats(0.6, 6.0), st.floats(0.1, 0.9), st.floats(-1.48, 1.48), longitudes, directions, st.integers(1, 4))
def test_flights_that_a_class_can_make(
    steepness: float, share: float, lat: float, lon: float, az: float | None, which: int
) -> None:
    """Steep and shallow, short and long, north and south, across the dateline."""
    record = classes()[which]
    assert record is not None
    assert record.published_range_m is not None
    range_m = share * record.published_range_m.value
    apogee_m = 0.25 * steepness * range_m
    refusal = outcome(FlightReport(apogee_m, range_m, Site(lat, lon), None, az, record))
    assert refusal in ("", "no boost", "quasi-ballistic")


@MANY
@given(st.floats(1.0, 2e7), st.floats(0.0, HALF_ROUND_M))
def test_any_arc_has_a_time_a_speed_and_an_angle(apogee_m: float, range_m: float) -> None:
    arc = surface_arc(apogee_m, range_m)
    # Kepler's third law: less than one turn of an ellipse no longer than the apogee's distance
    assert 0.0 < arc.time_s < math.tau * math.sqrt((MEAN_RADIUS_M + apogee_m) ** 3 / GM_M3_S2)
    assert 0.0 < arc.speed_mps < 11_186.0
    assert 0.0 <= arc.path_angle_rad <= math.pi / 2
    # higher takes longer unless the arc is so flat that it is slower below the ground's curve
    if apogee_m > range_m:
        assert surface_arc(1.01 * apogee_m, range_m).time_s > arc.time_s
