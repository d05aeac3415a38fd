"""Hand-over: what one sensor tells another, how long the other searches for it, and when it has a track of its own.

Everything here is about many arcs at once: arrays of shape (n,), with infinity for a time that never comes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Literal

import numpy as np

from equipoise._jit import run_in_chunks
from equipoise.arrays import FloatArray, IntArray
from equipoise.catalog.records import LaunchWarningRecord
from equipoise.errors import InputError
from equipoise.sensors import handover_kernels as hk
from equipoise.sensors.accuracy import MONOPULSE_SLOPE
from equipoise.sensors.search import Beam
from equipoise.sensors.signature import Signature, target_rows
from equipoise.sensors.station import Station
from equipoise.sensors.timeline import Timelines, Watch, timelines, visible_spans

# Looks a second at one target, while its track is confirmed and while it is searched for where a cue says.
TRACK_RATE_HZ = 1.0
# While the engine burns nobody knows how it will push: three g, about the burnout speed of the catalogue's classes over
# their burn times (25 to 40 m/s2). [m/s2]
THRUST_MPS2 = 30.0
# A cue's volume is searched out to this many standard deviations.
SIGMAS = 3.0
_LONGEST_FRAME_S = 1e4

Bound = Literal["low", "value", "high"]


@dataclass(frozen=True)
class ArcTable:
    """Many arcs, as the kernels take them.

    Parameters
    ----------
    arcs : ndarray, shape (n, n_node, 6)
        At the nodes of a fan: position [m] and velocity [m/s] in ecef; nan where there is none.
    times_s : ndarray, shape (n, 2)
        Burnout and impact. [s]
    signatures : tuple of Signature
        One for each, in X-band.
    """

    arcs: FloatArray
    times_s: FloatArray
    signatures: tuple[Signature, ...]

    def __post_init__(self) -> None:
        if len(self.signatures) != len(self.arcs) or len(self.times_s) != len(self.arcs):
            got = f"{len(self.arcs)}, {len(self.times_s)}, {len(self.signatures)}"
            raise InputError(f"arcs, times_s and signatures must be equally many; got {got}")

    def __len__(self) -> int:
        """Return how many arcs there are."""
        return len(self.arcs)

    def part(self, rows: IntArray) -> ArcTable:
        """Return some of the arcs."""
        return ArcTable(self.arcs[rows], self.times_s[rows], tuple(self.signatures[i] for i in rows))

    def seen_by(self, station: Station) -> tuple[Signature, ...]:
        """Return the signatures as they look in a station's band."""
        if station.rcs_ratio == 1.0:
            return self.signatures
        larger = {signature: signature.in_band(station.rcs_ratio) for signature in set(self.signatures)}
        return tuple(larger[signature] for signature in self.signatures)


@dataclass(frozen=True)
class Cues:
    """What a sensor says of many targets: arrays of shape (n,).

    Parameters
    ----------
    time_s : ndarray
        When it is said; infinite where it never is. [s]
    measured_s : ndarray
        The moment that it is valid for. [s]
    position_sigma_m, velocity_sigma_mps : ndarray
        Standard deviations across the line of sight at that moment, independent of each other. [m], [m/s]
    renewed_until_s, delay_s : ndarray, optional
        A sensor that goes on following its target says anew where it is, as well as before: of moments up to the first,
        which are at hand the second later. Left out: it says it once. [s]
    """

    time_s: FloatArray
    measured_s: FloatArray
    position_sigma_m: FloatArray
    velocity_sigma_mps: FloatArray
    renewed_until_s: FloatArray | None = None
    delay_s: FloatArray | None = None

    def part(self, rows: IntArray) -> Cues:
        """Return some of the cues."""
        return Cues(
            self.time_s[rows],
            self.measured_s[rows],
            self.position_sigma_m[rows],
            self.velocity_sigma_mps[rows],
            None if self.renewed_until_s is None else self.renewed_until_s[rows],
            None if self.delay_s is None else self.delay_s[rows],
        )

    def later(self, latency_s: float) -> Cues:
        """Return the same cues at the other end of a link."""
        delay_s = None if self.delay_s is None else self.delay_s + latency_s
        return replace(self, time_s=self.time_s + latency_s, delay_s=delay_s)

    def valid_s(self, at_s: FloatArray) -> FloatArray:
        """Return the moment that what is at hand at a time (n,) is valid for [s]."""
        if self.renewed_until_s is None or self.delay_s is None:
            return self.measured_s
        return np.maximum(self.measured_s, np.minimum(at_s - self.delay_s, self.renewed_until_s))


