"""A force against some elements, prepared once for each setting and then asked about any number of warheads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from equipoise.analysis.balance_setting import REACH, SEEN, BalanceSetting, EngagedBattery
from equipoise.arrays import FloatArray, IntArray
from equipoise.defence.penetration import (
    Layer,
    battery_states,
    largest_number,
    largest_of_one,
    penetrating,
    state_chances,
)
from equipoise.study.balance_model import BalanceSpec


@dataclass(frozen=True)
class _Alike:
    """Settings that agree in what each battery reaches.

    ``mine`` are their positions, ``weights`` the share of the warheads on each kind of arc, (n_kind,); ``layers`` have
    arrays of shape (n, n_state), and ``chances`` says how likely the states are.
    """

    mine: IntArray
    weights: FloatArray
    layers: tuple[Layer, ...]
    chances: FloatArray

    def by_state(self, come: FloatArray) -> FloatArray:
        """Return how many of the arriving warheads penetrate in each state of the batteries, (n, n_state)."""
        warheads = come[:, np.newaxis, np.newaxis] * self.weights
        left = penetrating(warheads, self.layers).sum(axis=-1)
        return np.broadcast_to(left, np.broadcast_shapes(left.shape, self.chances.shape))


@dataclass(frozen=True)
class Encounter:
    """A force against the elements that are there, in n settings at once."""

    size: int
    alike: tuple[_Alike, ...]

    @classmethod
    def of(
        cls,
        spec: BalanceSpec,
        batteries: Sequence[EngagedBattery],
        arcs: IntArray,
        present: frozenset[str],
        setting: BalanceSetting,
    ) -> Encounter:
        """Prepare it.

        Parameters
        ----------
        spec : BalanceSpec
            The balance section.
        batteries : sequence of EngagedBattery
            In the order in which they shoot.
        arcs : ndarray of int
            Those on which the force's warheads come.
        present : frozenset of str
            Elements that are there; the network is the variants of those that are not.
        setting : BalanceSetting
            The inputs.
        """
        here = {id for element in spec.elements if element.id in present for id in element.batteries}
        shooting = [one for one in batteries if one.id in here]
        absent = [one.variant for one in spec.elements if one.id not in present and one.variant]
        picks = [setting.whole(REACH), setting.whole(SEEN), *(setting.whole(one.speed) for one in shooting)]
        rows, which = np.unique(np.stack(picks, axis=1), axis=0, return_inverse=True)
        alike = []
        for number, (limits, bound, *speeds) in enumerate(rows):
            mine = np.flatnonzero(which.ravel() == number)
            looks = [
                one.looks_at(speed, limits, bound, absent)[arcs] for one, speed in zip(shooting, speeds, strict=True)
            ]
            alike.append(_alike(spec, shooting, looks, setting, mine))
        return cls(setting.size, tuple(alike))

    def expected(self, come: FloatArray) -> FloatArray:
        """Return how many of the arriving warheads penetrate, over which batteries work; (n,).

        A single setting takes any number of numbers at once.
        """
        if self.size == 1:
            (one,) = self.alike
            return np.asarray((one.by_state(come) * one.chances).sum(axis=-1))
        found = np.empty(self.size)
        for one in self.alike:
            found[one.mine] = (one.by_state(come[one.mine]) * one.chances).sum(axis=-1)
        return found

    def largest_arriving(self, share: float) -> FloatArray:
        """Return the largest number of arriving warheads of which at least a share is stopped, 0 for none; (n,)."""

        def stopped(come: FloatArray) -> FloatArray:
            return np.asarray(1.0 - self.expected(come) / come)

        if self.size == 1:
            return np.array([largest_of_one(stopped, share)])
        return largest_number(stopped, share, (self.size,))

    def by_state(self, come: float) -> tuple[FloatArray, FloatArray]:
        """Return the same of a single setting in each state of its batteries, and how likely each is; (n_state,)."""
        (one,) = self.alike
        return one.by_state(np.array([come]))[0], one.chances[0]


def _alike(
    spec: BalanceSpec,
    shooting: Sequence[EngagedBattery],
    looks: Sequence[IntArray],
    setting: BalanceSetting,
    mine: IntArray,
) -> _Alike:
    live = [(one, at) for one, at in zip(shooting, looks, strict=True) if at.any()]
    if not live:
        return _Alike(mine, np.ones(1), (), np.ones((len(mine), 1)))
    # Arcs at which every battery may look as often are one.
    kinds, counts = np.unique(np.stack([at for _, at in live]), axis=1, return_counts=True)
    states = battery_states(len(live))
    layers, works = [], []
    for i, (one, _) in enumerate(live):
        layer, chance = _layer(spec, one, kinds[i], setting, mine)
        layers.append(replace(layer, rounds=np.asarray(layer.rounds) * states[:, i]))
        works.append(chance)
    return _Alike(mine, counts / counts.sum(), tuple(layers), state_chances(works, states))


def _layer(
    spec: BalanceSpec, one: EngagedBattery, looks: IntArray, setting: BalanceSetting, mine: IntArray
) -> tuple[Layer, FloatArray]:
    """Return a battery as a layer, arrays of shape (n, 1), and the chance that it works, (n,)."""

    def number(owner: str, quantity: str) -> FloatArray:
        return setting.get((owner, quantity), 1.0)[mine][:, np.newaxis]

    record = one.battery
    launchers = np.round(number(record.id, "launchers"))
    if one.id in spec.launchers:
        launchers = np.full_like(launchers, float(spec.launchers[one.id]))
    layer = Layer(
        rounds=launchers * one.launcher.rounds.value + one.spare_rounds,
        salvo=np.round(number(record.id, "shots_per_opportunity")),
        looks=looks,
        kill=number(one.interceptor.id, "kill_probability"),
        track=number(record.id, "track_probability"),
    )
    return layer, number(record.id, "reliability")[:, 0]
