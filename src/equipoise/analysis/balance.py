"""How many warheads of a force get past a defence, with and without each of its elements: Wilkening's question.

What claims and pictures ask is asked of :class:`BalanceResults`, by the ids that the study gives::

    results.penetrating(force, elements=None, arsenal_size=None, alert_rate=None) -> Band    expected warheads
    results.arriving(force, arsenal_size=None, alert_rate=None) -> Band                      of them without a defence
    results.outcome(force, elements=None, arsenal_size=None, alert_rate=None) -> Outcome     the three at once
    results.stopped_share(force, elements=None, arsenal_size=None, alert_rate=None) -> Band  of those that arrive
    results.change(force, element, arsenal_size=None, alert_rate=None) -> Band        share of the arriving warheads by
                                         which the element, added to the others, lowers the number that penetrate
    results.matters_up_to(force, share, elements=None) -> Band                               arriving warheads
    results.chance(force, elements=None, arsenal_size=None, alert_rate=None) -> Chance       dice alone

``elements`` are the ids that are there (all if left out, an empty tuple for none); ``arsenal_size`` and ``alert_rate``
stand in for the record's numbers. A :class:`Band` has the central value and, as ``low`` and ``high``, the 5 and 95 per
cent points over draws from the sourced ranges (stretched to hold the value): what is not known. :class:`Chance` is
what dice do at central numbers. The two are never mixed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from equipoise.analysis import intervals
from equipoise.analysis.balance_setting import (
    BalanceSetting,
    EngagedBattery,
    Knob,
    alert_name,
    count_key,
)
from equipoise.analysis.encounter import Encounter
from equipoise.analysis.network_results import Band
from equipoise.analysis.sobol import SobolIndices
from equipoise.arrays import FloatArray, IntArray
from equipoise.defence.penetration import (
    FEWEST,
    count_probabilities,
)
from equipoise.errors import InputError
from equipoise.study.balance_model import BalanceElement, BalanceSpec

if TYPE_CHECKING:
    from equipoise.study.network_model import NetworkStudy

CHANCE_POINTS = (0.05, 0.5, 0.95)
_ROUNDING = 1e-12

_Kept = tuple[str, frozenset[str], bool]


@dataclass(frozen=True)
class Outcome:
    """Warheads that arrive, those that penetrate, and the share that is stopped."""

    arriving: Band
    penetrating: Band
    stopped_share: Band


@dataclass(frozen=True)
class Chance:
    """What dice do at central numbers: which missiles and batteries work, and which shots hit.

    Parameters
    ----------
    fired : int
        Warheads on the missiles that are fired.
    p05, p50, p95 : int
        Points of the number that penetrates.
    none : float
        Chance that none penetrates.
    """

    fired: int
    p05: int
    p50: int
    p95: int
    none: float


@dataclass(frozen=True)
class BalanceResults:
    """Forces against the elements of a defence.

    Parameters
    ----------
    study : NetworkStudy
        The study, with its balance section.
    spec : BalanceSpec
        That section.
    batteries : tuple of EngagedBattery
        Those of the section's elements, in the order in which they shoot.
    arcs : mapping of str to ndarray of int
        By force: positions of its arcs, each of which has the same share of its warheads.
    knobs : tuple of Knob
        Every input.
    central, drawn : BalanceSetting
        The central setting, and the draws.
    draws, seed : int
        How many, and from where they start.
    sensitivity : SobolIndices or None
        Which input moves the answers; None if the study asks for none.
    """

    study: NetworkStudy
    spec: BalanceSpec
    batteries: tuple[EngagedBattery, ...]
    arcs: Mapping[str, IntArray]
    knobs: tuple[Knob, ...]
    central: BalanceSetting
    drawn: BalanceSetting
    draws: int
    seed: int
    sensitivity: SobolIndices | None = None
    _prepared: dict[_Kept, Encounter] = field(default_factory=dict, repr=False, compare=False)

    def outcome(
        self,
        force: str,
        elements: Iterable[str] | None = None,
        arsenal_size: float | None = None,
        alert_rate: float | None = None,
    ) -> Outcome:
        """Return how many arrive and penetrate, and which share is stopped; of a lone one where none arrives."""
        ends = []
        for setting in (self.central, self.drawn):
            come, left = self._left(force, elements, arsenal_size, alert_rate, setting)
            ends.append((come, left * come, 1.0 - left))
        central, drawn = ends
        return Outcome(*(_band(float(value[0]), many) for value, many in zip(central, drawn, strict=True)))

    def penetrating(
        self,
        force: str,
        elements: Iterable[str] | None = None,
        arsenal_size: float | None = None,
        alert_rate: float | None = None,
    ) -> Band:
        """Return the expected number of warheads that penetrate."""
        return self.outcome(force, elements, arsenal_size, alert_rate).penetrating

    def arriving(self, force: str, arsenal_size: float | None = None, alert_rate: float | None = None) -> Band:
        """Return the expected number of warheads that would penetrate without any defence."""
        return self.outcome(force, (), arsenal_size, alert_rate).arriving

    def stopped_share(
        self,
        force: str,
        elements: Iterable[str] | None = None,
        arsenal_size: float | None = None,
        alert_rate: float | None = None,
    ) -> Band:
        """Return which share of the arriving warheads is stopped; of a lone one where none arrives."""
        return self.outcome(force, elements, arsenal_size, alert_rate).stopped_share

    def change(
        self, force: str, element: str, arsenal_size: float | None = None, alert_rate: float | None = None
    ) -> Band:
        """Return the share of the arriving warheads by which an element lowers the number that penetrate."""
        others = [one.id for one in self.spec.elements if one.id != self._element(element).id]

        def share(setting: BalanceSetting) -> FloatArray:
            left = self._left(force, None, arsenal_size, alert_rate, setting)[1]
            fewer = self._left(force, others, arsenal_size, alert_rate, setting)[1] - left
            return np.where(np.abs(fewer) < _ROUNDING, 0.0, fewer)

        return self._band(share)

    def matters_up_to(self, force: str, share: float, elements: Iterable[str] | None = None) -> Band:
        """Return the largest number of arriving warheads of which at least a share is stopped, 0 for none."""
        present = self._present(elements)
        return self._band(lambda setting: self.encounter(force, present, setting).largest_arriving(share))

    def chance(
        self,
        force: str,
        elements: Iterable[str] | None = None,
        arsenal_size: float | None = None,
        alert_rate: float | None = None,
    ) -> Chance:
        """Return what dice do to the number that penetrates, at central numbers."""
        setting = self.central
        come = arriving(self.spec, force, setting, arsenal_size, alert_rate)
        works = float(setting.values[self.spec.force(force).record.id, "reliability"][0])
        fired = round(float(come[0]) / works) if works > 0.0 else 0
        most = max(float(come[0]), FEWEST)
        expected, chances = self.encounter(force, self._present(elements), setting).by_state(most)
        likely = count_probabilities(fired, works * expected / most, chances)
        below = np.cumsum(likely)
        p05, p50, p95 = (min(int(np.searchsorted(below, point - _ROUNDING)), fired) for point in CHANCE_POINTS)
        return Chance(fired, p05, p50, p95, none=float(likely[0]))

    def _band(self, of: Callable[[BalanceSetting], FloatArray]) -> Band:
        return _band(float(of(self.central)[0]), of(self.drawn))

    def _element(self, id: str) -> BalanceElement:
        known = [element.id for element in self.spec.elements]
        if id not in known:
            raise InputError(f"element: got {id}; allowed: {', '.join(known)}")
        return self.spec.element(id)

    def _present(self, elements: Iterable[str] | None) -> frozenset[str]:
        if elements is None:
            return frozenset(element.id for element in self.spec.elements)
        return frozenset(self._element(id).id for id in elements)

    def _left(
        self,
        force: str,
        elements: Iterable[str] | None,
        arsenal_size: float | None,
        alert_rate: float | None,
        setting: BalanceSetting,
    ) -> tuple[FloatArray, FloatArray]:
        """Return how many arrive and which share of them penetrates, each (n,)."""
        come = arriving(self.spec, force, setting, arsenal_size, alert_rate)
        some = np.maximum(come, FEWEST)
        return come, self.encounter(force, self._present(elements), setting).expected(some) / some

    def encounter(self, force: str, present: frozenset[str], setting: BalanceSetting) -> Encounter:
        """Return a force against the elements that are there; that of the central setting and the draws is kept."""
        if setting is not self.central and setting is not self.drawn:
            return Encounter.of(self.spec, self.batteries, self.arcs[force], present, setting)
        key = (force, present, setting is self.central)
        if key not in self._prepared:
            self._prepared[key] = Encounter.of(self.spec, self.batteries, self.arcs[force], present, setting)
        return self._prepared[key]


def _band(value: float, drawn: FloatArray) -> Band:
    """Return a central value with the 5 and 95 per cent points of draws, stretched to hold it."""
    low, _, high = intervals.band(drawn)
    return Band(min(low, value), value, max(high, value))


def arriving(
    spec: BalanceSpec,
    force: str,
    setting: BalanceSetting,
    arsenal_size: float | None = None,
    alert_rate: float | None = None,
) -> FloatArray:
    """Return how many warheads of a force arrive where nothing is shot at them: warheads, alert, reliability; (n,).

    Raises
    ------
    InputError
        If there is no such force, or a number lies outside its range.
    """
    known = [one.id for one in spec.forces]
    if force not in known:
        raise InputError(f"force: got {force}; allowed: {', '.join(known)}")
    if arsenal_size is not None and not arsenal_size >= 0.0:
        raise InputError(f"arsenal_size: got {arsenal_size}; allowed: 0 or more")
    if alert_rate is not None and not 0.0 <= alert_rate <= 1.0:
        raise InputError(f"alert_rate: got {alert_rate}; allowed: 0 to 1")
    of = spec.force(force)
    warheads = setting.values[count_key(of)] if arsenal_size is None else np.full(setting.size, float(arsenal_size))
    alert = setting.values[of.record.id, alert_name(of)] if alert_rate is None else alert_rate
    return np.asarray(warheads * alert * setting.values[of.record.id, "reliability"])
