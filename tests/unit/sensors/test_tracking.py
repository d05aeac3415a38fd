from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from equipoise.catalog import load_catalog
from equipoise.errors import InputError
from equipoise.physics import Aim, Missile, Site, Trajectory, fly
from equipoise.sensors import Accuracy, AspectRcs, Radar, Signature, TrackBound, Tracker, track_bound
from equipoise.sensors import tracking_kernels as tk

ROUNDING = 1e-9
SITE = Site.of_degrees(35.92, 128.28)
RCS_M2 = 0.01


@pytest.fixture(scope="module")
def arc() -> Trajectory:
    missile = Missile.from_record(load_catalog().missile("nodong"))
    return fly(missile, Site.of_degrees(39.0, 127.0), Aim(math.radians(160.0), math.radians(42.0)))


@pytest.fixture(scope="module")
def tracker() -> Tracker:
    record = load_catalog().radar("an-tpy-2")
    radar = Radar.from_record(record, "lewis-postol-870")
    return Tracker(radar, SITE, math.radians(340.0), Accuracy.from_record(record, bandwidth_hz=100e6))


def gathered(count: int, step_s: float, variance: float, noise: float = 0.0) -> np.ndarray:
    """Return the root after looks at all three components of position, in straight flight without forces."""
    times_s = step_s * np.arange(count)
    psi = np.tile(np.eye(6), (count - 1, 1, 1))
    psi[:, :3, 3:] = -step_s * np.eye(3)
    rows = np.tile(np.eye(3) / math.sqrt(variance), (count, 1, 1))
    roots = np.empty((count, 6, 6))
    tk.gather(times_s, psi, rows, np.full(count, 3), np.zeros((6, 6)), noise, roots)
    return roots


def test_straight_flight_is_the_line_of_least_squares() -> None:
    # A line through n points, h apart, each with variance s2, at its last point: s2 (4n - 2) / (n (n + 1)) in
    # position, 12 s2 / (h^2 n (n^2 - 1)) in velocity, 6 s2 / (h n (n + 1)) between them.
    n, h, s2 = 25, 0.7, 9.0
    roots = gathered(n, h, s2)
    spreads, determined = np.zeros_like(roots), np.zeros(n, dtype=bool)
    tk.invert(roots, spreads, determined)
    assert determined.tolist() == [False] + [True] * (n - 1)  # one look says nothing of the velocity
    found = spreads[-1] @ spreads[-1].T
    line = s2 * np.array(
        [
            [(4.0 * n - 2.0) / (n * (n + 1.0)), 6.0 / (h * n * (n + 1.0))],
            [6.0 / (h * n * (n + 1.0)), 12.0 / (h * h * n * (n * n - 1.0))],
        ]
    )
    assert found == pytest.approx(np.kron(line, np.eye(3)), rel=ROUNDING, abs=1e-12)


def test_white_acceleration_is_that_of_a_kalman_filter() -> None:
    # The textbook recursion in covariances, begun at the second look, whose result is known in closed form.
    n, h, s2, q = 40, 0.5, 4.0, 3.0
    roots = gathered(n, h, s2, noise=q)
    step = np.array([[1.0, h], [0.0, 1.0]])
    drift = q * np.array([[h**3 / 3.0, h**2 / 2.0], [h**2 / 2.0, h]])
    p = np.array([[s2, s2 / h], [s2 / h, 2.0 * s2 / h**2 + q * h / 3.0]])
    for k in range(1, n):
        if k > 1:
            p = step @ p @ step.T + drift
            gain = p[:, :1] / (p[0, 0] + s2)
            p = p - gain @ p[:1]
        found = np.linalg.inv(roots[k].T @ roots[k])
        assert found == pytest.approx(np.kron(p, np.eye(3)), rel=1e-7, abs=1e-9)


def test_a_prediction_with_noise_is_that_of_a_kalman_filter() -> None:
    n, h, s2, q = 12, 0.5, 4.0, 3.0
    roots = gathered(n, h, s2, noise=q)
    spreads, determined = np.zeros_like(roots), np.zeros(n, dtype=bool)
    tk.invert(roots, spreads, determined)
    phi = np.tile(np.eye(6), (n - 1, 1, 1))
    phi[:, :3, 3:] = h * np.eye(3)
    found = np.empty((n, 3, 3))
    tk.predict(h * np.arange(n), phi, spreads, determined, np.eye(3, 6), n - 3, q, found)
    assert np.isinf(found[0]).all()
    for k in range(1, n):
        when = min(k, n - 3)
        t = h * (n - 3 - when)
        p = spreads[when] @ spreads[when].T
        ahead = np.hstack([np.eye(3), t * np.eye(3)])
        assert found[k] == pytest.approx(ahead @ p @ ahead.T + q * t**3 / 3.0 * np.eye(3), rel=ROUNDING, abs=1e-9)


