"""What a balance depends on and nobody knows for sure: one setting for every number, and many at once.

A setting holds arrays of n values, so that all draws are worked out together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from equipoise.analysis.arc_engagement import BOUNDS, LIMITS, ArcEngagements
from equipoise.analysis.draws import generator, triangle_quantile
from equipoise.analysis.sobol import Factor, chosen
from equipoise.arrays import FloatArray, IntArray
from equipoise.catalog.quantity import Sourced
from equipoise.catalog.records import BatteryRecord, InterceptorRecord, LauncherRecord
from equipoise.study.balance_model import BalanceForce, BalanceSpec

Key = tuple[str, str]

REACH: Key = ("study", "reach limits")
SEEN: Key = ("study", "cross-sections and warning")
_OF_A_BATTERY = ("launchers", "shots_per_opportunity", "reliability", "track_probability")


@dataclass(frozen=True)
class EngagedBattery:
    """A battery of the engage section, and how often it may shoot at each arc.

    Parameters
    ----------
    id : str
        What the study calls it.
    battery, interceptor, launcher
        Catalogue records.
    speeds_km_s : tuple of float
        Burnout speeds that were asked for.
    own : int
        Which of them is the record's own.
    variants : tuple of str
        Variants of the network, the whole first.
    looks : ndarray of int, shape (n_speed, 2, n_variant, 3, n_arc)
        Looks within its window, by :data:`LIMITS` and :data:`BOUNDS`; 0 where it cannot fire.
    """

    id: str
    battery: BatteryRecord
    interceptor: InterceptorRecord
    launcher: LauncherRecord
    speeds_km_s: tuple[float, ...]
    own: int
    variants: tuple[str, ...]
    looks: IntArray

    @classmethod
    def of(cls, found: ArcEngagements, arcs: Sequence[str]) -> EngagedBattery:
        """Build it from what a battery reaches; an arc that it was not asked about is out of its reach.

        Parameters
        ----------
        found : ArcEngagements
            With a network.
        arcs : sequence of str
            Ids of all arcs of the study, in their order.
        """
        table = found.table.transpose("speed", "limits", "variant", "bound", "arc", ...)
        asked = table["looks"].values
        looks = np.zeros((*asked.shape[:-1], len(arcs)), dtype=np.int64)
        looks[..., [arcs.index(str(id)) for id in table["arc"].values]] = asked
        item = found.battery
        speeds = tuple(float(speed) for speed in table["burnout_speed_km_s"].values)
        return cls(
            id=item.id,
            battery=item.battery,
            interceptor=item.interceptor,
            launcher=item.launcher,
            speeds_km_s=speeds,
            own=item.burnout_speeds_mps.index(found.own_speed_mps),
            variants=tuple(str(id) for id in table["variant"].values),
            looks=looks,
        )

    @property
    def spare_rounds(self) -> float:
        """Rounds beside those on launchers."""
        return 0.0 if self.battery.spare_rounds is None else self.battery.spare_rounds.value

    @property
    def speed(self) -> Key:
        """What its choice of a burnout speed is called."""
        return self.interceptor.id, "burnout_speed"

    def looks_at(self, speed: int, limits: int, bound: int, absent: Sequence[str]) -> IntArray:
        """Return the looks at each arc, (n_arc,); with several variants at once, the fewest of any of them."""
        of = [self.variants.index(variant) for variant in absent] or [0]
        return np.asarray(self.looks[speed, limits, of, bound].min(axis=0))


@dataclass(frozen=True)
class Knob:
    """One input: its centre, how it follows from a share in [0, 1], and its name where it moves at all."""

    key: Key
    central: float
    at: Callable[[float], float]
    factor: Factor | None

    @classmethod
    def of(cls, owner: str, quantity: str, number: Sourced) -> Knob:
        """Build the knob of a catalogue number, a triangle over its range."""
        if number.low == number.high:
            return cls((owner, quantity), number.value, lambda _share: number.value, None)
        return cls(
            (owner, quantity),
            number.value,
            lambda share: triangle_quantile(share, number.low, number.value, number.high),
            Factor(owner, quantity, number.unit, number.written_low, number.written, number.written_high),
        )

    @classmethod
    def choice(cls, key: Key, names: Sequence[str], central: int) -> Knob:
        """Build the knob of alternatives that are evenly likely; its value is a position."""
        if len(names) == 1:
            return cls(key, 0.0, lambda _share: 0.0, None)
        return cls(
            key, float(central), lambda share: float(chosen(share, len(names))), Factor(*key, alternatives=tuple(names))
        )


def knobs_of(spec: BalanceSpec, batteries: Sequence[EngagedBattery]) -> tuple[Knob, ...]:
    """Return every input of a balance, each once: forces, then records of interceptors and batteries, then reach."""
    found: dict[Key, Knob] = {}

    def keep(*knobs: Knob) -> None:
        for knob in knobs:
            found.setdefault(knob.key, knob)

    for force in spec.forces:
        keep(_count_knob(force))
        keep(Knob.of(force.record.id, alert_name(force), force.alert_share))
        keep(Knob.of(force.record.id, "reliability", force.record.reliability))
    for one in batteries:
        keep(Knob.of(one.interceptor.id, "kill_probability", one.interceptor.kill_probability))
        keep(Knob.choice(one.speed, [f"{speed:g} km/s" for speed in one.speeds_km_s], one.own))
        for name in _OF_A_BATTERY:
            number = getattr(one.battery, name)
            if number is not None:
                keep(Knob.of(one.battery.id, name, number))
    keep(Knob.choice(REACH, LIMITS, 0), Knob.choice(SEEN, BOUNDS, 1))
    return tuple(found.values())


def alert_name(force: BalanceForce) -> str:
    """Return the field of a force's record that says how much of it can be fired."""
    return "day_to_day_alert" if force.alert == "day-to-day" else "raised_alert"


