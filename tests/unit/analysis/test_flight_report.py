from __future__ import annotations

import math

import pytest

from equipoise.analysis import FlightReport, ReportError
from equipoise.errors import InputError
from equipoise.physics import Site

KOREA = Site.of_degrees(39.0, 125.7)


def test_a_report_keeps_what_was_announced() -> None:
    report = FlightReport(3724.9e3, 998e3, KOREA, time_s=2832.0, az_rad=1.4)
    assert (report.apogee_m, report.range_m, report.time_s, report.az_rad) == (3724.9e3, 998e3, 2832.0, 1.4)
    # 43.1 min without a boost, to the tenth that was published
    assert report.kepler.time_s / 60.0 == pytest.approx(43.1, abs=0.051)


@pytest.mark.parametrize(
    ("apogee_m", "range_m", "words"),
    [
        (0.0, 1e5, r"apogee: got 0 km; allowed: above 0, up to 20,000 km"),
        (-1e3, 1e5, r"apogee: got -1 km"),
        (math.nan, 1e5, r"apogee: got nan km"),
        (math.inf, 1e5, r"apogee: got inf km"),
        # sqrt(2 GM (1/R - 1/(R + h))) at 400,000 km, and sqrt(2 GM / R)
        (4e8, 1e5, r"apogee: got 400000 km; .*thrown that high at 11\.10 km/s; nothing comes back from 11\.18 km/s"),
        (1e6, 0.0, r"range: got 0 km; allowed: 1 to 20,015 km, half round the Earth"),
        (1e6, -1.0, r"range: got -0.001 km"),
        (1e6, 999.0, r"range: got 0.999 km"),
        (1e6, 20_016e3, r"range: got 20016 km"),
        (1e6, math.nan, r"range: got nan km"),
        (1e6, math.inf, r"range: got inf km"),
    ],
)
def test_numbers_of_no_flight_are_refused(apogee_m: float, range_m: float, words: str) -> None:
    with pytest.raises(ReportError, match=words) as refused:
        FlightReport(apogee_m, range_m, KOREA)
    assert refused.value.refusal == "impossible"
    assert isinstance(refused.value, InputError)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("time_s", [0.0, -5.0, math.nan, math.inf, 2500.0, 2950.0 + 360.0, 1e9])
def test_a_time_that_no_boost_explains_is_refused(time_s: float) -> None:
    # Without a boost 2,587 s; three per cent are left for the Earth's shape and rotation, six minutes for a boost.
    with pytest.raises(
        ReportError, match=r"time: got .* s; allowed: (above 0 s|2509 to 3025 s, since an arc over 3724.9 km)"
    ) as refused:
        FlightReport(3724.9e3, 998e3, KOREA, time_s=time_s)
    assert refused.value.refusal == "time"


@pytest.mark.parametrize("time_s", [2520.0, 2832.0, 3020.0])
def test_a_time_that_some_boost_may_explain_is_kept(time_s: float) -> None:
    assert FlightReport(3724.9e3, 998e3, KOREA, time_s=time_s).time_s == time_s


def test_the_time_of_a_flight_too_low_to_be_ballistic_waits_for_that_to_be_found() -> None:
    report = FlightReport(50e3, 875e3, KOREA, time_s=660.0)  # 15 June 2023: pulled up and glided
    with pytest.raises(ReportError, match="time: got 660 s"):
        report.check_time()
    with pytest.raises(ReportError, match="time: got -1 s; allowed: above 0 s"):
        FlightReport(50e3, 875e3, KOREA, time_s=-1.0)


@pytest.mark.parametrize("lat_deg", [90.0, 85.1, -86.0, -90.0])
def test_a_launch_at_a_pole_is_refused(lat_deg: float) -> None:
    with pytest.raises(ReportError, match=rf"from: got latitude {lat_deg:g} deg; allowed: -85 to 85 deg"):
        FlightReport(1e6, 1e6, Site.of_degrees(lat_deg, 0.0))
    assert FlightReport(1e6, 1e6, Site.of_degrees(math.copysign(85.0, lat_deg), 180.0)).az_rad is None


def test_a_direction_is_a_finite_angle() -> None:
    with pytest.raises(ReportError, match="azimuth: got nan; allowed: a finite angle"):
        FlightReport(1e6, 1e6, KOREA, az_rad=math.nan)
