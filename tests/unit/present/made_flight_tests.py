"""Flight tests made by hand for pictures and pages: a real flight, and bands of a set width around it."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pyproj

from equipoise.analysis.flight_report import FlightReport
from equipoise.analysis.flight_test_results import Band, Calibrated, Candidate, FlightTest, Move, RangeRing
from equipoise.catalog import load_catalog
from equipoise.physics.earth_kernels import OMEGA_RAD_S
from equipoise.physics.fitting import FreeParameter, fit_flights
from equipoise.physics.flight import fly
from equipoise.physics.geodesy import Site
from equipoise.physics.kepler import longest_range_m
from equipoise.physics.longest import longest_flights

KOREA = Site.of_degrees(39.4, 127.5)


def circle_ring(launch: Site, ranges_m: tuple[float, float, float], directions: int = 36) -> RangeRing:
    """Rings of one range each in every direction, laid out along geodesics."""
    az = np.linspace(0.0, math.tau, directions, endpoint=False)
    full = np.ones(directions)
    ends = [
        pyproj.Geod(ellps="WGS84").fwd(full * launch.lon_deg, full * launch.lat_deg, np.degrees(az), full * length_m)
        for length_m in ranges_m
    ]
    return RangeRing(
        az,
        np.array(ranges_m)[:, None] * full,
        np.radians(np.array([lat for _, lat, _ in ends])),
        np.radians(np.array([lon for lon, _, _ in ends])),
    )


@cache
def made(
    missile: str = "hwasong-12",
    apogee_km: float = 2111.5,
    range_km: float = 787.0,
    time_s: float | None = None,
    az_deg: float | None = None,
    parameter: FreeParameter = "propellant",
    launch: Site = KOREA,
) -> FlightTest:
    """Fit a class of the catalogue to a report; every band is 5 % either way, the ring lies around the range flown."""
    from equipoise.physics.missile import Missile

    record = load_catalog().missile(missile)
    az_rad = None if az_deg is None else math.radians(az_deg)
    report = FlightReport(
        apogee_km * 1e3, range_km * 1e3, launch, time_s=time_s, az_rad=az_rad, missile=record, label="made-up test"
    )
    turning, omega, az = az_rad is not None, np.array([0.0 if az_rad is None else OMEGA_RAD_S]), az_rad or 0.0
    fit = fit_flights(
        [Missile.from_record(record)], launch, [az], report.apogee_m, report.range_m, parameter=parameter,
        omega_rad_s=omega,
    )[0]  # fmt: skip
    assert fit is not None
    longest = longest_flights([fit.missile], launch, [az], omega_rad_s=omega, burn_s=np.array([fit.aim.burn_s]))[0]
    assert longest is not None
    band = around(longest.range_m)
    return FlightTest(
        report=report,
        kepler=report.kepler,
        kepler_range_m=longest_range_m(report.kepler.speed_mps),
        calibrated=Calibrated(
            record.id,
            fit,
            turning,
            fly(fit.missile, launch, fit.aim, rotation=turning),
            fly(fit.missile, launch, longest.aim, rotation=turning),
        ),
        candidates=(Candidate(record.id, fit.value, around(fit.time_of_flight_s, 0.02), band),),
        time_s=around(fit.time_of_flight_s, 0.02),
        range_still_m=band,
        range_turning_m=band,
        reaches_antipode=longest.antipode,
        moves=(
            Move("burn time", "100 s", "140 s", 0.99 * band.central, 1.02 * band.central, 1700.0, 1790.0),
            Move("payload", "400 kg", "800 kg", 1.10 * band.central, None, 1780.0, None),
        ),
        payloads=((300.0, 1.05 * band.central), (500.0, band.central), (900.0, 0.9 * band.central)),
        ring=circle_ring(launch, (band.low, band.central, band.high)),
        boosts_tried=12,
        boosts_fitted=11,
    )


def around(central: float, share: float = 0.05) -> Band:
    """Return a band of a share either way, distances kept below half round the Earth."""
    return Band((1.0 - share) * central, central, min((1.0 + share) * central, 2.0e7))


def with_report(test: FlightTest, **changes: Any) -> FlightTest:
    """Return a test whose report is changed and whose results stay."""
    return replace(test, report=replace(test.report, **changes))