def count_key(force: BalanceForce) -> Key:
    """Return what the number of a force's warheads is called."""
    return force.record.id, "warheads"


def _count_knob(force: BalanceForce) -> Knob:
    """Return the knob of the warheads: a published count, evenly likely, and a point of that count's own range."""
    counts = force.counts
    if len(counts) == 1:
        return Knob.of(*count_key(force), counts[0].warheads)

    def at(share: float) -> float:
        i = chosen(share, len(counts))
        number = counts[i].warheads
        if number.low == number.high:
            return number.value
        return triangle_quantile(share * len(counts) - i, number.low, number.value, number.high)

    names = tuple(one.name for one in counts)
    return Knob(count_key(force), counts[0].warheads.value, at, Factor(*count_key(force), alternatives=names))


@dataclass(frozen=True)
class BalanceSetting:
    """A value for each input, n at a time: ``values[key]`` has shape (n,)."""

    values: Mapping[Key, FloatArray]

    @property
    def size(self) -> int:
        """How many settings it holds."""
        return len(next(iter(self.values.values())))

    @classmethod
    def central(cls, knobs: Sequence[Knob]) -> BalanceSetting:
        """Return the one setting with every input at its centre."""
        return cls({knob.key: np.array([knob.central]) for knob in knobs})

    @classmethod
    def at(cls, knobs: Sequence[Knob], shares: FloatArray) -> BalanceSetting:
        """Return settings at points of the unit hypercube, shape (n, n_knob)."""
        return cls(
            {knob.key: np.array([knob.at(float(share)) for share in shares[:, i]]) for i, knob in enumerate(knobs)}
        )

    @classmethod
    def drawn(cls, knobs: Sequence[Knob], draws: int, seed: int) -> BalanceSetting:
        """Return draws; the same of each number in whatever chunks they are made."""
        shares = np.stack([generator(seed, draw).random(len(knobs)) for draw in range(draws)])
        return cls.at(knobs, shares)

    def whole(self, key: Key) -> IntArray:
        """Return an input as positions of alternatives, (n,)."""
        return np.asarray(self.values[key], dtype=np.int64)

    def get(self, key: Key, default: float) -> FloatArray:
        """Return an input, (n,); a record that leaves the number out has the default."""
        return self.values[key] if key in self.values else np.full(self.size, default)