def warning_cues(record: LaunchWarningRecord, burnout_s: FloatArray, bound: Bound = "value") -> Cues:
    """Return the cues of launch warning from space.

    Parameters
    ----------
    record : LaunchWarningRecord
        Delays and accuracies, with their bands.
    burnout_s : ndarray, shape (n,)
        End of thrust of each arc. [s]
    bound : {"low", "value", "high"}
        ``"low"`` takes the end of each band that is worse for the defence, ``"high"`` the better one.

    Returns
    -------
    Cues
        While the engine burns nothing can be predicted: the cue comes after the end of thrust, and never before the
        warning itself.
    """
    worse = {"low": "high", "value": "value", "high": "low"}[bound]
    delay_s, cue_s, position_m, velocity_mps = (
        float(getattr(number, worse))
        for number in (record.delay_s, record.cue_delay_s, record.position_sigma_m, record.velocity_sigma_mps)
    )
    full = np.ones(len(burnout_s))
    return Cues(np.maximum(delay_s, burnout_s + cue_s), burnout_s.copy(), position_m * full, velocity_mps * full)


def fresh_track_share(confirm_time_s: float) -> tuple[float, float]:
    """Return how well a track just confirmed is known: position as a share of one look's error, velocity per second.

    Parameters
    ----------
    confirm_time_s : float
        From first detection to firm track, with a look each second. [s]

    Returns
    -------
    position_share : float
        Standard deviation of the position in the middle of the looks over that of one look.
    velocity_share_per_s : float
        Standard deviation of the velocity over that of one look. [1/s]

    Notes
    -----
    A straight line through ``N`` looks ``dt`` apart by least squares: ``1 / sqrt(N)`` and
    ``sqrt(12 / (N (N^2 - 1))) / dt``, independent of each other in the middle of the looks. The curve of the arc within
    some seconds is known and takes nothing away.

    Examples
    --------
    >>> [round(share, 3) for share in fresh_track_share(5.0)]
    [0.408, 0.239]
    """
    looks = max(2, 1 + round(confirm_time_s * TRACK_RATE_HZ))
    return 1.0 / math.sqrt(looks), TRACK_RATE_HZ * math.sqrt(12.0 / (looks * (looks**2 - 1.0)))


@dataclass(frozen=True)
class Found:
    """What a station finds of many arcs, however it came to look: arrays of shape (n,), infinite where never.

    ``firm_s`` is when it has a firm track [s], ``detection_s`` when it detects [s], ``watch`` which of its watches has
    the track.
    """

    firm_s: FloatArray
    detection_s: FloatArray
    watch: IntArray


def alone(station: Station, table: ArcTable) -> Found:
    """Return what a station finds by its own search."""
    n = len(table)
    if not station.searches_alone:
        never = np.full(n, math.inf)
        return Found(never, never.copy(), np.zeros(n, dtype=np.int64))
    return _best([timelines(table.arcs, table.times_s, [watch], table.seen_by(station)) for watch in station.watches])


