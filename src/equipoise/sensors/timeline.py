"""What a radar sees of an arc, from rise to loss, with a reason for every gap."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from equipoise._jit import run_in_chunks
from equipoise.arrays import FloatArray
from equipoise.catalog.radars import RadarRecord
from equipoise.errors import InputError
from equipoise.physics.fan import trajectory_arc
from equipoise.physics.fan_kernels import N_NODE
from equipoise.physics.flight import Trajectory
from equipoise.physics.geodesy import Site
from equipoise.sensors import timeline_kernels as tk
from equipoise.sensors import visibility_kernels as vk
from equipoise.sensors.detection import SWERLING_CASES, threshold_of
from equipoise.sensors.radar import REASON_ORDER, REASON_WORDS, SECTOR, Radar, bare_view
from equipoise.sensors.signature import Signature, target_rows

_HIDDEN = (vk.HORIZON, vk.ELEVATION_FLOOR, vk.FIELD_OF_VIEW, vk.DETECTION_RANGE, vk.TERRAIN_MASK)
_MAX_LOOKS = 20_000
# Least and most time between two looks. [s]
_FRAME_S = (0.01, 1e4)
# Stretches in view that an arc seldom has more of.
_SPANS_ROOM = 8


@dataclass(frozen=True)
class Watch:
    """A radar at its place, and how it looks for targets.

    Parameters
    ----------
    radar : Radar
        With its chosen range, field of view and skyline.
    site : Site
        Where it stands.
    boresight_rad : float
        Azimuth of its face. [rad]
    frame_s : float
        Time between two looks at the same direction, 0.01 to 10,000 s. [s]
    ready_s : float
        No look before this time after launch: a cue, or none. [s]
    swerling : {0, 1, 2, 3, 4}
        How the echo fluctuates from look to look.
    false_alarm_probability : float
        Of each look.
    detection_goal : float
        Cumulative probability at which the target counts as detected.
    """

    radar: Radar
    site: Site
    boresight_rad: float
    frame_s: float
    ready_s: float = 0.0
    swerling: int = 1
    false_alarm_probability: float = 1e-6
    detection_goal: float = 0.9

    @classmethod
    def from_record(
        cls,
        record: RadarRecord,
        site: Site,
        boresight_rad: float,
        frame_s: float,
        *,
        range_name: str,
        field_of_view: str = SECTOR,
        ready_s: float = 0.0,
        swerling: int = 1,
    ) -> Watch:
        """Build it from a catalogue record, with the record's false-alarm and detection probability."""
        return cls(
            radar=Radar.from_record(record, range_name, field_of_view=field_of_view),
            site=site,
            boresight_rad=boresight_rad,
            frame_s=frame_s,
            ready_s=ready_s,
            swerling=swerling,
            false_alarm_probability=record.false_alarm_probability.value,
            detection_goal=record.detection_probability.value,
        )

    def __post_init__(self) -> None:
        if not _FRAME_S[0] <= self.frame_s <= _FRAME_S[1]:
            raise InputError(f"frame_s must lie in [0.01, 10000]; got {self.frame_s}")
        if not (math.isfinite(self.ready_s) and self.ready_s >= 0.0):
            raise InputError(f"ready_s must be at least 0 and finite; got {self.ready_s}")
        if self.swerling not in SWERLING_CASES:
            raise InputError(f"swerling must be 0, 1, 2, 3 or 4; got {self.swerling}")
        if not 0.0 < self.detection_goal < 1.0:
            raise InputError(f"detection_goal must lie between 0 and 1; got {self.detection_goal}")
        threshold_of(self.false_alarm_probability)

    def views(self) -> tuple[vk.Bare, FloatArray]:
        """Return the radar's place and limits and its skyline as the kernels take them."""
        view = self.radar.view(self.site, self.boresight_rad, self.radar.reference_rcs_m2)
        return bare_view(view), view.mask

    def watcher(self) -> tk.Watcher:
        """Return the radar's signal and way of looking as the kernels take them."""
        radar = self.radar
        return tk.Watcher(
            snr_m2=radar.reference_snr * radar.reference_range_m**4 / radar.reference_rcs_m2,
            required_snr=radar.reference_snr,
            scan_exponent=0.0 if radar.face is None else radar.face.scan_exponent,
            threshold=threshold_of(self.false_alarm_probability),
            swerling=float(self.swerling),
            frame_s=self.frame_s,
            ready_s=self.ready_s,
            goal=self.detection_goal,
            confirm_s=radar.confirm_time_s,
        )


