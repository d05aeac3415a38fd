"""The balance of a network study worked out: what its batteries reach, the draws, and which input moves the answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from equipoise.analysis.arc_engagement import BOUNDS, ArcEngagements, ArcShooter
from equipoise.analysis.arcs import Arcs, fly_arcs
from equipoise.analysis.balance import BalanceResults, arriving
from equipoise.analysis.balance_setting import BalanceSetting, EngagedBattery, knobs_of
from equipoise.analysis.footprint import Progress
from equipoise.analysis.network import Watchers
from equipoise.analysis.sobol import SobolIndices, sobol_indices
from equipoise.arrays import FloatArray
from equipoise.defence.penetration import FEWEST
from equipoise.errors import InputError
from equipoise.sensors.station import Station
from equipoise.study.balance_model import BalanceSpec
from equipoise.study.network_model import NetworkStudy

PENETRATING, STOPPED, MATTERS = "penetrating", "stopped_share", "matters_up_to"


def run_balance(
    study: NetworkStudy, *, draws: int | None = None, seed: int | None = None, progress: Progress | None = None
) -> BalanceResults:
    """Work out a study's balance alone: its arcs, what its batteries reach of them, and what penetrates.

    Parameters
    ----------
    study : NetworkStudy
        With a balance section.
    draws, seed : int, optional
        The study's own if left out.
    progress : callable, optional
        Called with what is being done and the share of it that is done.

    Raises
    ------
    InputError
        If the study has no balance section.
    """
    if study.balance is None:
        raise InputError(f"study {study.id}, balance: missing; allowed: a network study with a balance section")
    arcs = fly_arcs(study, progress)
    stations = [Station.of(sensor) for sensor in study.sensors]
    watchers = {bound: Watchers(stations, arcs.table(bound), study.network, bound) for bound in BOUNDS}
    if progress is not None:
        progress("asking what is within reach", 0.0)
    found = [
        ArcShooter(item, arcs, f"study {study.id}, engage[{i}]").engagements(study.network, watchers)
        for i, item in enumerate(study.engage)
    ]
    return balance_of(study, arcs, found, draws=draws, seed=seed, progress=progress)


def balance_of(
    study: NetworkStudy,
    arcs: Arcs,
    engagements: Sequence[ArcEngagements],
    *,
    draws: int | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
) -> BalanceResults:
    """Work out a study's balance from its arcs and what its batteries reach of them; see :func:`run_balance`."""
    assert study.balance is not None
    ids = [case.id for case in arcs.cases]
    return balance_against(
        study,
        study.balance,
        [EngagedBattery.of(one, ids) for one in engagements],
        [case.group for case in arcs.cases],
        draws=draws,
        seed=seed,
        progress=progress,
    )


def balance_against(
    study: NetworkStudy,
    spec: BalanceSpec,
    batteries: Sequence[EngagedBattery],
    groups: Sequence[str],
    *,
    draws: int | None = None,
    seed: int | None = None,
    progress: Progress | None = None,
) -> BalanceResults:
    """Work out a balance from what its batteries reach.

    Parameters
    ----------
    study : NetworkStudy
        The study.
    spec : BalanceSpec
        Its balance section.
    batteries : sequence of EngagedBattery
        Those of the engage section; those of no element are left out.
    groups : sequence of str
        Heading of each arc that was flown.
    draws, seed : int, optional
        The study's own if left out.
    progress : callable, optional
        Called with what is being done and the share of it that is done.

    Raises
    ------
    InputError
        If a force has no arc, because none of its headings could be flown.
    """
    by_id = {one.id: one for one in batteries}
    used = tuple(by_id[id] for element in spec.elements for id in element.batteries)
    arcs = {}
    for i, force in enumerate(spec.forces):
        arcs[force.id] = np.flatnonzero(np.isin(groups, force.groups))
        if not len(arcs[force.id]):
            raise InputError(f"study {study.id}, balance.forces[{i}].groups: no arc of them is in its missile's reach")
    knobs = knobs_of(spec, used)
    draws, seed = spec.draws if draws is None else draws, spec.seed if seed is None else seed
    results = BalanceResults(
        study=study,
        spec=spec,
        batteries=used,
        arcs=arcs,
        knobs=knobs,
        central=BalanceSetting.central(knobs),
        drawn=BalanceSetting.drawn(knobs, draws, seed),
        draws=draws,
        seed=seed,
    )
    if not spec.sensitivity:
        return results
    return replace(results, sensitivity=balance_sensitivity(results, progress))


def balance_sensitivity(results: BalanceResults, progress: Progress | None = None) -> SobolIndices:
    """Return Sobol indices of each force's warheads that penetrate, of the share stopped, and of up to how many count.

    Parameters
    ----------
    results : BalanceResults
        The balance, every element there.
    progress : callable, optional
        Called with what is being done and the share of it that is done.
    """
    spec = results.spec
    moving = [i for i, knob in enumerate(results.knobs) if knob.factor is not None]
    present = frozenset(element.id for element in spec.elements)
    middle = np.full(len(results.knobs), 0.5)

    def evaluate(point: FloatArray) -> FloatArray:
        shares = middle.copy()
        shares[moving] = point
        setting = BalanceSetting.at(results.knobs, shares[np.newaxis])
        found = []
        for force in spec.forces:
            come = np.maximum(arriving(spec, force.id, setting), FEWEST)
            encounter = results.encounter(force.id, present, setting)
            left = encounter.expected(come)
            most = encounter.largest_arriving(spec.matters[0].share)
            found += [left[0], 1.0 - left[0] / come[0], most[0]]
        return np.array(found)

    return sobol_indices(
        [results.knobs[i].factor for i in moving],  # type: ignore[misc]
        evaluate,
        [f"{force.id}_{what}" for force in spec.forces for what in (PENETRATING, STOPPED, MATTERS)],
        samples=spec.sensitivity,
        seed=results.seed,
        progress=None if progress is None else lambda share: progress("finding which number moves the balance", share),
    )
