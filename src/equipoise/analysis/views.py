"""What sensors see of arcs, each by itself: seconds in view with their band, and what hides the rest."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from equipoise.analysis.arcs import Arcs
from equipoise.analysis.coverage import reason_flags
from equipoise.analysis.network import union_length
from equipoise.arrays import FloatArray
from equipoise.sensors import visibility_kernels as vk
from equipoise.sensors.handover import ArcTable, spans_of
from equipoise.sensors.radar import REASON_ORDER, REASON_WORDS, look_at
from equipoise.sensors.signature import Signature
from equipoise.sensors.station import Station
from equipoise.sensors.timeline import Timelines, signal_along, timelines

if TYPE_CHECKING:
    import xarray as xr

# Step at which aspect and elevation are sampled. [s]
SAMPLE_STEP_S = 2.0
# How a seen arc that nothing hides counts.
NOTHING = vk.VISIBLE


def sensor_views(stations: Sequence[Station], arcs: Arcs, dimension: str = "sensor") -> xr.Dataset:
    """Work out what each sensor sees of each arc without help from any other.

    Parameters
    ----------
    stations : sequence of Station
        The sensors, or the ways to take one.
    arcs : Arcs
        From :func:`equipoise.analysis.arcs.fly_arcs`.
    dimension : str
        What the second dimension is called.

    Returns
    -------
    xarray.Dataset
        On (arc, sensor): ``in_view_s`` and, at both ends of the missiles' cross-sections, ``in_view_low_s`` and
        ``in_view_high_s``; of it ``in_view_boost_s`` before the end of thrust and ``in_view_rear_s`` from behind;
        ``rise_s``, ``first_view_s``, ``firm_track_s`` (by its own search), ``lost_s`` after launch, nan where never;
        ``best_snr_db``; ``highest_elevation_deg``, apparent, below zero under the horizon; ``binding``, what hides the
        arc: all along, for one that is never in view, else the longest.
        On (reason, arc, sensor): ``hidden_s``.

    Notes
    -----
    The middle of a cross-section's range decides all but the two ends of the seconds in view. An arc that is never in
    view is named after the constraint that it gets as far as: one beyond the range has risen, and stands in the field.
    """
    tables = {bound: arcs.table(bound) for bound in ("low", "value", "high")}
    columns = [_view(station, arcs, tables["value"]) for station in stations]
    low, high = (
        np.column_stack([_in_view(station, tables[bound]) for station in stations]) for bound in ("low", "high")
    )
    stacked = {name: np.column_stack([column[name] for column in columns]) for name in columns[0] if name != "hidden_s"}
    hidden = np.stack([column["hidden_s"] for column in columns], axis=-1)
    seconds = {"units": "s"}
    words = {
        "in_view_s": "time in view",
        "in_view_boost_s": "of it before the end of thrust",
        "in_view_rear_s": "of it from behind",
        "rise_s": "rise over the horizon, after launch",
        "first_view_s": "first moment in view, after launch",
        "firm_track_s": "firm track by its own search, after launch",
        "lost_s": "end of the view, after launch",
    }
    pair = ("arc", dimension)
    import xarray as xr  # takes longer to load than a flight test takes to fly

    variables: dict[str, Any] = {
        name: (pair, stacked[name], {**seconds, "long_name": long}) for name, long in words.items()
    }
    variables["in_view_low_s"] = (pair, low, {**seconds, "long_name": "time in view, smallest cross-sections"})
    variables["in_view_high_s"] = (pair, high, {**seconds, "long_name": "time in view, largest cross-sections"})
    variables["best_snr_db"] = (
        pair,
        stacked["best_snr_db"],
        {"units": "dB", "long_name": "largest signal-to-noise ratio"},
    )
    variables["highest_elevation_deg"] = (
        pair,
        stacked["highest_elevation_deg"],
        {"units": "degree", "long_name": "highest apparent elevation"},
    )
    flags = {**reason_flags(), "long_name": "what hides the arc"}
    variables["binding"] = (pair, stacked["binding"].astype(np.int8), flags)
    variables["hidden_s"] = (("reason", *pair), hidden, {**seconds, "long_name": "time out of sight, by reason"})
    return xr.Dataset(
        variables,
        coords={
            "arc": [case.id for case in arcs.cases],
            "group": ("arc", [case.group for case in arcs.cases]),
            "missile": ("arc", [case.missile.id for case in arcs.cases]),
            "launch_area": ("arc", [case.launch_area.id for case in arcs.cases]),
            "target": ("arc", [case.target.id for case in arcs.cases]),
            "time_of_flight_s": ("arc", tables["value"].times_s[:, 1], seconds),
            "burnout_s": ("arc", tables["value"].times_s[:, 0], seconds),
            dimension: [station.id for station in stations],
            "reason": [REASON_WORDS[code] for code in REASON_ORDER],
        },
    )


def _in_view(station: Station, table: ArcTable) -> FloatArray:
    starts, ends = (np.hstack(part) for part in zip(*spans_of(station, table), strict=True))
    return union_length(starts, ends)


def _view(station: Station, arcs: Arcs, table: ArcTable) -> dict[str, FloatArray]:
    """Return the columns of one station, (n,) each, and ``hidden_s`` (reason, n)."""
    signatures = table.seen_by(station)
    each = [timelines(table.arcs, table.times_s, [watch], signatures) for watch in station.watches]
    starts, ends = (np.hstack(part) for part in zip(*spans_of(station, table), strict=True))
    burnout_s = table.times_s[:, :1]
    in_view_s = union_length(starts, ends)
    hidden_s, binding = _hiding(each, in_view_s)
    rear_s, elevation_rad = _along(station, arcs, signatures, in_view_s)
    firm_s = _earliest([one.firm_track_s for one in each])
    if not station.searches_alone:
        firm_s = np.full(len(table), np.nan)
    best = np.max([one.best_snr[:, 0] for one in each], axis=0)
    with np.errstate(divide="ignore"):
        best_db = np.where(best > 0.0, 10.0 * np.log10(best), np.nan)
    return {
        "in_view_s": in_view_s,
        "in_view_boost_s": union_length(starts, np.minimum(ends, burnout_s)),
        "in_view_rear_s": rear_s,
        "rise_s": _earliest([one.rise_s for one in each]),
        "first_view_s": _least(starts),
        "firm_track_s": firm_s,
        "lost_s": -_least(-ends),
        "best_snr_db": best_db,
        "highest_elevation_deg": np.degrees(elevation_rad),
        "binding": binding,
        "hidden_s": hidden_s,
    }


def _least(values: FloatArray) -> FloatArray:
    """Return the least of each row (n, k), nan where there is none."""
    if values.shape[1] == 0:
        return np.full(len(values), np.nan)
    least = np.min(np.where(np.isnan(values), math.inf, values), axis=1)
    return np.where(np.isfinite(least), least, np.nan)


def _earliest(columns: Sequence[FloatArray]) -> FloatArray:
    return _least(np.hstack(columns))


def _hiding(each: Sequence[Timelines], in_view_s: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return the seconds out of sight by reason (reason, n) and the code of what binds (n,).

    Of several watches the one counts that hides the arc latest in the order of reasons, and then for the shortest time.
    """
    hidden = np.stack([[one.hidden_s[REASON_WORDS[code]][:, 0] for code in REASON_ORDER] for one in each])
    reached = hidden > 0.0
    stages = len(REASON_ORDER)
    last = np.where(reached.any(axis=1), stages - 1 - np.argmax(reached[:, ::-1], axis=1), stages)
    rank = last - 1e-9 * hidden.sum(axis=1)
    chosen = np.argmax(rank, axis=0)
    columns = np.arange(hidden.shape[2])
    own = hidden[chosen, :, columns].T
    codes = np.array(REASON_ORDER)
    longest = np.where(own.max(axis=0) > 0.0, codes[np.argmax(own, axis=0)], NOTHING)
    got_as_far = codes[np.minimum(last[chosen, columns], stages - 1)]
    return own, np.where(in_view_s > 0.0, longest, got_as_far).astype(float)


def _along(
    station: Station, arcs: Arcs, signatures: Sequence[Signature], in_view_s: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return seconds in view from behind, more than a right angle off the nose, and the highest elevation [rad]."""
    rear_s, highest_rad = np.zeros(len(arcs.cases)), np.empty(len(arcs.cases))
    first = station.watches[0]
    view = first.radar.view(station.site, first.boresight_rad, first.radar.reference_rcs_m2)
    for i, case in enumerate(arcs.cases):
        end_s = case.flown.time_of_flight_s
        time_s = np.linspace(0.0, end_s, max(2, math.ceil(end_s / SAMPLE_STEP_S)))
        highest_rad[i] = look_at(first.radar, view, case.flown.at(time_s)[0]).el_rad.max()
        if in_view_s[i] <= 0.0:
            continue
        behind = np.zeros(len(time_s), dtype=bool)
        for watch in station.watches:
            signal = signal_along(case.flown, watch, signatures[i], time_s)
            seen = np.array([reason == REASON_WORDS[vk.VISIBLE] for reason in signal.reason])
            behind |= seen & (signal.aspect_rad > 0.5 * math.pi)
        rear_s[i] = min(behind.mean() * end_s, in_view_s[i])
    return rear_s, highest_rad