@dataclass(frozen=True)
class Span:
    """A stretch of time after launch [s] with one reason; ``"visible"`` is in view."""

    start_s: float
    end_s: float
    reason: str

    @property
    def length_s(self) -> float:
        """How long it lasts [s]."""
        return self.end_s - self.start_s


@dataclass(frozen=True)
class Timeline:
    """What a radar sees of an arc. Times are seconds after launch; None where the thing never happens.

    Parameters
    ----------
    spans : tuple of Span
        The whole flight, in stretches of one reason.
    rise_s : float or None
        First moment over the horizon.
    first_look_s : float or None
        First look at the target.
    detection_s : float or None
        When the cumulative probability of detection reaches the goal.
    firm_track_s : float or None
        Detection and the confirmation time later, if nothing but a weak signal hides the target in between.
    track_end_s : float or None
        End of the stretch in which the firm track was won: until then nothing but a weak signal hides the target.
    lost_s : float or None
        End of the last stretch in view.
    in_view_s : float
        Total time in view: nothing hides the target and its signal is at least the required one.
    probability : float
        Cumulative probability of detection over all looks.
    best_snr : float
        Largest signal-to-noise ratio, as a ratio; 0 if it is never looked at.
    look_time_s, look_snr, look_probability, cumulative : ndarray, shape (n,)
        Each look: when [s], the signal-to-noise ratio, its detection probability and the cumulative one. The looks end
        once the target is sure to be detected.
    """

    spans: tuple[Span, ...]
    rise_s: float | None
    first_look_s: float | None
    detection_s: float | None
    firm_track_s: float | None
    track_end_s: float | None
    lost_s: float | None
    in_view_s: float
    probability: float
    best_snr: float
    look_time_s: FloatArray
    look_snr: FloatArray
    look_probability: FloatArray
    cumulative: FloatArray

    @property
    def gaps(self) -> tuple[Span, ...]:
        """The stretches out of sight, each with its reason."""
        return tuple(span for span in self.spans if span.reason != REASON_WORDS[vk.VISIBLE])

    @property
    def emptied_by(self) -> str | None:
        """What keeps the target from ever being in view: the last of the reasons that it got as far as; else None."""
        if self.in_view_s > 0.0:
            return None
        reasons = {span.reason for span in self.spans}
        return next(REASON_WORDS[code] for code in reversed(REASON_ORDER) if REASON_WORDS[code] in reasons)


@dataclass(frozen=True)
class Timelines:
    """Timelines of many arcs for several radars: arrays of shape (n_arc, n_watch), nan where a thing never happens.

    Names and units are those of :class:`Timeline`; ``hidden_s`` holds the seconds out of sight by reason.
    """

    rise_s: FloatArray
    first_look_s: FloatArray
    detection_s: FloatArray
    firm_track_s: FloatArray
    track_end_s: FloatArray
    lost_s: FloatArray
    in_view_s: FloatArray
    probability: FloatArray
    best_snr: FloatArray
    hidden_s: dict[str, FloatArray]


def _never(value: float) -> float | None:
    return None if math.isnan(value) else value


