"""The least error that any tracking filter can have along an arc: the Cramer-Rao bound."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from equipoise.arrays import FloatArray, IntArray
from equipoise.errors import InputError
from equipoise.physics.earth_kernels import SEMI_MAJOR_M, axes_of, ecef_of
from equipoise.physics.flight import Trajectory, rotation_rate
from equipoise.physics.flight_kernels import sample_arc
from equipoise.physics.variation_kernels import transitions
from equipoise.sensors import tracking_kernels as tk
from equipoise.sensors.accuracy import Tracker
from equipoise.sensors.radar import look_at
from equipoise.sensors.signature import Signature
from equipoise.sensors.visibility_kernels import DETECTION_RANGE, VISIBLE

# Between looks the transition goes in steps no longer than this: one Runge-Kutta step of free fall near the Earth
# then errs by less than 1e-10 of the step. In the air, where drag changes within seconds, they are shorter.
_LONGEST_STEP_S = 5.0
_LONGEST_STEP_IN_AIR_S = 0.5
_AIR_M = 80e3
_MOST_LOOKS = 1_000_000


@dataclass(frozen=True)
class Ellipses:
    """Ellipses of one standard deviation on the ground, arrays of shape (n,).

    ``semi_major_m`` and ``semi_minor_m`` [m] are infinite where nothing bounds them; ``az_rad`` is the azimuth of the
    long axis, from north over east, in [0, pi) [rad], and 0 there.
    """

    semi_major_m: FloatArray
    semi_minor_m: FloatArray
    az_rad: FloatArray


@dataclass(frozen=True)
class TrackBound:
    """What the looks up to each moment can tell at best, arrays over ``time_s``.

    A moment at which the looks do not yet determine position and velocity together has covariances that are infinite
    throughout: one look, for example, says nothing of the velocity.

    Parameters
    ----------
    time_s : ndarray, shape (n,)
        After launch. [s]
    state_ecef : ndarray, shape (n, 6)
        Position [m] and velocity [m/s] of the arc.
    looks : ndarray of int, shape (n,)
        Looks of all radars up to then.
    determined : ndarray of bool, shape (n,)
        Whether position and velocity are bounded.
    covariance_ecef : ndarray, shape (n, 6, 6)
        Bound on the covariance of position and velocity. [m2, m2/s, m2/s2]
    impact_time_s : float
        When the arc comes down. [s]
    impact_covariance_en_m2 : ndarray, shape (n, 2, 2)
        Bound on the covariance of the predicted impact point, east and north on the ground. [m2]
    intercept_time_s : float or None
        Moment of the predicted intercept, if one was asked for. [s]
    intercept_covariance_ecef_m2 : ndarray, shape (n, 3, 3), or None
        Bound on the covariance of the position predicted for that moment; after it, as it was then. [m2]
    """

    time_s: FloatArray
    state_ecef: FloatArray
    looks: IntArray
    determined: tk.BoolArray
    covariance_ecef: FloatArray
    impact_time_s: float
    impact_covariance_en_m2: FloatArray
    intercept_time_s: float | None = None
    intercept_covariance_ecef_m2: FloatArray | None = None

    @property
    def position_sd_m(self) -> FloatArray:
        """Root of the summed variances of the three components of position [m], shape (n,)."""
        return np.asarray(np.sqrt(np.trace(self.covariance_ecef[:, :3, :3], axis1=1, axis2=2)))

    @property
    def velocity_sd_mps(self) -> FloatArray:
        """Root of the summed variances of the three components of velocity [m/s], shape (n,)."""
        return np.asarray(np.sqrt(np.trace(self.covariance_ecef[:, 3:, 3:], axis1=1, axis2=2)))

    @property
    def intercept_sd_m(self) -> FloatArray | None:
        """The same for the predicted intercept point [m], shape (n,), if one was asked for."""
        if self.intercept_covariance_ecef_m2 is None:
            return None
        return np.asarray(np.sqrt(np.trace(self.intercept_covariance_ecef_m2, axis1=1, axis2=2)))

    @property
    def impact_ellipses(self) -> Ellipses:
        """Ellipses of one standard deviation of the predicted impact point."""
        finite = np.where(self.determined[:, None, None], self.impact_covariance_en_m2, 0.0)
        values, vectors = np.linalg.eigh(finite)
        axes = np.sqrt(np.maximum(values, 0.0))
        axes[~self.determined] = math.inf
        az_rad = np.arctan2(vectors[:, 0, 1], vectors[:, 1, 1]) % math.pi
        return Ellipses(axes[:, 1], axes[:, 0], np.where(self.determined, az_rad, 0.0))

    def columns(self) -> dict[str, list[float | None]]:
        """Return the bound against time in people's units, for tables and JSON; what is infinite is None.

        Returns
        -------
        dict of str to list
            ``time_s``, ``looks``, ``position_sd_m``, ``velocity_sd_m_s``, ``impact_semi_major_km``,
            ``impact_semi_minor_km``, ``impact_azimuth_deg`` and, if one was asked for, ``intercept_sd_m``.
        """
        ellipses = self.impact_ellipses
        table = {
            "time_s": self.time_s,
            "looks": self.looks.astype(float),
            "position_sd_m": self.position_sd_m,
            "velocity_sd_m_s": self.velocity_sd_mps,
            "impact_semi_major_km": ellipses.semi_major_m / 1e3,
            "impact_semi_minor_km": ellipses.semi_minor_m / 1e3,
            "impact_azimuth_deg": np.where(self.determined, np.degrees(ellipses.az_rad), math.inf),
        }
        if self.intercept_sd_m is not None:
            table["intercept_sd_m"] = self.intercept_sd_m
        return {
            name: [value if math.isfinite(value) else None for value in column.tolist()]
            for name, column in table.items()
        }


def track_bound(
    arc: Trajectory,
    trackers: Sequence[Tracker],
    rcs_m2: float | Signature,
    *,
    start_s: float | None = None,
    stop_s: float | None = None,
    intercept_time_s: float | None = None,
    prior_covariance_ecef: FloatArray | None = None,
    noise_m2_s3: float = 0.0,
) -> TrackBound:
    """Return the Cramer-Rao bound on position, velocity and predicted points along an arc.

    Parameters
    ----------
    arc : Trajectory
        The flight that is tracked.
    trackers : sequence of Tracker
        Radars whose looks are joined. Each looks from ``start_s`` on at its own rate whenever it sees the body.
    rcs_m2 : float or Signature
        Radar cross-section, the same from every side [m2], or a signature: what flies on after burnout, by aspect.
    start_s : float, optional
        First look at the earliest; the end of thrust if left out, since before it the missile does not fall freely. [s]
    stop_s : float, optional
        Last look at the latest; the impact if left out. [s]
    intercept_time_s : float, optional
        A moment whose position is to be predicted. [s]
    prior_covariance_ecef : ndarray, shape (6, 6), optional
        What is known at ``start_s`` without any look; nothing if left out. [m2, m2/s, m2/s2]
    noise_m2_s3 : float
        Density of white acceleration that blurs the motion; zero if the fall is known exactly. [m2/s3]

    Returns
    -------
    TrackBound
        From ``start_s`` to impact, at every look and at least every five seconds, half a second in the air.

    Raises
    ------
    InputError
        If no radar is given, a time lies outside the arc's free flight, the prior is not a covariance, the noise is
        negative, or there are more than a million looks.

    Notes
    -----
    Without noise the bound is the inverse of Fisher's information of all looks on the state [1]_; with it, the
    recursion of [2]_ with its expectations taken at the arc. Sensitivities are those of free fall under gravity with
    J2 in the turning frame, with the drag that the arc shows and as if it were known. Leaves out errors that persist
    from look to look, and what the strength of the echo says about the range.

    References
    ----------
    .. [1] J. H. Taylor, "The Cramer-Rao estimation error lower bound computation for deterministic nonlinear systems",
       IEEE Trans. Automatic Control 24 (1979) 343-344.
    .. [2] P. Tichavsky, C. H. Muravchik and A. Nehorai, "Posterior Cramer-Rao bounds for discrete-time nonlinear
       filtering", IEEE Trans. Signal Processing 46 (1998) 1386-1396.
    """
    impact_s = arc.time_of_flight_s
    start_s = arc.burnout.time_s if start_s is None else start_s
    stop_s = impact_s if stop_s is None else stop_s
    if not trackers:
        raise InputError("trackers must name at least one radar; got none")
    if not arc.burnout.time_s <= start_s < impact_s:
        raise InputError(f"start_s must lie in [{arc.burnout.time_s:.3f}, {impact_s:.3f}) s; got {start_s}")
    if not start_s <= stop_s <= impact_s:
        raise InputError(f"stop_s must lie in [{start_s:.3f}, {impact_s:.3f}] s; got {stop_s}")
    if intercept_time_s is not None and not start_s <= intercept_time_s <= impact_s:
        raise InputError(f"intercept_time_s must lie in [{start_s:.3f}, {impact_s:.3f}] s; got {intercept_time_s}")
    if not (math.isfinite(noise_m2_s3) and noise_m2_s3 >= 0.0):
        raise InputError(f"noise_m2_s3 must be at least 0 and finite; got {noise_m2_s3}")
    prior = _root_of(prior_covariance_ecef)

    schedules = [_schedule(tracker.rate_hz, start_s, stop_s) for tracker in trackers]
    ends = [start_s, impact_s] if intercept_time_s is None else [start_s, intercept_time_s, impact_s]
    time_s = _grid(np.concatenate([*schedules, ends]), _entry_s(arc))
    n = len(time_s)
    twice_s = np.empty(2 * n - 1)
    twice_s[::2] = time_s
    twice_s[1::2] = 0.5 * (time_s[1:] + time_s[:-1])
    states = np.empty((2 * n - 1, 6))
    sample_arc(arc.nodes, len(arc.nodes), twice_s, states)
    state = np.ascontiguousarray(states[::2])

    rows = np.zeros((n, 3 * len(trackers), 3))
    used = np.zeros(n, dtype=np.int64)
    for tracker, schedule in zip(trackers, schedules, strict=True):
        _look(tracker, schedule, time_s, state, rcs_m2, rows, used)

    phi, psi = np.empty((n - 1, 6, 6)), np.empty((n - 1, 6, 6))
    transitions(arc.nodes, time_s, states, rotation_rate(arc.rotation), phi, psi)
    roots, spreads, determined = np.empty((n, 6, 6)), np.zeros((n, 6, 6)), np.zeros(n, dtype=np.bool_)
    tk.gather(time_s, psi, rows, used, prior, noise_m2_s3, roots)
    tk.invert(roots, spreads, determined)

    def predicted(mapping: FloatArray, when_s: float) -> FloatArray:
        covariance = np.empty((n, len(mapping), len(mapping)))
        target = int(np.searchsorted(time_s, when_s))
        tk.predict(time_s, phi, spreads, determined, mapping, target, noise_m2_s3, covariance)
        return covariance

    covariance = spreads @ spreads.transpose(0, 2, 1)
    covariance[~determined] = math.inf
    return TrackBound(
        time_s=time_s,
        state_ecef=state,
        looks=np.cumsum(used) // 3,
        determined=determined,
        covariance_ecef=covariance,
        impact_time_s=impact_s,
        impact_covariance_en_m2=predicted(_ground_mapping(arc), impact_s),
        intercept_time_s=intercept_time_s,
        intercept_covariance_ecef_m2=(None if intercept_time_s is None else predicted(np.eye(3, 6), intercept_time_s)),
    )


def _schedule(rate_hz: float, start_s: float, stop_s: float) -> FloatArray:
    count = (stop_s - start_s) * rate_hz
    if count > _MOST_LOOKS:
        raise InputError(f"rate_hz must give at most {_MOST_LOOKS:,} looks at one arc; got {rate_hz:g}")
    times = start_s + np.arange(math.floor(count) + 1) / rate_hz
    return times[times <= stop_s]


def _entry_s(arc: Trajectory) -> float:
    """Return when the arc comes back into the air that it feels [s], to a node."""
    squared = np.einsum("ij,ij->i", arc.r_ecef_m, arc.r_ecef_m)
    high = np.flatnonzero(squared > (SEMI_MAJOR_M + _AIR_M) ** 2)
    return float(arc.time_s[high[-1]]) if len(high) else 0.0


def _grid(times_s: FloatArray, entry_s: float) -> FloatArray:
    """Sort times without repeats, and fill gaps so that no step is longer than allowed."""
    times_s = np.unique(times_s)
    gaps = np.diff(times_s)
    longest = np.where(times_s[1:] > entry_s, _LONGEST_STEP_IN_AIR_S, _LONGEST_STEP_S)
    wide = np.flatnonzero(gaps > longest)
    if len(wide) == 0:
        return times_s
    between = [
        np.linspace(times_s[i], times_s[i + 1], math.ceil(gaps[i] / longest[i]), endpoint=False)[1:] for i in wide
    ]
    return np.unique(np.concatenate([times_s, *between]))


def _look(
    tracker: Tracker,
    schedule: FloatArray,
    time_s: FloatArray,
    state: FloatArray,
    rcs_m2: float | Signature,
    rows: FloatArray,
    used: IntArray,
) -> None:
    """Append a radar's looks at the moments of its schedule at which it sees the body."""
    radar = tracker.radar
    size_m2 = rcs_m2 if isinstance(rcs_m2, float | int) else 1.0
    looks = look_at(radar, radar.view(tracker.site, tracker.boresight_rad, size_m2), state[:, :3])
    seen, snr = looks.reason == VISIBLE, looks.snr
    if isinstance(rcs_m2, Signature):
        snr = snr * rcs_m2.after_burnout.at(_aspect_rad(tracker, state))
        seen = (seen | (looks.reason == DETECTION_RANGE)) & (snr >= radar.reference_snr)
    due = np.zeros(len(time_s), dtype=np.bool_)
    due[np.searchsorted(time_s, schedule)] = True
    tk.add_looks(
        state,
        seen & due,
        ecef_of(tracker.site.lat_rad, tracker.site.lon_rad, 0.0),
        tracker.axes_ecef,
        tracker.tilt_rad is not None,
        *tracker.accuracy.deviations(snr),
        rows,
        used,
    )


