"""Which arcs of a network study pass within reach of which battery, and what the network's tracks leave of it.

Three questions of rising strictness, each an answer for every arc. *In reach*: would an interceptor that leaves at the
very moment at which the missile leaves meet it anywhere after the end of thrust? That is the most that speed and place
allow, and no battery could do it. *Can fire*: is an intercept left when a track that the battery may fire on is in its
hands and it has committed? *Looks*: how many times can it shoot and look before the last launch?
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import numpy.typing as npt

from equipoise.analysis.arcs import Arcs
from equipoise.analysis.network import Watchers
from equipoise.analysis.varied import number_at
from equipoise.arrays import FloatArray
from equipoise.catalog.positions import PlaceRecord
from equipoise.catalog.records import InterceptorRecord
from equipoise.defence.arc_reach_kernels import launches_that_meet
from equipoise.defence.battery import Battery
from equipoise.defence.network import Network
from equipoise.defence.reach import reach_by_flight_alone
from equipoise.errors import InputError
from equipoise.physics.geodesy import Site
from equipoise.sensors.handover import ArcTable, Bound
from equipoise.study.network_model import EngagePlacement, NetworkSpec, Variant

if TYPE_CHECKING:
    import xarray as xr

Limits = Literal["published", "flight alone"]
LIMITS: tuple[Limits, ...] = ("published", "flight alone")
BOUNDS: tuple[Bound, ...] = ("low", "value", "high")
# Intercepts are sought at these moments after the end of thrust; a launch is no better known. [s]
STEP_S = 1.0
# Nobody waits for an eleventh look; a battery that has spent its rounds has fewer.
MOST_LOOKS = 10


@dataclass(frozen=True)
class ArcEngagements:
    """One battery and the arcs that it is asked about.

    Parameters
    ----------
    battery : EngagePlacement
        Which, and where.
    table : xarray.Dataset
        On (speed, limits, arc): ``in_reach``, and ``slack_s``, the latest launch after the missile's own that still
        meets it after the end of thrust, nan where none does. With a network also on (variant, bound, speed, limits,
        arc): ``can_fire``, ``firing_window_s`` from the first launch that the tracks allow to the last one, 0 where
        there is none, and ``looks``, how many shots one after another fit in, each launched after the one before was
        seen to fail; and on (variant, bound, arc) ``first_launch_s``, nan where no track comes.
    """

    battery: EngagePlacement
    table: xr.Dataset

    @property
    def own_speed_mps(self) -> float:
        """The asked burnout speed that is nearest to the record's own, in m/s."""
        return own_speed_mps(self.battery)

    def values(
        self,
        name: str,
        *,
        groups: Sequence[str] | None = None,
        speed_mps: float | None = None,
        limits: Limits = "published",
        variant: str | None = None,
        bound: Bound = "value",
    ) -> FloatArray:
        """Return one of the table's variables arc by arc.

        Parameters
        ----------
        name : str
            Of a variable.
        groups : sequence of str, optional
            Headings of arcs; all that the battery is asked about if left out.
        speed_mps : float, optional
            One of the asked burnout speeds; the one nearest to the record's own if left out. [m/s]
        limits : {"published", "flight alone"}
            Which limits of the interceptor hold.
        variant : str, optional
            Of the network, for what depends on tracks; the first if left out.
        bound : {"low", "value", "high"}
            Which end of cross-sections and of the launch warning's bands.

        Returns
        -------
        ndarray, shape (n_arc,)
            As floats.
        """
        own = self.table[name]
        at: dict[str, Any] = {
            "speed": self.battery.burnout_speeds_mps.index(self.own_speed_mps if speed_mps is None else speed_mps),
            "limits": LIMITS.index(limits),
            "bound": BOUNDS.index(bound),
        }
        if "variant" in own.dims:
            known = [str(one) for one in self.table["variant"].values]
            at["variant"] = 0 if variant is None else known.index(variant)
        # Arrays are indexed as such: a page asks for thousands of these, and labels would take most of its time.
        chosen = np.asarray(own.values[tuple(at.get(str(dim), slice(None)) for dim in own.dims)], dtype=float)
        if groups is not None:
            chosen = chosen[np.isin(self.table["group"].values, list(groups))]
        return chosen

    def share(self, name: str, **which: Any) -> float:
        """Return the share of arcs for which a variable is true; the other parameters are those of ``values``."""
        return float(self.values(name, **which).mean())