def timeline(trajectory: Trajectory, watch: Watch, signature: Signature) -> Timeline:
    """Work out what a radar sees of a trajectory.

    Parameters
    ----------
    trajectory : Trajectory
        From launch to impact.
    watch : Watch
        The radar, its place, and how it looks.
    signature : Signature
        What it looks at.

    Returns
    -------
    Timeline
        Ends of stretches are within 10 ms; stretches shorter than 6 s may be missed.

    Notes
    -----
    The body's axis is taken along its velocity. The first look comes a whole frame after the target comes into view,
    the others every frame; they are independent of each other.
    """
    spans = np.empty((tk.MAX_SPANS, 3))
    looks = np.empty((_MAX_LOOKS, 4))
    row = np.empty(tk.T_SIZE)
    ends = trajectory.burnout.time_s, trajectory.time_of_flight_s
    arc = trajectory_arc(trajectory)
    count, total = tk.watch_arc(arc, *ends, *watch.views(), watch.watcher(), signature.target(), spans, looks, row)
    kept = looks[: min(total, _MAX_LOOKS)].copy()
    return Timeline(
        spans=tuple(Span(float(a), float(b), REASON_WORDS[int(code)]) for a, b, code in spans[:count]),
        rise_s=_never(float(row[tk.T_RISE])),
        first_look_s=_never(float(row[tk.T_FIRST_LOOK])),
        detection_s=_never(float(row[tk.T_DETECTION])),
        firm_track_s=_never(float(row[tk.T_FIRM])),
        track_end_s=_never(float(row[tk.T_TRACK_END])),
        lost_s=_never(float(row[tk.T_LOST])),
        in_view_s=float(row[tk.T_IN_VIEW]),
        probability=float(row[tk.T_PROBABILITY]),
        best_snr=float(row[tk.T_BEST_SNR]),
        look_time_s=kept[:, 0],
        look_snr=kept[:, 1],
        look_probability=kept[:, 2],
        cumulative=kept[:, 3],
    )


def timelines(
    arcs: FloatArray,
    times_s: FloatArray,
    watches: Sequence[Watch],
    signatures: Sequence[Signature],
    searches: FloatArray | None = None,
) -> Timelines:
    """Work out what several radars see of many arcs, in threads.

    Parameters
    ----------
    arcs : ndarray, shape (n_arc, n_node, 6)
        Arcs at the nodes of a fan: position [m] and velocity [m/s] in ecef.
    times_s : ndarray, shape (n_arc, 2)
        Burnout and impact; where they are nan there is no arc, and nothing is seen of it. [s]
    watches : sequence of Watch
        The radars.
    signatures : sequence of Signature
        One for all arcs, or one for each.
    searches : ndarray, shape (n_watch, n_arc, 2), optional
        How each radar looks for each arc: ``frame_s`` and ``ready_s`` instead of its watch's, with ``ready_s`` +inf
        where it never looks. [s]

    Raises
    ------
    InputError
        If shapes do not go together, or a search is impossible; the message names the field.
    """
    targets = _targets(arcs, times_s, signatures)
    n = len(arcs)
    rows = _searches(searches, watches, n)
    out = np.empty((len(watches), n, tk.T_SIZE))
    for k, watch in enumerate(watches):
        work = partial(tk.watch_arcs, arcs, times_s, targets, rows[k], *watch.views(), watch.watcher(), out[k])
        run_in_chunks(work, n)
    columns = {index: np.ascontiguousarray(out[:, :, index].T) for index in range(tk.T_SIZE)}
    return Timelines(
        rise_s=columns[tk.T_RISE],
        first_look_s=columns[tk.T_FIRST_LOOK],
        detection_s=columns[tk.T_DETECTION],
        firm_track_s=columns[tk.T_FIRM],
        track_end_s=columns[tk.T_TRACK_END],
        lost_s=columns[tk.T_LOST],
        in_view_s=columns[tk.T_IN_VIEW],
        probability=columns[tk.T_PROBABILITY],
        best_snr=columns[tk.T_BEST_SNR],
        hidden_s={REASON_WORDS[code]: columns[tk.T_HIDDEN + i] for i, code in enumerate(_HIDDEN)},
    )