def _aspect_rad(tracker: Tracker, state: FloatArray) -> FloatArray:
    """Return the angle between the body's axis, along its velocity, and the line to the radar, shape (n,) [rad]."""
    toward = np.array(ecef_of(tracker.site.lat_rad, tracker.site.lon_rad, 0.0)) - state[:, :3]
    along = np.einsum("ij,ij->i", toward, state[:, 3:])
    lengths = np.linalg.norm(toward, axis=1) * np.linalg.norm(state[:, 3:], axis=1)
    return np.asarray(np.arccos(np.clip(along / np.maximum(lengths, 1e-9), -1.0, 1.0)))


def _root_of(covariance: FloatArray | None) -> FloatArray:
    """Return the root of the information that a covariance (6, 6) stands for; zeros if there is none."""
    if covariance is None:
        return np.zeros((6, 6))
    given = np.asarray(covariance, dtype=float)
    if given.shape != (6, 6) or not np.allclose(given, given.T, rtol=1e-9, atol=0.0):
        raise InputError(f"prior_covariance_ecef must be symmetric, of shape (6, 6); got shape {given.shape}")
    try:
        lower = np.linalg.cholesky(given)
    except np.linalg.LinAlgError as error:
        raise InputError("prior_covariance_ecef must be positive definite; it is not") from error
    return np.asarray(np.linalg.qr(np.linalg.inv(lower)).R)


def _ground_mapping(arc: Trajectory) -> FloatArray:
    """Return how the impact point, east and north, moves with the state at the nominal impact, shape (2, 6).

    A body that is off by ``d`` when it should come down meets the ground ``d - v (up d) / (up v)`` away.
    """
    lat_rad, lon_rad, _ = arc.impact.geodetic
    east, north, up = np.array(axes_of(lat_rad, lon_rad)).reshape(3, 3)
    v = arc.impact.v_ecef_mps
    along_ground = np.eye(3) - np.outer(v, up) / float(up @ v)
    return np.ascontiguousarray(np.hstack([np.array([east, north]) @ along_ground, np.zeros((2, 3))]))
