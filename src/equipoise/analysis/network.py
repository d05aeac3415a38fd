"""What sensors joined in a network find of arcs, who cued whom, and what each element is worth.

The least that is asked of an element is what the network loses without it; the Shapley share divides the whole between
the elements, each paid by what it adds on average over every order in which they might have come.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from equipoise.arrays import FloatArray, IntArray
from equipoise.defence.network import Network
from equipoise.errors import InputError
from equipoise.sensors.handover import (
    ArcTable,
    Bound,
    Cues,
    Found,
    alone,
    cued,
    falling_tracks_s,
    spans_of,
    track_cues,
    warning_cues,
)
from equipoise.sensors.station import Station
from equipoise.study.network_model import NetworkSpec, Variant

ITSELF = -1
NEVER = -2
MOST_ELEMENTS = 8
# News that comes at most this much earlier starts nothing anew. [s]
_SAME_S = 1e-6
# Two or three rounds are usual: one for each sensor that cues the next.
_MOST_ROUNDS = 100


@dataclass(frozen=True)
class Outcome:
    """What each sensor of a network has of each arc.

    Parameters
    ----------
    stations : tuple of str
        The sensors that take part.
    firm_s : ndarray, shape (n_station, n_arc)
        When each has a firm track of its own; infinite: never. [s]
    falling_s : ndarray, shape (n_station, n_arc)
        From when on that track is one of a missile that falls freely; infinite: never. [s]
    cued_by : ndarray of int, shape (n_station, n_arc)
        Who cued it: a position in ``givers``, -1 for its own search, -2 where it has no track.
    givers : tuple of str
        The sensors, then the launch warning where there is one.
    reported_s : ndarray, shape (n_arc,)
        When the first firm track of the falling missile is at the command node that counts; infinite: never. [s]
    reported_by : ndarray of int, shape (n_arc,)
        Whose track that is: a position in ``stations``, -2 where there is none.
    reporting : ndarray of bool, shape (n_station,)
        Whose tracks get to that node at all.
    """

    stations: tuple[str, ...]
    firm_s: FloatArray
    falling_s: FloatArray
    cued_by: IntArray
    givers: tuple[str, ...]
    reported_s: FloatArray
    reported_by: IntArray
    reporting: IntArray


class Watchers:
    """Sensors that look at one table of arcs, and what each finds under each cue, worked out once.

    Parameters
    ----------
    stations : sequence of Station
        The sensors.
    table : ArcTable
        What they look at.
    spec : NetworkSpec or None
        What joins them; without it each stands alone, and every track counts at once.
    bound : {"low", "value", "high"}
        Which end of the launch warning's bands.
    """

    def __init__(
        self, stations: Sequence[Station], table: ArcTable, spec: NetworkSpec | None, bound: Bound = "value"
    ) -> None:
        self.stations = tuple(stations)
        self.table = table
        self.spec = spec
        self.spans = tuple(spans_of(station, table) for station in self.stations)
        self._alone = tuple(alone(station, table) for station in self.stations)
        self._warning: Cues | None = None
        if spec is not None and spec.warning is not None:
            self._warning = warning_cues(spec.warning.record, table.times_s[:, 0], bound)
        self._found: dict[tuple[int, int, float, bytes, bytes], Found] = {}
        self._cues: dict[tuple[int, bytes], Cues] = {}

    def firm_alone_s(self) -> FloatArray:
        """Return when each sensor has a firm track by its own search, (n_station, n_arc) [s]; infinite: never."""
        return np.stack([found.firm_s for found in self._alone])

    def outcome(self, variant: Variant | None = None) -> Outcome:
        """Return what the sensors find, with a variant's links cut and its nodes away."""
        away = variant.away if variant is not None else frozenset()
        ids = [station.id for station in self.stations]
        taking = [k for k, id in enumerate(ids) if id not in away]
        n = len(self.table)
        firm_s = np.full((len(ids), n), math.inf)
        cued_by = np.full((len(ids), n), NEVER, dtype=np.int64)
        watch = np.zeros((len(ids), n), dtype=np.int64)
        for k in taking:
            firm_s[k] = self._alone[k].firm_s
            watch[k] = self._alone[k].watch
            cued_by[k] = np.where(np.isfinite(firm_s[k]), ITSELF, NEVER)
        givers = tuple(ids)
        reached_s = np.zeros(len(ids))
        if self.spec is not None:
            network = Network.of(self.spec, ids, variant)
            warning = self.spec.warning
            if warning is not None:
                givers = (*givers, warning.id)
            if warning is not None and warning.id not in away and self._warning is not None:
                for k in taking:
                    latency_s = network.latency_s(warning.id, ids[k], "cue")
                    self._take(k, len(ids), self._warning, latency_s, firm_s, cued_by, watch)
            self._pass_round(network, taking, firm_s, cued_by, watch)
            for k in taking:
                reached_s[k] = network.latency_s(ids[k], self.spec.report_to, "track")
        falling_s = np.stack(
            [falling_tracks_s(self.table, own, spans) for own, spans in zip(firm_s, self.spans, strict=True)]
        )
        at_node_s = falling_s + reached_s[:, np.newaxis]
        reported_s = at_node_s.min(axis=0)
        return Outcome(
            stations=tuple(ids),
            firm_s=firm_s,
            falling_s=falling_s,
            cued_by=cued_by,
            givers=givers,
            reported_s=reported_s,
            reported_by=np.where(np.isfinite(reported_s), at_node_s.argmin(axis=0), NEVER),
            reporting=np.array([int(k in taking and math.isfinite(reached_s[k])) for k in range(len(ids))]),
        )

    def _pass_round(
        self, network: Network, taking: Sequence[int], firm_s: FloatArray, cued_by: IntArray, watch: IntArray
    ) -> None:
        """Let firm tracks cue other sensors until nobody has a track earlier for it."""
        ids = [station.id for station in self.stations]
        told = {k: np.full(len(self.table), math.inf) for k in taking}
        for _ in range(_MOST_ROUNDS):
            news = [k for k in taking if np.any(firm_s[k] < told[k] - _SAME_S)]
            if not news:
                return
            for k in news:
                told[k] = firm_s[k].copy()
            for k in news:
                cues = self._cues_of(k, Found(told[k], told[k], watch[k]))
                for other in taking:
                    latency_s = network.latency_s(ids[k], ids[other], "cue") if other != k else math.inf
                    self._take(other, k, cues, latency_s, firm_s, cued_by, watch)

    def _cues_of(self, k: int, found: Found) -> Cues:
        key = (k, found.firm_s.tobytes())
        if key not in self._cues:
            self._cues[key] = track_cues(self.stations[k], self.table, found, self.spans[k])
        return self._cues[key]

    def _take(
        self,
        k: int,
        giver: int,
        cues: Cues,
        latency_s: float,
        firm_s: FloatArray,
        cued_by: IntArray,
        watch: IntArray,
    ) -> None:
        """Let a sensor search where it is told, and keep what it finds earlier than by all else."""
        if not math.isfinite(latency_s):
            return
        key = (k, giver, latency_s, cues.time_s.tobytes(), firm_s[k].tobytes())
        if key not in self._found:
            self._found[key] = cued(self.stations[k], self.table, cues.later(latency_s), self.spans[k], firm_s[k])
        found = self._found[key]
        earlier = found.firm_s < firm_s[k] - _SAME_S
        firm_s[k][earlier] = found.firm_s[earlier]
        watch[k][earlier] = found.watch[earlier]
        cued_by[k][earlier] = giver

    def tracked_s(self, outcome: Outcome) -> FloatArray:
        """Return for how long at least one reporting sensor has each arc in view after its track is firm [s], (n,)."""
        starts, ends = [], []
        for k, spans in enumerate(self.spans):
            if not outcome.reporting[k]:
                continue
            for start_s, end_s in spans:
                begun = np.maximum(start_s, outcome.firm_s[k][:, np.newaxis])
                starts.append(begun)
                ends.append(np.maximum(end_s, begun))
        if not starts:
            return np.zeros(len(self.table))
        return union_length(np.hstack(starts), np.hstack(ends))