def visible_spans(
    arcs: FloatArray, times_s: FloatArray, watch: Watch, signatures: Sequence[Signature]
) -> tuple[FloatArray, FloatArray]:
    """Return when a radar has each of many arcs in view, in threads.

    Parameters
    ----------
    arcs, times_s, signatures
        As in :func:`timelines`.
    watch : Watch
        The radar; how it looks does not matter.

    Returns
    -------
    starts_s, ends_s : ndarray, shape (n_arc, k)
        Stretches of each arc with the reason ``"visible"``, in order, then nan; k is the largest number of them. [s]
    """
    targets = _targets(arcs, times_s, signatures)
    n = len(arcs)
    counts = np.zeros(n, dtype=np.int64)
    room = _SPANS_ROOM
    while True:
        out = np.empty((n, room, 2))
        work = partial(tk.find_visible, arcs, times_s, targets, *watch.views(), watch.watcher(), counts, out)
        run_in_chunks(work, n)
        most = int(counts.max(initial=0))
        if most <= room:
            return np.ascontiguousarray(out[:, :most, 0]), np.ascontiguousarray(out[:, :most, 1])
        room = most


def _targets(arcs: FloatArray, times_s: FloatArray, signatures: Sequence[Signature]) -> FloatArray:
    """Return what is looked at for each arc, shape (n_arc, 6), once the shapes go together."""
    n = len(arcs)
    if arcs.shape != (n, N_NODE, 6) or times_s.shape != (n, 2):
        raise InputError(f"arcs must have shape (n, {N_NODE}, 6) and times_s (n, 2); got {arcs.shape}, {times_s.shape}")
    return target_rows(signatures, n)


def _searches(searches: FloatArray | None, watches: Sequence[Watch], n: int) -> FloatArray:
    """Return the time between looks and that before the first for each watch and arc, shape (n_watch, n_arc, 2)."""
    if searches is None:
        rows = np.empty((len(watches), n, 2))
        for k, watch in enumerate(watches):
            rows[k] = watch.frame_s, watch.ready_s
        return rows
    rows = np.ascontiguousarray(searches, dtype=np.float64)
    if rows.shape != (len(watches), n, 2):
        raise InputError(f"searches must have shape ({len(watches)}, {n}, 2); got {rows.shape}")
    frame_s, ready_s = rows[:, :, 0], rows[:, :, 1]
    possible = (frame_s >= _FRAME_S[0]) & (frame_s <= _FRAME_S[1])
    if not possible.all():
        raise InputError(f"searches: frame_s must lie in [0.01, 10000]; got {frame_s[~possible][0]}")
    possible = ready_s >= 0.0
    if not possible.all():
        raise InputError(f"searches: ready_s must be at least 0, or inf for never; got {ready_s[~possible][0]}")
    return rows


@dataclass(frozen=True)
class Signal:
    """A target's signal along an arc: arrays of shape (n,).

    ``time_s`` after launch, ``aspect_rad`` between the body's axis and the line to the radar (0 is nose-on), ``snr`` as
    a ratio, zero where the radar cannot look, and ``reason`` as in :class:`Timeline`.
    """

    time_s: FloatArray
    aspect_rad: FloatArray
    snr: FloatArray
    reason: tuple[str, ...]


def signal_along(trajectory: Trajectory, watch: Watch, signature: Signature, time_s: FloatArray) -> Signal:
    """Return aspect and signal-to-noise ratio of a target at times (n,) [s] of its flight."""
    end_s = trajectory.time_of_flight_s
    times = np.ascontiguousarray(time_s, dtype=float)
    if times.ndim != 1 or not np.all((times >= 0.0) & (times <= end_s)):
        raise InputError(f"time_s must be a list within [0, {end_s:.3f}]")
    reason = np.empty(len(times), dtype=np.int8)
    snr, aspect = np.empty(len(times)), np.empty(len(times))
    ends = trajectory.burnout.time_s, end_s
    arc = trajectory_arc(trajectory)
    tk.signal_along(arc, times, *ends, *watch.views(), watch.watcher(), signature.target(), reason, snr, aspect)
    return Signal(times, aspect, snr, tuple(REASON_WORDS[int(code)] for code in reason))