class ArcShooter:
    """A battery and the arcs that it is asked about, with every launch that would meet them.

    Parameters
    ----------
    item : EngagePlacement
        The battery.
    arcs : Arcs
        Flown.
    field : str
        What messages call it.

    Raises
    ------
    InputError
        If no interceptor of its record can be built for a burnout speed; the message names the field.

    Notes
    -----
    The interceptor takes the shortest way of its reach table and is launched no earlier than the target lets it. What
    is left out favours the defence: decoys, what the kill vehicle sees, closing speed, whether the track is good
    enough, and that one battery has other arcs to meet. Intercepts under thrust are left out altogether.
    """

    def __init__(self, item: EngagePlacement, arcs: Arcs, field: str = "engage") -> None:
        self.item = item
        self.cases = tuple(case for case in arcs.cases if case.group in item.groups)
        self._rows = np.array([i for i, case in enumerate(arcs.cases) if case.group in item.groups])
        self._times_s = arcs.table().times_s[self._rows]
        mine = arcs.table().part(self._rows)
        self._launches = [
            [_Launches.of(launches_onto(battery, item.site, mine), mine.times_s[:, 0]) for battery in by_limits]
            for by_limits in (_batteries(field, item, speed_mps) for speed_mps in item.burnout_speeds_mps)
        ]

    def first_launch_s(self, spec: NetworkSpec, watchers: Watchers, variant: Variant) -> FloatArray:
        """Return the first launch that tracks allow in a variant of the network, (n_arc,) [s]; infinite for never.

        Nobody commits while the engine burns: a track counts from the end of thrust.
        """
        outcome = watchers.outcome(variant)
        network = Network.of(spec, outcome.stations, variant)
        first_s = np.full(len(self._rows), math.inf)
        for id in self.item.fires_on:
            if id not in variant.away:
                falling_s = outcome.falling_s[outcome.stations.index(id), self._rows]
                first_s = np.minimum(first_s, falling_s + network.latency_s(id, self.item.id, "track"))
        return first_s + self.item.battery.commit_delay_s.value

    def mean_window_s(self, spec: NetworkSpec, watchers: Watchers, variant: Variant) -> float:
        """Return the firing window that a variant leaves, averaged over all arcs [s].

        At the burnout speed nearest to the record's own and within published limits.
        """
        speed = self.item.burnout_speeds_mps.index(own_speed_mps(self.item))
        return float(self._launches[speed][0].window_s(self.first_launch_s(spec, watchers, variant)).mean())

    def engagements(
        self, spec: NetworkSpec | None = None, watchers: Mapping[Bound, Watchers] | None = None
    ) -> ArcEngagements:
        """Return what is in reach, and with a network and its watchers also what the tracks leave of it."""
        import xarray as xr  # takes longer to load than a flight test takes to fly

        slack_s = np.array([[one.best_s[:, -1] for one in by_limits] for by_limits in self._launches])
        on = ("speed", "limits", "arc")
        seconds = {"units": "s"}
        variables: dict[str, Any] = {
            "in_reach": (on, slack_s >= 0.0, {"long_name": "met if fired as the missile leaves"}),
            "slack_s": (
                on,
                np.where(np.isfinite(slack_s), slack_s, np.nan),
                {**seconds, "long_name": "latest launch that meets it, after the missile's launch"},
            ),
        }
        coordinates: dict[str, Any] = {
            "burnout_speed_km_s": ("speed", [round(speed / 1e3, 6) for speed in self.item.burnout_speeds_mps]),
            "limits": list(LIMITS),
            "arc": [case.id for case in self.cases],
            "group": ("arc", [case.group for case in self.cases]),
            "launch_area": ("arc", [case.launch_area.id for case in self.cases]),
            "burnout_s": ("arc", self._times_s[:, 0], seconds),
            "time_of_flight_s": ("arc", self._times_s[:, 1], seconds),
        }
        if spec is not None and watchers is not None:
            first_s = np.array(
                [[self.first_launch_s(spec, watchers[bound], variant) for bound in BOUNDS] for variant in spec.variants]
            )
            variables |= self._on_tracks(first_s)
            coordinates |= {"variant": [variant.id for variant in spec.variants], "bound": list(BOUNDS)}
        return ArcEngagements(self.item, xr.Dataset(variables, coords=coordinates))

    def _on_tracks(self, first_s: FloatArray) -> dict[str, Any]:
        """Return what the tracks of each variant and bound (variant, bound, arc) leave of the reach."""
        shape = (*first_s.shape[:2], len(self._launches), len(LIMITS), len(self._rows))
        window_s, looks = np.zeros(shape), np.zeros(shape, dtype=np.int64)
        assess_s = self.item.battery.assessment_delay_s.value
        for speed, by_limits in enumerate(self._launches):
            for limits, series in enumerate(by_limits):
                for variant, bound in np.ndindex(*first_s.shape[:2]):
                    at = (variant, bound, speed, limits)
                    window_s[at] = series.window_s(first_s[variant, bound])
                    looks[at] = series.looks(first_s[variant, bound], assess_s)
        on = ("variant", "bound", "speed", "limits", "arc")
        seconds = {"units": "s"}
        finite_s = np.where(np.isfinite(first_s), first_s, np.nan)
        return {
            "first_launch_s": (
                ("variant", "bound", "arc"),
                finite_s,
                {**seconds, "long_name": "first launch that tracks allow"},
            ),
            "can_fire": (on, looks > 0, {"long_name": "an intercept is left when tracks allow a launch"}),
            "firing_window_s": (
                on,
                window_s,
                {**seconds, "long_name": "from the first to the last launch that meets it"},
            ),
            "looks": (on, looks, {"units": "1", "long_name": "shots one after another, each after a look"}),
        }


