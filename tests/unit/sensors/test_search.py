from __future__ import annotations

import math

import pytest

from equipoise.errors import InputError
from equipoise.sensors import (
    Beam,
    Cue,
    fence_frame_s,
    fence_looks,
    first_look,
    first_look_with_cue,
    sector_solid_angle_sr,
)

# The AN/TPY-2's remembered figures: 7.36 m2 of working aperture at 10 GHz, dwells of 0.1 s.
BEAM = Beam.of(effective_area_m2=7.36, frequency_hz=1e10, dwell_s=0.1)


def test_the_beam_is_that_of_the_gain() -> None:
    # 4 pi over a gain of 103,000 (50.1 dB), to the rounding of that figure.
    assert BEAM.solid_angle_sr == pytest.approx(4.0 * math.pi / 103_000.0, rel=3e-3)
    assert math.degrees(BEAM.width_rad) == pytest.approx(0.63, abs=0.01)


@pytest.mark.parametrize(
    ("width_deg", "low_deg", "high_deg", "expected_sr"),
    [(360.0, -90.0, 90.0, 4.0 * math.pi), (360.0, 30.0, 90.0, math.pi), (90.0, 0.0, 30.0, math.pi / 4.0)],
)
def test_solid_angles_of_the_sphere(width_deg: float, low_deg: float, high_deg: float, expected_sr: float) -> None:
    got = sector_solid_angle_sr(*(math.radians(angle) for angle in (width_deg, low_deg, high_deg)))
    assert got == pytest.approx(expected_sr, rel=1e-12)


def test_a_whole_sector_takes_minutes_and_a_fence_seconds() -> None:
    # By hand: 120 degrees from 5 up is 1.912 sr, 15,666 beams; a fence of 120 degrees at 5 is 2.0863 x 0.01105 sr, 189.
    sector_s = BEAM.frame_s(sector_solid_angle_sr(math.radians(120.0), math.radians(5.0), math.pi / 2))
    assert sector_s == pytest.approx(1566.0, rel=5e-3)
    assert fence_frame_s(BEAM, math.radians(120.0), math.radians(5.0)) == pytest.approx(18.9, rel=5e-3)


def test_a_search_takes_at_least_one_beam() -> None:
    assert BEAM.frame_s(0.0) == BEAM.dwell_s
    assert BEAM.frame_s(BEAM.solid_angle_sr) == pytest.approx(0.1, rel=1e-12)
    assert BEAM.frame_s(1.01 * BEAM.solid_angle_sr) == pytest.approx(0.2, rel=1e-12)


def test_a_target_gets_looks_while_it_rises_through_the_fence() -> None:
    # 0.0110 rad at 800 km are 8.8 km; at 2 km/s 4.4 s: less than a quarter of a look every 19 s.
    assert fence_looks(BEAM, 19.0, 800e3, 2000.0) == pytest.approx(0.233, rel=0.01)


def test_the_volume_of_a_cue_grows_with_its_age() -> None:
    cue = Cue(time_s=60.0, position_sigma_m=3e3, velocity_sigma_mps=100.0, measured_s=20.0)
    assert cue.radius_m(20.0, 1.0) == pytest.approx(3e3, rel=1e-12)
    assert cue.radius_m(60.0, 1.0) == pytest.approx(5e3, rel=1e-12)  # 3, 4, 5
    # A small cone: pi times the square of 15 km over 600 km.
    assert cue.solid_angle_sr(60.0, 600e3) == pytest.approx(math.pi * 0.025**2, rel=1e-3)


def test_a_cue_shortens_the_search() -> None:
    cue = Cue(time_s=60.0, position_sigma_m=3e3, velocity_sigma_mps=100.0, measured_s=20.0)
    cued = first_look_with_cue(BEAM, cue, visible_s=50.0, range_m=600e3)
    # 1.963e-3 sr are 16.1 beams: 17 dwells from the moment that the cue is there.
    assert (cued.earliest_s, cued.latest_s) == pytest.approx((60.0, 61.7), rel=1e-12)
    alone = first_look(50.0, fence_frame_s(BEAM, math.radians(120.0), math.radians(5.0)))
    assert alone.latest_s > cued.latest_s
    assert alone.mean_s == pytest.approx(0.5 * (alone.earliest_s + alone.latest_s), rel=1e-12)


@pytest.mark.parametrize(
    "call",
    [
        lambda: Beam(0.0, 0.1),
        lambda: Beam(1e-4, math.nan),
        lambda: BEAM.frame_s(-1.0),
        lambda: BEAM.frame_s(math.inf),
        lambda: sector_solid_angle_sr(0.0, 0.0, 1.0),
        lambda: sector_solid_angle_sr(1.0, 1.0, 0.5),
        lambda: fence_looks(BEAM, 0.0, 1e5, 1e3),
        lambda: first_look(math.nan, 1.0),
        lambda: first_look(1.0, 0.0),
        lambda: Cue(10.0, -1.0, 0.0, 0.0),
        lambda: Cue(10.0, 1.0, 0.0, 20.0),
        lambda: Cue(10.0, 1.0, 0.0, 5.0).solid_angle_sr(10.0, 0.0),
        lambda: Cue(10.0, 1.0, 0.0, 5.0).radius_m(10.0, math.nan),
    ],
)
def test_impossible_searches_are_refused(call: object) -> None:
    with pytest.raises(InputError, match="must"):
        call()  # type: ignore[operator]
