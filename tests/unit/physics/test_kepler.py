"""Against closed forms and the Kepler times of published tests, computed by hand outside this code."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import brentq, minimize_scalar

from equipoise.errors import InputError
from equipoise.physics.earth_kernels import GM_M3_S2, MEAN_RADIUS_M
from equipoise.physics.kepler import HALF_ROUND_M, least_energy_apogee_m, longest_range_m, surface_arc

# Times are given to a tenth of a minute.
MINUTES_AS_GIVEN = 0.051
# Closed forms agree to rounding; a quadrature over an infinite slope does to this.
ROUNDING = 1e-9
QUADRATURE = 1e-6
# A search for the least of a flat minimum finds its place no better.
FLAT_MINIMUM = 1e-4

# Apogee km, range km, time over a round, still Earth without air or boost, min.
PUBLISHED = [
    ("Hwasong-12, 14 May 2017", 2111.5, 787, 27.9),
    ("Hwasong-12, 15 September 2017", 770, 3700, 16.9),
    ("Hwasong-14, 28 July 2017", 3724.9, 998, 43.1),
    ("Hwasong-15, 29 November 2017", 4475, 950, 50.3),
    ("24 March 2022", 6248, 1090, 67.9),
    ("Hwasong-17, 18 November 2022", 6040.9, 999.2, 65.8),
    ("Hwasong-18, 12 July 2023", 6648.4, 1001.2, 72.0),
    ("Hwasong-19, 31 October 2024", 7687, 1001, 82.9),
    ("Hwasong-12, 30 January 2022", 2000, 800, 26.9),
    ("Musudan, 22 June 2016", 1400, 400, 21.1),
    ("Pukguksong-2, 12 February 2017", 550, 500, 12.0),
    ("Pukguksong-3, 2 October 2019", 910, 450, 16.1),
    ("Scud-ER, 6 March 2017", 260, 1000, 8.2),
    ("Nodong, 29 May 1993", 150, 500, 6.0),
]


@pytest.mark.parametrize(("name", "apogee_km", "range_km", "minutes"), PUBLISHED, ids=[row[0] for row in PUBLISHED])
def test_times_of_published_tests(name: str, apogee_km: float, range_km: float, minutes: float) -> None:
    assert surface_arc(apogee_km * 1e3, range_km * 1e3).time_s / 60.0 == pytest.approx(minutes, abs=MINUTES_AS_GIVEN)


@pytest.mark.parametrize("apogee_m", [1.0, 10e3, 1000e3, 20_000e3])
@pytest.mark.parametrize("range_m", [0.0, 1e-3])
def test_a_vertical_throw(apogee_m: float, range_m: float) -> None:
    """Energy gives the speed at each height, and the time is the integral of its inverse."""
    arc = surface_arc(apogee_m, range_m)
    top = MEAN_RADIUS_M + apogee_m
    # v = sqrt(2 GM (top - r) / (r top)); with r = top - apogee s^2 the infinite slope at the top goes.
    integral = quad(lambda s: math.sqrt((top - apogee_m * s * s) * top), 0.0, 1.0)[0]
    time_s = 2.0 * 2.0 * math.sqrt(apogee_m) * integral / math.sqrt(2.0 * GM_M3_S2)
    assert arc.time_s == pytest.approx(time_s, rel=QUADRATURE)
    speed = math.sqrt(2.0 * GM_M3_S2 * (1.0 / MEAN_RADIUS_M - 1.0 / top))
    assert arc.speed_mps == pytest.approx(speed, rel=QUADRATURE)
    assert arc.path_angle_rad == pytest.approx(math.pi / 2, abs=1e-3)


def test_thrown_out_of_sight_it_nears_the_escape_speed() -> None:
    escape = math.sqrt(2.0 * GM_M3_S2 / MEAN_RADIUS_M)
    assert escape == pytest.approx(11_186.0, abs=1.0)
    speeds = [surface_arc(height, 500e3).speed_mps for height in (1e7, 1e8, 1e9, 1e12)]
    assert speeds == sorted(speeds)
    assert speeds[-1] < escape
    assert speeds[-1] == pytest.approx(escape, rel=1e-5)


def test_short_arcs_are_parabolas() -> None:
    """Over a flat Earth: t = 2 sqrt(2 h / g), tan(angle) = 4 h / range."""
    gravity = GM_M3_S2 / MEAN_RADIUS_M**2
    arc = surface_arc(100.0, 400.0)
    curvature = 1e-4  # 400 m against the radius
    assert arc.time_s == pytest.approx(2.0 * math.sqrt(200.0 / gravity), rel=curvature)
    assert arc.path_angle_rad == pytest.approx(math.pi / 4, rel=curvature)


@pytest.mark.parametrize("range_m", [500e3, 5000e3, 12_000e3, HALF_ROUND_M])
def test_half_round_and_more_obeys_keplers_third_law(range_m: float) -> None:
    """The arc below the ground completes the ellipse: both together take one period."""
    arc = surface_arc(900e3, range_m)
    semi_major = 1.0 / (2.0 / MEAN_RADIUS_M - arc.speed_mps**2 / GM_M3_S2)
    eccentricity = (MEAN_RADIUS_M + 900e3) / semi_major - 1.0
    half_angle = 0.5 * range_m / MEAN_RADIUS_M

    def rate(true_anomaly: float) -> float:
        radius = semi_major * (1.0 - eccentricity**2) / (1.0 + eccentricity * math.cos(true_anomaly))
        momentum = math.sqrt(GM_M3_S2 * semi_major * (1.0 - eccentricity**2))
        return radius**2 / momentum

    below = quad(rate, 0.0, math.pi - half_angle, epsrel=1e-12)[0] * 2.0
    period = 2.0 * math.pi * math.sqrt(semi_major**3 / GM_M3_S2)
    assert arc.time_s + below == pytest.approx(period, rel=ROUNDING)


@pytest.mark.parametrize("range_km", [100, 1000, 5000, 10_000, 19_000])
def test_the_path_of_least_energy(range_km: float) -> None:
    """Of all arcs over a distance the slowest has the closed forms' apogee, speed and path angle."""
    range_m = range_km * 1e3
    apogee = least_energy_apogee_m(range_m)
    slowest = minimize_scalar(
        lambda log: surface_arc(math.exp(log), range_m).speed_mps,
        bounds=(math.log(0.2 * apogee), math.log(5.0 * apogee)),
        method="bounded",
        options={"xatol": 1e-8},
    )
    assert math.exp(slowest.x) == pytest.approx(apogee, rel=FLAT_MINIMUM)
    arc = surface_arc(apogee, range_m)
    assert arc.path_angle_rad == pytest.approx((math.pi - range_m / MEAN_RADIUS_M) / 4.0, abs=ROUNDING)
    assert longest_range_m(arc.speed_mps) == pytest.approx(range_m, rel=1e-7)


