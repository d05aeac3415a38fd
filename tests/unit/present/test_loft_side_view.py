"""The side view: to scale, every name written, none over another."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from made_flight_tests import circle_ring, made
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Circle
from matplotlib.text import Annotation

from equipoise.analysis.flight_test_results import FlightTest
from equipoise.physics.earth_kernels import MEAN_RADIUS_M
from equipoise.present.loft_side_view import SideTrack, loft_side_view, nice_step, range_band
from equipoise.present.style import svg_bytes

# Heights are above the ellipsoid, the drawing is of a sphere; half a line's width on paper.
PROFILE_M = 1.0
# Distance along the plane is of the sphere, the range a geodesic of the ellipsoid: flattening, 1/298.
ROUNDNESS = 0.0035

CASES: dict[str, dict[str, Any]] = {
    "a short one": {"missile": "scud-b", "apogee_km": 80.0, "range_km": 200.0},
    "lofted": {},
    "lofted, turning": {"az_deg": 250.0},
    "not lofted": {"apogee_km": 770.0, "range_km": 3700.0, "time_s": 1170.0},
    "half round the Earth": {"apogee_km": 7687.0, "range_km": 1001.0},
}


@pytest.fixture(params=CASES)
def test_case(request: pytest.FixtureRequest) -> FlightTest:
    return made(**CASES[request.param])


def names(figure: Figure) -> list[Annotation]:
    return [text for text in figure.axes[0].texts if isinstance(text, Annotation) and text.get_text()]


def test_every_moment_is_named_and_no_name_covers_another(test_case: FlightTest) -> None:
    figure = loft_side_view(test_case)
    written = names(figure)
    words = [text.get_text() for text in written]
    for start, count in (("launch", 1), ("burnout", 2), ("apogee", 2), ("impact", 2)):
        assert sum(word.startswith(start) for word in words) == count
    renderer = figure.canvas.get_renderer()  # type: ignore[attr-defined]
    boxes = [text.get_window_extent(renderer) for text in written if not text.get_text().startswith("leader")]
    for one, other in combinations(boxes, 2):
        assert not one.overlaps(other)


def test_it_is_to_scale(test_case: FlightTest) -> None:
    """Each drawn arc is as high above the drawn Earth as the flight; the band lies on the ground where it says."""
    figure = loft_side_view(test_case)
    axes = figure.axes[0]
    assert axes.get_aspect() == 1.0
    (earth,) = (patch for patch in axes.patches if isinstance(patch, Circle))
    assert earth.radius == pytest.approx(MEAN_RADIUS_M / 1e3)
    tops = []
    for line in axes.lines:
        assert isinstance(line, Line2D)
        x, y = np.asarray(line.get_xdata(), float), np.asarray(line.get_ydata(), float)
        if len(x) > 500 and line.get_linewidth() == 1.5:
            tops.append(float(np.hypot(x - earth.center[0], y - earth.center[1]).max() - earth.radius) * 1e3)
    flights = test_case.calibrated
    assert sorted(tops) == pytest.approx(sorted([flights.lofted.apogee_m, flights.standard.apogee_m]), abs=PROFILE_M)
    (band,) = (line for line in axes.lines if line.get_gid() == "range-band")
    x, y = np.asarray(band.get_xdata(), float), np.asarray(band.get_ydata(), float)
    at = np.unwrap(np.arctan2(x - earth.center[0], y - earth.center[1]))
    shown = range_band(test_case)
    assert (at[-1] - at[0]) * MEAN_RADIUS_M == pytest.approx(shown.high - shown.low, rel=1e-9)


def test_a_track_ends_at_its_range_and_starts_at_the_launch_point(test_case: FlightTest) -> None:
    for flown in (test_case.calibrated.lofted, test_case.calibrated.standard):
        track = SideTrack.of(flown)
        assert track.along_m[0] == pytest.approx(0.0, abs=1.0)
        assert track.along_m[-1] == pytest.approx(flown.range_m, rel=ROUNDNESS)
        assert track.altitude_m[track.top] == pytest.approx(flown.apogee_m, abs=PROFILE_M)
        assert track.altitude_m[-1] == pytest.approx(0.0, abs=PROFILE_M)


def test_the_whole_globe_shows_only_for_far_ranges() -> None:
    def shows_far_side(test: FlightTest) -> bool:
        axes = loft_side_view(test).axes[0]
        return axes.get_ylim()[0] < -2.0 * MEAN_RADIUS_M / 1e3

    assert shows_far_side(made(**CASES["half round the Earth"]))
    assert not shows_far_side(made())


def test_over_the_turning_earth_the_band_is_that_of_the_direction() -> None:
    test = made(az_deg=250.0)
    ring = circle_ring(test.report.launch, (4.0e6, 4.5e6, 5.0e6))
    tilted = ring.range_m * (1.0 + 0.1 * np.sin(ring.az_rad))
    turned = replace(test, ring=replace(ring, range_m=tilted))
    band = range_band(turned)
    share = 1.0 + 0.1 * np.sin(test.calibrated.standard.aim.az_rad)
    # Straight lines between directions 10 degrees apart.
    assert band.low == pytest.approx(min(4.0e6 * share, band.central), rel=1e-3)
    assert band.high == pytest.approx(max(5.0e6 * share, band.central), rel=1e-3)
    assert range_band(made()) == made().range_still_m


@pytest.mark.parametrize(
    ("span", "most", "step"), [(200.0, 8, 50.0), (4900.0, 8, 1000.0), (2111.5, 5, 500.0), (10.0, 5, 2.0)]
)
def test_steps_are_round_and_few(span: float, most: int, step: float) -> None:
    assert nice_step(span, most) == step


def test_the_drawing_is_the_same_each_time() -> None:
    assert svg_bytes(loft_side_view(made())) == svg_bytes(loft_side_view(made()))