def cued(
    station: Station,
    table: ArcTable,
    cues: Cues,
    spans: Sequence[tuple[FloatArray, FloatArray]],
    before_s: FloatArray,
) -> Found:
    """Return what a station finds when it searches the volume of each cue.

    Parameters
    ----------
    station : Station
        With a beam; without one a cue does not help it.
    table : ArcTable
        The arcs.
    cues : Cues
        In its hands.
    spans : sequence of (starts, ends)
        For each of its watches the stretches in view, from :func:`equipoise.sensors.visible_spans`.
    before_s : ndarray, shape (n,)
        A firm track that it has anyway; a search that cannot be as early is not worked out. [s]

    Notes
    -----
    The search begins with the cue, or when the target comes into view after it, and looks over the volume of that
    moment again and again, at most once a second: a cone around the line of sight, all the radar's time given to it.
    Its radius is three standard deviations of the cue, and as far as three g would have pushed a missile whose engine
    still burns. The first look comes at the end of a frame.
    """
    n = len(table)
    firm_s, detection_s = np.full(n, math.inf), np.full(n, math.inf)
    watch_of = np.zeros(n, dtype=np.int64)
    for k, (watch, (starts_s, ends_s)) in enumerate(zip(station.watches, spans, strict=True)):
        begin_s = first_in_view(cues.time_s, starts_s, ends_s)
        confirm_s = watch.radar.confirm_time_s
        hopeful = np.flatnonzero(begin_s + 1.0 / TRACK_RATE_HZ + confirm_s < np.minimum(before_s, firm_s))
        if station.beam is None or len(hopeful) == 0:
            continue
        part = table.part(hopeful)
        searches = cued_searches(station, station.beam, watch, part, cues.part(hopeful), begin_s[hopeful])
        found = timelines(part.arcs, part.times_s, [watch], part.seen_by(station), searches=searches[np.newaxis])
        won_s = found.firm_track_s[:, 0]
        earlier = won_s < firm_s[hopeful]
        firm_s[hopeful[earlier]] = won_s[earlier]
        detection_s[hopeful[earlier]] = found.detection_s[earlier, 0]
        watch_of[hopeful[earlier]] = k
    return Found(firm_s, detection_s, watch_of)


def cued_searches(
    station: Station, beam: Beam, watch: Watch, table: ArcTable, cues: Cues, begin_s: FloatArray
) -> FloatArray:
    """Return the frame [s] and the beginning [s] of the search for each cue, shape (n, 2); infinite: no search.

    ``begin_s`` (n,) is when the target is in view and the cue there. [s]
    """
    range_m, _ = signal_at(watch, table.arcs, table.times_s, table.seen_by(station), begin_s)
    measured_s = cues.valid_s(begin_s)
    age_s = np.maximum(begin_s - measured_s, 0.0)
    burning_s = np.maximum(np.minimum(begin_s, table.times_s[:, 0]) - measured_s, 0.0)
    pushed_m = THRUST_MPS2 * burning_s * (0.5 * burning_s + age_s - burning_s)
    radius_m = SIGMAS * np.hypot(cues.position_sigma_m, cues.velocity_sigma_mps * age_s) + pushed_m
    solid_sr = 2.0 * math.pi * (1.0 - np.cos(np.arctan2(radius_m, range_m)))
    frame_s = np.maximum(1.0, np.ceil(solid_sr / beam.solid_angle_sr - 1e-9)) * beam.dwell_s
    # Not before the target is in view: the volume is that of this moment, and a search ruled out by it is ruled out.
    ready_s = np.where(frame_s <= _LONGEST_FRAME_S, begin_s, math.inf)
    return np.column_stack([np.clip(frame_s, 1.0 / TRACK_RATE_HZ, _LONGEST_FRAME_S), ready_s])


def first_in_view(after_s: FloatArray, starts_s: FloatArray, ends_s: FloatArray) -> FloatArray:
    """Return the first moment in view at or after a time (n,), from stretches (n, k) padded with nan; else infinity."""
    if starts_s.shape[1] == 0:
        return np.full(len(after_s), math.inf)
    begin_s = np.maximum(starts_s, after_s[:, np.newaxis])
    return np.asarray(np.min(np.where(begin_s < ends_s, begin_s, math.inf), axis=1))


def end_of_view(at_s: FloatArray, starts_s: FloatArray, ends_s: FloatArray) -> FloatArray:
    """Return the end of the stretch in view that holds a time (n,) [s]; that time itself where none does."""
    if starts_s.shape[1] == 0:
        return at_s.copy()
    held = (starts_s <= at_s[:, np.newaxis]) & (at_s[:, np.newaxis] <= ends_s)
    return np.where(held.any(axis=1), np.max(np.where(held, ends_s, -math.inf), axis=1), at_s)