def own_speed_mps(item: EngagePlacement) -> float:
    """Return the asked burnout speed that is nearest to the record's own. [m/s]."""
    own = item.interceptor.burnout_speed_mps.value
    return min(item.burnout_speeds_mps, key=lambda speed_mps: abs(speed_mps - own))


def with_burnout_speed(record: InterceptorRecord, speed_mps: float) -> InterceptorRecord:
    """Return an interceptor as it would be with another burnout speed [m/s], all else as in its record."""
    number = record.burnout_speed_mps
    if speed_mps == number.value:
        return record
    return record.model_copy(update={"burnout_speed_mps": number_at(number, speed_mps)})


def _batteries(field: str, item: EngagePlacement, speed_mps: float) -> tuple[Battery, Battery]:
    """Return the battery with its interceptor at a burnout speed: within published limits, and by flight alone."""
    record = with_burnout_speed(item.interceptor, speed_mps)
    try:
        battery = Battery.from_records(item.battery, record)
        return battery, replace(battery, reach=reach_by_flight_alone(record))
    except InputError as error:
        raise InputError(f"{field}.burnout_speeds: {speed_mps / 1e3:g} km/s: {error}") from None


def launches_onto(battery: Battery, place: PlaceRecord, table: ArcTable) -> FloatArray:
    """Return the launch that meets each arc at each moment after the end of thrust, every ``STEP_S``.

    Parameters
    ----------
    battery : Battery
        Its reach.
    place : PlaceRecord
        Where it stands.
    table : ArcTable
        The arcs.

    Returns
    -------
    ndarray, shape (n_arc, n_step)
        After the missile's own launch [s]; minus infinity where none serves.
    """
    longest_s = float((table.times_s[:, 1] - table.times_s[:, 0]).max())
    out = np.empty((len(table), math.floor(longest_s / STEP_S) + 1))
    shooter = battery.shooter(Site(place.lat_rad, place.lon_rad), 0.0)
    launches_that_meet(table.arcs, table.times_s, STEP_S, shooter, battery.reach.table, out)
    return out


@dataclass(frozen=True)
class _Launches:
    """Launches that meet arcs at evenly spaced moments: the best so far, and its ends. Arrays (n_arc, n_step) [s]."""

    meets_s: FloatArray
    best_s: FloatArray
    burnout_s: FloatArray

    @classmethod
    def of(cls, meets_s: FloatArray, burnout_s: FloatArray) -> _Launches:
        return cls(meets_s, np.maximum.accumulate(meets_s, axis=1), burnout_s)

    def window_s(self, start_s: FloatArray) -> FloatArray:
        """Return how long there are launches from a moment on, (n_arc,)."""
        last_s = self.best_s[:, -1]
        first_s = np.maximum(start_s, np.where(np.isfinite(self.meets_s), self.meets_s, np.inf).min(axis=1))
        open_s = np.zeros(len(last_s))
        some = np.isfinite(last_s) & (first_s <= last_s)
        open_s[some] = last_s[some] - first_s[some]
        return open_s

    def looks(self, start_s: FloatArray, assess_s: float) -> npt.NDArray[np.int64]:
        """Return how many shots fit in one after another from a moment on, (n_arc,); at most ``MOST_LOOKS``."""
        count = np.zeros(len(start_s), dtype=np.int64)
        ready_s = start_s.copy()
        for _ in range(MOST_LOOKS):
            meets = self.best_s >= ready_s[:, None]
            shot = meets.any(axis=1)
            if not shot.any():
                break
            count[shot] += 1
            intercept_s = self.burnout_s + STEP_S * meets.argmax(axis=1)
            ready_s = np.where(shot, intercept_s + assess_s, np.inf)
        return count
