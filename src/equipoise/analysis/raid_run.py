"""A whole raid study worked out: the raid itself, the draws, the curve, the questions and one raid shot by shot."""

from __future__ import annotations

from dataclasses import dataclass

from equipoise.analysis.raid import Raid, RaidField, prepare
from equipoise.analysis.raid_answers import (
    CurvePoint,
    Knowledge,
    Needed,
    OneMore,
    Progress,
    SpentAt,
    interceptors_needed,
    leakage_curve,
    magazines_spent,
    one_more_battery,
    raid_knowledge,
    run_until,
)
from equipoise.analysis.raid_counts import RaidCounts
from equipoise.analysis.raid_sensitivity import RaidSensitivity, raid_sensitivity
from equipoise.arrays import FloatArray
from equipoise.study.raid_model import RaidStudy

# The run that is shown shot by shot.
SHOWN_RUN = 0
# Ranged numbers that the report's Sobol indices vary at once.
REPORT_FACTORS = 12


@dataclass(frozen=True)
class RaidResults:
    """What a raid study comes to.

    Parameters
    ----------
    study : RaidStudy
        The study.
    field : RaidField
        Its missiles, flown.
    raid : Raid
        With every number at its central value.
    seed : int
        Of every draw.
    counts : RaidCounts
        Over the runs.
    knowledge : Knowledge or None
        Draws from the catalogue's ranges; None if the study asks for none.
    curve : tuple of CurvePoint
        By size of the raid; empty if the study asks for none.
    spent_at : tuple of SpentAt
        By layer.
    needed : Needed
        Interceptors for the wanted confidence.
    one_more : OneMore
        What one more battery saves.
    shots : ndarray, shape (n_shot, LOG_SIZE)
        Every shot of one run, as ``raid_kernels`` has it.
    sensitivity : RaidSensitivity or None
        Sobol indices; None unless they were asked for.
    """

    study: RaidStudy
    field: RaidField
    raid: Raid
    seed: int
    counts: RaidCounts
    knowledge: Knowledge | None
    curve: tuple[CurvePoint, ...]
    spent_at: tuple[SpentAt, ...]
    needed: Needed
    one_more: OneMore
    shots: FloatArray
    sensitivity: RaidSensitivity | None = None


def run_raid(
    study: RaidStudy,
    *,
    runs: int | None = None,
    seed: int | None = None,
    draws: int | None = None,
    half_width: float | None = None,
    sensitivity: bool = False,
    progress: Progress | None = None,
) -> RaidResults:
    """Work out a raid study.

    Parameters
    ----------
    study : RaidStudy
        From :func:`equipoise.study.load_raid_study`.
    runs, seed, draws : int, optional
        The study's own if left out.
    half_width : float, optional
        Run until the leaked share and the probability of no leaker are known to this half-width, in place of ``runs``.
    sensitivity : bool
        Also work out Sobol indices, if the study asks for them: minutes.
    progress : callable, optional
        Called with what is being done and the share of that step that is done.

    Raises
    ------
    UnreachableError
        If a missile cannot reach its target.
    InputError
        If the half-width is not above 0, or too small to reach.
    """
    chance = study.chance
    runs = chance.runs if runs is None else runs
    seed = chance.seed if seed is None else seed
    draws = chance.draws if draws is None else draws
    if progress is not None:
        progress("flying the salvos", 0.0)
    field = RaidField.of(study)
    raid = prepare(field)
    counts = raid.run(runs, seed) if half_width is None else run_until(raid, half_width, seed, progress)
    knowledge = None
    if draws:
        knowledge = raid_knowledge(field, draws=draws, runs_per_draw=chance.runs_per_draw, seed=seed, progress=progress)
    return RaidResults(
        study=study,
        field=field,
        raid=raid,
        seed=seed,
        counts=counts,
        knowledge=knowledge,
        curve=leakage_curve(field, runs=min(runs, 5_000), seed=seed, progress=progress),
        spent_at=magazines_spent(field, seed=seed),
        needed=interceptors_needed(field, seed=seed),
        one_more=one_more_battery(field, runs=min(runs, 20_000), seed=seed),
        shots=raid.log(SHOWN_RUN, seed),
        sensitivity=(
            raid_sensitivity(
                study, samples=chance.sensitivity, seed=seed, most=REPORT_FACTORS, field=field, progress=progress
            )
            if sensitivity and chance.sensitivity
            else None
        ),
    )
