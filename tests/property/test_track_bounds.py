"""What holds for the bound on a track whatever the radars, their rates and what is known before."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.catalog import load_catalog
from equipoise.physics import Aim, Missile, Site, Trajectory, fly
from equipoise.sensors import Accuracy, Radar, TrackBound, Tracker, track_bound

# Covariances of a condition of up to 1e14 in doubles, from roots.
ROUNDING = 1e-6


@cache
def arcs() -> tuple[Trajectory, ...]:
    # Without air: the steps through it depend on when the looks are, and two such bounds agree to 1e-4 only.
    missile = replace(Missile.from_record(load_catalog().missile("nodong")), air=False)
    site = Site.of_degrees(39.0, 127.0)
    return tuple(
        fly(missile, site, Aim(math.radians(az), math.radians(angle)))
        for az, angle in ((160.0, 42.0), (120.0, 60.0), (175.0, 30.0))
    )


@cache
def radar() -> Radar:
    return Radar.from_record(load_catalog().radar("an-tpy-2"), "nas-1500")


@st.composite
def trackers(draw: st.DrawFn) -> Tracker:
    return Tracker(
        radar(),
        Site.of_degrees(draw(st.floats(30.0, 42.0)), draw(st.floats(124.0, 140.0))),
        draw(st.floats(0.0, 2.0 * math.pi)),
        Accuracy(
            draw(st.floats(1e6, 1e9)),
            draw(st.floats(1e-3, 0.05)),
            draw(st.floats(1e-3, 0.05)),
            range_floor_m=draw(st.sampled_from([0.0, 5.0])),
            angle_floor_rad=draw(st.sampled_from([0.0, 1e-4])),
        ),
        rate_hz=draw(st.sampled_from([0.1, 0.5, 1.0, 2.0])),
        tilt_rad=draw(st.none() | st.floats(0.0, 1.4)),
    )


NOISES = st.sampled_from([0.0, 1e-4, 1.0])
INTERCEPT_S = 400.0


def bound_of(which: int, radars: list[Tracker], noise: float, **options: float) -> TrackBound:
    return track_bound(arcs()[which], radars, 0.01, noise_m2_s3=noise, intercept_time_s=INTERCEPT_S, **options)


def no_larger(small: np.ndarray, large: np.ndarray) -> bool:
    """Whether ``large - small`` is positive semidefinite, with each component in units of its own deviation."""
    scale = np.sqrt(np.diag(large))
    return bool(np.linalg.eigvalsh((large - small) / np.outer(scale, scale)).min() > -ROUNDING)


@settings(max_examples=30, deadline=None)
@given(st.sampled_from([0, 1, 2]), st.lists(trackers(), min_size=1, max_size=3), NOISES)
def test_covariances_are_symmetric_and_positive(which: int, radars: list[Tracker], noise: float) -> None:
    bound = bound_of(which, radars, noise)
    assert bound.intercept_covariance_ecef_m2 is not None
    # a prediction of a moment is no better than it was then
    foretold = bound.determined[np.minimum(np.arange(len(bound.time_s)), np.searchsorted(bound.time_s, INTERCEPT_S))]
    for family, known in (
        (bound.covariance_ecef, bound.determined),
        (bound.intercept_covariance_ecef_m2, foretold),
        (bound.impact_covariance_en_m2, bound.determined),
    ):
        assert not np.isnan(family).any()
        finite = family[known]
        assert np.isinf(family[~known]).all()
        scale = np.sqrt(np.einsum("nii->ni", finite))
        assert (scale > 0.0).all()
        correlation = finite / (scale[:, :, None] * scale[:, None, :])
        assert np.abs(correlation - correlation.transpose(0, 2, 1)).max(initial=0.0) < 1e-12
        assert np.linalg.eigvalsh(correlation).min(initial=1.0) > -1e-12
    axes = bound.impact_ellipses
    assert (axes.semi_major_m >= axes.semi_minor_m).all()
    assert ((axes.az_rad >= 0.0) & (axes.az_rad < math.pi)).all()


@settings(max_examples=30, deadline=None)
@given(st.sampled_from([0, 1, 2]), trackers(), trackers(), NOISES)
def test_a_second_radar_never_worsens_the_bound(which: int, one: Tracker, two: Tracker, noise: float) -> None:
    # At one rate, so that both bounds step alike: the noise of a step is that of straight flight.
    two = replace(two, rate_hz=one.rate_hz)
    alone, both = bound_of(which, [one], noise), bound_of(which, [one, two], noise)
    swapped = bound_of(which, [two, one], noise)
    assert (both.time_s == alone.time_s).all()
    assert not (alone.determined & ~both.determined).any()
    for k in np.flatnonzero(alone.determined)[::50]:
        assert no_larger(both.covariance_ecef[k], alone.covariance_ecef[k])
        assert no_larger(both.impact_covariance_en_m2[k], alone.impact_covariance_en_m2[k])
        scale = np.sqrt(np.diag(both.covariance_ecef[k]))
        difference = (both.covariance_ecef[k] - swapped.covariance_ecef[k]) / np.outer(scale, scale)
        assert np.abs(difference).max() < ROUNDING


@settings(max_examples=30, deadline=None)
@given(st.sampled_from([0, 1, 2]), trackers(), st.floats(0.1, 0.9))
def test_more_looks_never_worsen_the_prediction(which: int, tracker: Tracker, share: float) -> None:
    arc = arcs()[which]
    stop_s = arc.burnout.time_s + share * (arc.time_of_flight_s - arc.burnout.time_s)
    short, long = bound_of(which, [tracker], 0.0, stop_s=stop_s), bound_of(which, [tracker], 0.0)
    dense = bound_of(which, [replace(tracker, rate_hz=2.0 * tracker.rate_hz)], 0.0)
    if short.determined[-1]:
        assert no_larger(long.impact_covariance_en_m2[-1], short.impact_covariance_en_m2[-1])
    if long.determined[-1]:
        assert no_larger(dense.impact_covariance_en_m2[-1], long.impact_covariance_en_m2[-1])
    # and along one track, without noise, the prediction only sharpens
    major = long.impact_ellipses.semi_major_m[long.determined]
    assert (major[1:] <= major[:-1] * (1.0 + ROUNDING)).all()


@settings(max_examples=30, deadline=None)
@given(st.sampled_from([0, 1, 2]), trackers(), NOISES, st.floats(1.0, 1e5), st.floats(0.1, 1e3))
def test_what_is_known_before_helps_and_what_blurs_the_motion_hurts(
    which: int, tracker: Tracker, noise: float, position_m: float, velocity_mps: float
) -> None:
    prior = np.diag([position_m**2] * 3 + [velocity_mps**2] * 3)
    plain = bound_of(which, [tracker], noise)
    known = track_bound(
        arcs()[which], [tracker], 0.01, noise_m2_s3=noise, intercept_time_s=INTERCEPT_S, prior_covariance_ecef=prior
    )
    blurred = bound_of(which, [tracker], 2.0 * noise + 1e-6)
    assert known.determined.all()
    for k in np.flatnonzero(plain.determined)[::50]:
        assert no_larger(plain.covariance_ecef[k], blurred.covariance_ecef[k])
        assert no_larger(known.covariance_ecef[k], plain.covariance_ecef[k])