def falling_tracks_s(table: ArcTable, firm_s: FloatArray, spans: Sequence[tuple[FloatArray, FloatArray]]) -> FloatArray:
    """Return from when on a firm track is one of a missile that falls freely, (n,) [s]; infinite: never.

    Before the end of thrust nobody can say where it will be. A track that was firm under thrust and is lost for a while
    counts again when the target is next in view.
    """
    falling_s = np.maximum(firm_s, table.times_s[:, 0])
    return np.asarray(np.min([first_in_view(falling_s, *part) for part in spans], axis=0))


def track_cues(station: Station, table: ArcTable, found: Found, spans: Sequence[tuple[FloatArray, FloatArray]]) -> Cues:
    """Return the cues that a station's tracks give from when they are firm.

    Parameters
    ----------
    station : Station
        Where nothing says how wide its beam is, it gives none.
    table : ArcTable
        The arcs.
    found : Found
        When its tracks are firm.
    spans : sequence of (starts, ends)
        For each of its watches the stretches in view: it renews its cue to the end of the one in which its track is
        firm, as well as it knew the target when the track was confirmed. That it comes to know it better is left out.
    """
    n = len(table)
    time_s = found.firm_s.copy()
    if station.beamwidth_rad is None:
        time_s[:] = math.inf
    position_m, velocity_mps, measured_s = np.full(n, np.nan), np.full(n, np.nan), np.full(n, np.nan)
    until_s, delay_s = np.full(n, np.nan), np.full(n, np.nan)
    for k, watch in enumerate(station.watches):
        mine = (found.watch == k) & np.isfinite(time_s)
        if station.beamwidth_rad is None or not mine.any():
            continue
        confirm_s = watch.radar.confirm_time_s
        measured_s[mine] = time_s[mine] - 0.5 * confirm_s
        delay_s[mine] = 0.5 * confirm_s
        until_s[mine] = end_of_view(time_s, *spans[k])[mine] - 0.5 * confirm_s
        range_m, snr = signal_at(watch, table.arcs, table.times_s, table.seen_by(station), measured_s)
        # A track that has just been confirmed rests on looks whose signal was at least the one that detection asks for.
        signal = np.maximum(snr[mine], watch.radar.reference_snr)
        look_rad = station.beamwidth_rad / (MONOPULSE_SLOPE * np.sqrt(2.0 * signal))
        position_share, velocity_share = fresh_track_share(confirm_s)
        position_m[mine] = range_m[mine] * look_rad * position_share
        velocity_mps[mine] = range_m[mine] * look_rad * velocity_share
    return Cues(time_s, measured_s, position_m, velocity_mps, until_s, delay_s)


def signal_at(
    watch: Watch, arcs: FloatArray, times_s: FloatArray, signatures: Sequence[Signature], at_s: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return slant range [m] and signal-to-noise ratio of each arc at a moment of its own (n,) [s]; nan where none."""
    out = np.empty((len(arcs), 2))
    targets = target_rows(signatures, len(arcs))
    run_in_chunks(partial(hk.signal_at, arcs, times_s, targets, at_s, *watch.views(), watch.watcher(), out), len(arcs))
    return out[:, 0], out[:, 1]


def spans_of(station: Station, table: ArcTable) -> tuple[tuple[FloatArray, FloatArray], ...]:
    """Return the stretches in view for each of a station's watches: starts and ends [s], (n, k), padded with nan."""
    signatures = table.seen_by(station)
    return tuple(visible_spans(table.arcs, table.times_s, watch, signatures) for watch in station.watches)


def _best(each: Sequence[Timelines]) -> Found:
    """Return the earliest firm track among a station's watches."""
    firm_s = np.stack([np.where(np.isnan(t.firm_track_s[:, 0]), math.inf, t.firm_track_s[:, 0]) for t in each])
    detection_s = np.stack([np.where(np.isnan(t.detection_s[:, 0]), math.inf, t.detection_s[:, 0]) for t in each])
    watch = np.argmin(firm_s, axis=0)
    return Found(firm_s.min(axis=0), detection_s.min(axis=0), watch.astype(np.int64))