def test_before_the_second_look_nothing_is_bounded_and_the_table_says_none(arc: Trajectory, tracker: Tracker) -> None:
    bound = track_bound(arc, [replace(tracker, rate_hz=0.1)], RCS_M2, intercept_time_s=600.0)
    second = int(np.argmax(bound.looks == 2))
    assert bound.determined.tolist() == (bound.looks >= 2).tolist()
    assert np.isinf(bound.covariance_ecef[:second]).all()
    assert np.isfinite(bound.covariance_ecef[second:]).all()
    table = bound.columns()
    assert json.loads(json.dumps(table, allow_nan=False)) == table
    for name, column in table.items():
        assert len(column) == len(bound.time_s)
        if name not in ("time_s", "looks"):
            assert [value is None for value in column] == (~bound.determined).tolist()
    assert table["position_sd_m"][-1] == bound.position_sd_m[-1]
    assert table["impact_semi_major_km"][-1] == bound.impact_ellipses.semi_major_m[-1] / 1e3


def test_an_unseen_arc_is_bounded_nowhere(arc: Trajectory, tracker: Tracker) -> None:
    away = replace(tracker, boresight_rad=tracker.boresight_rad + math.pi, radar=tracker.radar.with_range(2e5))
    bound = track_bound(arc, [away], RCS_M2)
    assert bound.looks[-1] == 0
    assert not bound.determined.any()
    assert set(bound.columns()["position_sd_m"]) == {None}
    assert np.isinf(bound.impact_ellipses.semi_major_m).all()


def test_without_looks_a_prior_is_carried_and_grows(arc: Trajectory, tracker: Tracker) -> None:
    prior = np.diag([1e6] * 3 + [1e2] * 3)
    bound = track_bound(arc, [tracker], 1e-9, prior_covariance_ecef=prior)
    assert bound.looks[-1] == 0
    assert bound.covariance_ecef[0] == pytest.approx(prior, rel=ROUNDING, abs=1e-6)
    assert bound.position_sd_m[-1] > bound.position_sd_m[0]


def test_at_its_own_moment_a_predicted_point_is_the_position(arc: Trajectory, tracker: Tracker) -> None:
    bound = track_bound(arc, [tracker], RCS_M2, intercept_time_s=500.5)
    k = int(np.searchsorted(bound.time_s, 500.5))
    assert bound.time_s[k] == 500.5
    found = bound.intercept_covariance_ecef_m2
    assert found is not None
    assert found[k] == pytest.approx(bound.covariance_ecef[k, :3, :3], rel=1e-6)
    assert (found[k:] == found[k]).all()
    assert bound.intercept_sd_m is not None
    assert bound.intercept_sd_m[k] == pytest.approx(bound.position_sd_m[k], rel=1e-6)


def test_ellipses_have_the_axes_and_the_azimuth_of_their_covariance() -> None:
    # 5 km along azimuth 30 degrees, 2 km across; then 3 km along azimuth 150 degrees, 1 km across; then unbounded
    def covariance(major: float, minor: float, az_deg: float) -> np.ndarray:
        az = math.radians(az_deg)
        along, across = np.array([math.sin(az), math.cos(az)]), np.array([math.cos(az), -math.sin(az)])
        return major**2 * np.outer(along, along) + minor**2 * np.outer(across, across)

    impact = np.array([covariance(5e3, 2e3, 30.0), covariance(3e3, 1e3, 150.0), np.full((2, 2), math.inf)])
    bound = TrackBound(
        np.arange(3.0), np.zeros((3, 6)), np.zeros(3, dtype=int), np.array([True, True, False]),
        np.zeros((3, 6, 6)), 3.0, impact,
    )  # fmt: skip
    ellipses = bound.impact_ellipses
    assert ellipses.semi_major_m == pytest.approx([5e3, 3e3, math.inf])
    assert ellipses.semi_minor_m == pytest.approx([2e3, 1e3, math.inf])
    assert np.degrees(ellipses.az_rad) == pytest.approx([30.0, 150.0, 0.0])


