"""Which disputed number moves the outcome of a raid: Sobol indices over everything that is uncertain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from equipoise.analysis.footprint import Progress
from equipoise.analysis.inputs import factor_of
from equipoise.analysis.raid import Raid, RaidField
from equipoise.analysis.raid_answers import leaked_share, missiles_by_target, spent_all, weighted_share
from equipoise.analysis.raid_setting import RaidSetting, RangeChoice, raid_inputs, range_choices
from equipoise.analysis.sensitivity import OF_ANY_STUDY, RADAR_RANGE
from equipoise.analysis.sobol import Factor, SobolIndices, chosen, indices_summary, samples_problem, sobol_indices
from equipoise.arrays import FloatArray
from equipoise.errors import InputError
from equipoise.study.raid_model import RaidStudy

SAMPLES = 128
# Raids of each evaluation: the dice, thrown alike for all of them, leave a few per cent of the variance.
RUNS = 200
# Ranged numbers that are varied at once; the radars' rival ranges come beside them.
MOST_FACTORS = 24
LEAKED = "leaked_share"
WEIGHTED = "weighted_leaked_share"
EXHAUSTED = "exhausted_probability"

CAVEATS = (
    *OF_ANY_STUDY,
    "What is varied is knowledge. Chance is averaged out: each evaluation is the mean of a number of raids.",
    "The missiles' flight, their number and their targets are left as the study has them.",
)


@dataclass(frozen=True)
class RaidSensitivity:
    """Sobol indices of a raid study.

    Parameters
    ----------
    study : RaidStudy
        The study.
    indices : SobolIndices
        Of the leaked share, of the share with each missile counting as much as its target, and of the probability that
        a layer launches its last round.
    choices : tuple of RangeChoice
        Radars whose published ranges were chosen from.
    runs : int
        Raids of each evaluation.
    left : int
        Ranged numbers that were left at their central values, because alone they move the leaked share least.
    left_swing : float
        By how much at most one of those moves it from one end of its range to the other.
    """

    study: RaidStudy
    indices: SobolIndices
    choices: tuple[RangeChoice, ...]
    runs: int
    left: int
    left_swing: float


def raid_sensitivity(
    study: RaidStudy,
    *,
    samples: int = SAMPLES,
    seed: int | None = None,
    runs: int = RUNS,
    most: int = MOST_FACTORS,
    field: RaidField | None = None,
    progress: Progress | None = None,
    threads: int | None = None,
) -> RaidSensitivity:
    """Work out the Sobol indices of a raid's outcome.

    Parameters
    ----------
    study : RaidStudy
        The study.
    samples : int
        Base points, a power of two; there are samples times the number of factors and two evaluations.
    seed : int, optional
        Of sample, bootstrap and raids; by default the study's own.
    runs : int
        Raids of each evaluation; every one throws the same dice.
    most : int
        Ranged numbers that are varied. Where there are more, each is first moved to either end by itself, and those
        that move the leaked share least are left at their central values; how many, and how little, is said.
    field : RaidField, optional
        The study with its missiles flown, if that was done before.
    progress : callable, optional
        Called with what is being done and the share that is done.
    threads : int, optional
        How many evaluate; by default as many as share array work. They change nothing.

    Raises
    ------
    InputError
        If ``samples`` is no power of two within its bounds, or the study leaves nothing uncertain.

    Notes
    -----
    The factors are every ranged number of :func:`raid_inputs`, from its triangle (a boresight evenly), and for each
    radar with rival published ranges which of them holds, evenly likely.
    """
    problem = samples_problem(samples)
    if problem is not None:
        raise InputError(f"samples {problem}")
    inputs = raid_inputs(study, every_range=True)
    choices = range_choices(study)
    if not inputs and not choices:
        raise InputError(f"study {study.id}: no number that its raid depends on has a range; allowed: one or more")
    seed = study.chance.seed if seed is None else seed
    if progress is not None:
        progress("flying the salvos", 0.0)
    field = RaidField.of(study) if field is None else field
    central = RaidSetting.central(study)
    weights, aimed = np.array(study.weights), missiles_by_target(study)

    def outcome(setting: RaidSetting) -> FloatArray:
        raid = Raid.of(study, field.windows(setting), setting)
        counts = raid.run(runs, seed)
        exhausted = [one.value for one in spent_all(counts, raid.magazine)]
        return np.array([leaked_share(counts).value, weighted_share(counts, weights, aimed).value, *exhausted])

    left, left_swing = 0, 0.0
    if len(inputs) > most:
        swings = []
        middle = float(outcome(central)[0])
        for done, one in enumerate(inputs):
            if progress is not None:
                progress("moving one number at a time", done / len(inputs))
            ends = [middle, *(float(outcome(one.put(central, end))[0]) for end in (one.low, one.high))]
            swings.append(max(ends) - min(ends))
        kept = sorted(sorted(range(len(inputs)), key=lambda i: (-swings[i], i))[:most])
        left = len(inputs) - most
        left_swing = max(swing for i, swing in enumerate(swings) if i not in kept)
        inputs = tuple(inputs[i] for i in kept)

    def evaluate(unit: FloatArray) -> FloatArray:
        setting = central
        for one, share in zip(inputs, unit, strict=False):
            setting = one.put(setting, one.quantile(float(share)))
        for choice, share in zip(choices, unit[len(inputs) :], strict=True):
            setting = choice.put(setting, choice.names[chosen(float(share), len(choice.names))])
        return outcome(setting)

    indices = sobol_indices(
        [
            *(factor_of(one) for one in inputs),
            *(Factor(choice.radar, RADAR_RANGE, alternatives=choice.names) for choice in choices),
        ],
        evaluate,
        [LEAKED, WEIGHTED, *(f"{EXHAUSTED}_{layer.id}" for layer in study.layers)],
        samples=samples,
        seed=seed,
        progress=None if progress is None else lambda share: progress("evaluating the sample", share),
        threads=threads,
    )
    return RaidSensitivity(study, indices, choices, runs, left, left_swing)


def raid_sensitivity_summary(sensitivity: RaidSensitivity) -> dict[str, Any]:
    """Return a raid study's indices as one JSON object.

    Parameters
    ----------
    sensitivity : RaidSensitivity
        From :func:`raid_sensitivity`.
    """
    study = sensitivity.study
    return {
        "study": study.id,
        "study_sha256": study.sha256,
        "missiles": study.missiles,
        "runs_per_evaluation": sensitivity.runs,
        "left_at_central_value": sensitivity.left,
        "left_swing_of_leaked_share": sensitivity.left_swing,
        "radar_ranges": {choice.radar: list(choice.names) for choice in sensitivity.choices},
        **indices_summary(sensitivity.indices),
        "caveats": list(CAVEATS),
    }