def union_length(starts: FloatArray, ends: FloatArray) -> FloatArray:
    """Return the length of the union of intervals in each row (n, k); nan or infinite ones count for nothing."""
    if starts.shape[1] == 0:
        return np.zeros(len(starts))
    real = np.isfinite(starts) & np.isfinite(ends) & (ends > starts)
    begin = np.where(real, starts, math.inf)
    order = np.argsort(begin, axis=1, kind="stable")
    begin = np.take_along_axis(begin, order, axis=1)
    end = np.take_along_axis(np.where(real, ends, -math.inf), order, axis=1)
    covered = np.maximum.accumulate(end, axis=1)
    before = np.hstack([np.full((len(starts), 1), -math.inf), covered[:, :-1]])
    with np.errstate(invalid="ignore"):
        added = np.where(np.isfinite(begin), np.maximum(end - np.maximum(begin, before), 0.0), 0.0)
    return np.asarray(added.sum(axis=1))


Value = Callable[[frozenset[str]], Mapping[str, float]]


@dataclass(frozen=True)
class Share:
    """What one element is worth by one metric.

    ``without`` is the whole network's value without it; ``lost`` what is lost with it; ``shapley`` its share of the
    difference between the whole and nothing of the elements.
    """

    element: str
    without: float
    lost: float
    shapley: float


@dataclass(frozen=True)
class Worth:
    """The value of a whole by one metric, with none of the elements, and each one's share."""

    metric: str
    whole: float
    none: float
    shares: tuple[Share, ...]


def worth(elements: Sequence[str], value: Value) -> tuple[Worth, ...]:
    """Divide what a network is worth among its elements.

    Parameters
    ----------
    elements : sequence of str
        At most eight; each of their 2^n combinations is worked out.
    value : callable
        From a set of elements to the value of each metric.

    Returns
    -------
    tuple of Worth
        One for each metric. The shares sum to ``whole - none``.

    Raises
    ------
    InputError
        If there are no elements, more than eight, or one twice.

    Notes
    -----
    ``phi_i = sum over S without i of |S|! (n - |S| - 1)! / n! (v(S + i) - v(S))`` [1]_.

    References
    ----------
    .. [1] L. S. Shapley, "A value for n-person games", Contributions to the Theory of Games II (1953) 307-317.
    """
    n = len(elements)
    if not 1 <= n <= MOST_ELEMENTS or len(set(elements)) < n:
        raise InputError(f"elements must be 1 to {MOST_ELEMENTS} different ones; got {', '.join(elements) or 'none'}")
    every = [frozenset(chosen) for size in range(n + 1) for chosen in combinations(elements, size)]
    values = {chosen: value(chosen) for chosen in every}
    whole, none = values[frozenset(elements)], values[frozenset()]
    found = []
    for metric in whole:
        shares = []
        for element in elements:
            without = values[frozenset(elements) - {element}][metric]
            shapley = sum(
                math.factorial(len(chosen))
                * math.factorial(n - len(chosen) - 1)
                / math.factorial(n)
                * (values[chosen | {element}][metric] - values[chosen][metric])
                for chosen in every
                if element not in chosen
            )
            shares.append(Share(element, without, whole[metric] - without, shapley))
        found.append(Worth(metric, whole[metric], none[metric], tuple(shares)))
    return tuple(found)