def test_a_face_that_looks_at_the_target_measures_as_a_beam_does(arc: Trajectory, tracker: Tracker) -> None:
    # Near the normal the direction cosines are the angles across the line of sight; the axes may be turned about it,
    # which equal beams do not show.
    when = 200.0
    r, _ = arc.at(when)
    east, north, up = np.array(tracker.axes_ecef).reshape(3, 3)
    from_radar = r - track_origin(tracker)
    e, n, u = from_radar @ east, from_radar @ north, from_radar @ up
    turned = replace(tracker, boresight_rad=math.atan2(e, n), tilt_rad=math.atan2(u, math.hypot(e, n)))
    options = {"start_s": when - 2.0, "stop_s": when + 2.0}
    plain = track_bound(arc, [replace(turned, tilt_rad=None)], RCS_M2, **options)
    face = track_bound(arc, [turned], RCS_M2, **options)
    # 2 s of flight turn the line of sight by a degree or two, and cosines shrink with its square
    assert face.position_sd_m[4] == pytest.approx(plain.position_sd_m[4], rel=1e-3)
    off = track_bound(arc, [replace(turned, tilt_rad=turned.tilt_rad - math.radians(60.0))], RCS_M2, **options)
    assert off.position_sd_m[4] > 1.3 * plain.position_sd_m[4]


def track_origin(tracker: Tracker) -> np.ndarray:
    from equipoise.physics.earth_kernels import ecef_of

    return np.array(ecef_of(tracker.site.lat_rad, tracker.site.lon_rad, 0.0))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"start_s": 10.0}, r"start_s must lie in \[110.000, .* s; got 10.0"),
        ({"stop_s": 50.0}, r"stop_s must lie in \[110.000, .* s; got 50.0"),
        ({"intercept_time_s": 5000.0}, r"intercept_time_s must lie in .* s; got 5000.0"),
        ({"intercept_time_s": math.nan}, r"intercept_time_s must lie in .* s; got nan"),
        ({"noise_m2_s3": -1.0}, "noise_m2_s3 must be at least 0 and finite; got -1.0"),
        ({"prior_covariance_ecef": np.eye(3)}, r"prior_covariance_ecef must be symmetric, of shape \(6, 6\)"),
        ({"prior_covariance_ecef": -np.eye(6)}, "prior_covariance_ecef must be positive definite"),
    ],
)
def test_bad_input_is_refused_by_name(
    arc: Trajectory, tracker: Tracker, options: dict[str, object], message: str
) -> None:
    with pytest.raises(InputError, match=message):
        track_bound(arc, [tracker], RCS_M2, **options)  # type: ignore[arg-type]


def test_a_track_needs_a_radar_and_a_rate(arc: Trajectory, tracker: Tracker) -> None:
    with pytest.raises(InputError, match="trackers must name at least one radar; got none"):
        track_bound(arc, [], RCS_M2)
    with pytest.raises(InputError, match=r"rate_hz must be above 0 and finite; got 0\.0"):
        replace(tracker, rate_hz=0.0)
    with pytest.raises(InputError, match="rate_hz must give at most 1,000,000 looks"):
        track_bound(arc, [replace(tracker, rate_hz=1e6)], RCS_M2)


def test_a_signature_that_is_the_same_from_every_side_is_its_cross_section(arc: Trajectory, tracker: Tracker) -> None:
    plain, by_aspect = track_bound(arc, [tracker], 0.01), track_bound(arc, [tracker], Signature.constant(0.01))
    np.testing.assert_array_equal(by_aspect.looks, plain.looks)
    # The signal is scaled from 1 m2 in place of the range from its fourth root: rounding.
    assert by_aspect.position_sd_m[-1] == pytest.approx(plain.position_sd_m[-1], rel=1e-9)


def test_a_body_seen_from_behind_is_known_by_what_its_rear_shows(arc: Trajectory, tracker: Tracker) -> None:
    # Flown towards Seongju and past it, this arc shows its nose for most of its flight and its rear at the end.
    nose, rear = AspectRcs(0.1, 0.01, 0.01), AspectRcs(0.01, 0.01, 0.1)
    booster = AspectRcs(1.0, 1.0, 1.0)
    from_nose, from_rear = (
        track_bound(arc, [tracker], Signature(booster, booster, body, separates=True)) for body in (nose, rear)
    )
    even = track_bound(arc, [tracker], 0.01)
    assert from_nose.position_sd_m[-1] < from_rear.position_sd_m[-1] < even.position_sd_m[-1]