def test_a_speed_of_orbit_goes_half_round() -> None:
    circular = math.sqrt(GM_M3_S2 / MEAN_RADIUS_M)
    assert longest_range_m(circular) == HALF_ROUND_M
    assert longest_range_m(1.2 * circular) == HALF_ROUND_M
    assert longest_range_m(0.999 * circular) < HALF_ROUND_M


def test_time_and_speed_rise_with_apogee() -> None:
    arcs = [surface_arc(height, 1000e3) for height in np.geomspace(300e3, 2e7, 30)]
    assert np.all(np.diff([arc.time_s for arc in arcs]) > 0.0)
    assert np.all(np.diff([arc.speed_mps for arc in arcs]) > 0.0)
    wanted = brentq(lambda height: surface_arc(height, 998e3).time_s - 43.12 * 60.0, 1e6, 1e7)
    assert wanted == pytest.approx(3724.9e3, rel=1e-3)


@pytest.mark.parametrize(
    ("apogee_m", "range_m", "words"),
    [
        (0.0, 1e3, "apogee must lie above 0 km; got 0 km"),
        (-5e3, 1e3, "apogee must lie above 0 km; got -5 km"),
        (math.nan, 1e3, "apogee .* got nan km"),
        (math.inf, 1e3, "apogee .* got inf km"),
        (1e5, -1.0, "range must lie in 0 to 20015 km; got -0.001 km"),
        (1e5, 2.1e7, "range must lie in 0 to 20015 km; got 21000 km"),
        (1e5, math.nan, "range .* got nan km"),
    ],
)
def test_what_is_no_arc_is_refused(apogee_m: float, range_m: float, words: str) -> None:
    with pytest.raises(InputError, match=words):
        surface_arc(apogee_m, range_m)
