"""Which disputed number moves a footprint: Sobol indices of the defended share over everything that is uncertain."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from equipoise.analysis.footprint import Progress
from equipoise.analysis.inputs import factor_of, footprint_inputs
from equipoise.analysis.land import Land, Setting
from equipoise.analysis.shares import Shares
from equipoise.analysis.sobol import Factor, SobolIndices, chosen, indices_summary, samples_problem, sobol_indices
from equipoise.arrays import FloatArray
from equipoise.catalog.radars import HARDWARE
from equipoise.errors import InputError
from equipoise.study.model import Study

# Base points: the indices that count are then known to about a tenth of the variance.
SAMPLES = 512
# Cells a side: shares are then off by a hundredth of the land, 1 to 3 % of their variance in the bundled study.
CELLS = 16
RADAR_RANGE = "radar_range"
MEAN = "mean_over_threats"

# What no indices can tell, whatever the study.
OF_ANY_STUDY = (
    "A range is what the sources span or what was judged possible, not a measured distribution: an index says which "
    "number the disagreement hangs on, not how likely any answer is.",
    "All numbers are taken to be independent of each other; numbers that move together in reality share their indices "
    "in a way that is not shown here.",
    "Rival published radar ranges count as equally likely, whoever gave them.",
)
CAVEATS = (
    *OF_ANY_STUDY,
    "The threats' flight is left at its central values, and so is every number without a range.",
)


@dataclass(frozen=True)
class Sensitivity:
    """Sobol indices of a footprint study.

    Parameters
    ----------
    study : Study
        The study.
    indices : SobolIndices
        Of the defended share of the land by threat, and of the mean over the threats where there are several.
    radar_ranges : tuple of str
        The radar's ranges that were chosen from, shortest first.
    cells, land_cells : int
        Cells a side of the grid, and how many of its cells hold land.
    """

    study: Study
    indices: SobolIndices
    radar_ranges: tuple[str, ...]
    cells: int
    land_cells: int


def footprint_sensitivity(
    study: Study,
    *,
    samples: int = SAMPLES,
    seed: int | None = None,
    cells: int = CELLS,
    progress: Progress | None = None,
    threads: int | None = None,
) -> Sensitivity:
    """Work out the Sobol indices of the defended share of the land.

    Parameters
    ----------
    study : Study
        The study.
    samples : int
        Base points, a power of two; there are samples times the number of factors and two evaluations.
    seed : int, optional
        Of sample and bootstrap; by default the study's own.
    cells : int
        Cells a side of the grid of land.
    progress : callable, optional
        Called with what is being done and the share that is done.
    threads : int, optional
        How many evaluate; by default as many as share array work. They change nothing.

    Returns
    -------
    Sensitivity
        The indices, with what they were worked out on.

    Raises
    ------
    InputError
        If ``samples`` is no power of two within its bounds, or the study leaves nothing uncertain.

    Notes
    -----
    The factors are every ranged number that :func:`footprint_inputs` names, from the triangle between low, central and
    high value in SI (a loss as a ratio, not in dB); which of the ranges under ``radar_ranges`` holds, evenly likely,
    each with its own ranged numbers; and the boresight, evenly within its spread.
    """
    problem = samples_problem(samples)
    if problem is not None:
        raise InputError(f"samples {problem}")
    names = _radar_ranges(study)
    inputs = footprint_inputs(study, names)
    choice = len(names) > 1
    if not inputs and not choice:
        raise InputError(f"study {study.id}: no number that its footprint depends on has a range; allowed: one or more")
    central = Setting.central(study)
    seed = study.uncertainty.seed if seed is None else seed
    if progress is not None:
        progress("flying the threats", 0.0)
    land = Land.of(study, cells)
    shares = Shares(land)

    def evaluate(unit: FloatArray) -> FloatArray:
        setting = central
        for one, share in zip(inputs, unit, strict=False):
            setting = one.put(setting, one.quantile(float(share)))
        if choice:
            setting = replace(setting, radar_range=names[chosen(float(unit[-1]), len(names))])
        by_threat = shares.of(setting)
        return by_threat if len(by_threat) == 1 else np.append(by_threat, by_threat.mean())

    indices = sobol_indices(
        [*(factor_of(one) for one in inputs), *([_choice(study, names)] if choice else [])],
        evaluate,
        _output_names(study),
        samples=samples,
        seed=seed,
        progress=None if progress is None else lambda share: progress("evaluating the sample", share),
        threads=threads,
    )
    return Sensitivity(study, indices, names, cells, len(land.weights))


def _radar_ranges(study: Study) -> tuple[str, ...]:
    """Return the ranges that a study sets side by side and its central one, shortest first, hardware last."""
    radar = study.defence.radar
    wanted = {study.defence.radar_range, *study.radar_ranges}
    published = sorted((one for one in radar.ranges if one.name in wanted), key=lambda one: one.range_m.value)
    return (*(one.name for one in published), *((HARDWARE,) if HARDWARE in wanted else ()))


def _choice(study: Study, names: Sequence[str]) -> Factor:
    return Factor(study.defence.radar.id, RADAR_RANGE, alternatives=tuple(names))


def _output_names(study: Study) -> tuple[str, ...]:
    missiles = [threat.missile.id for threat in study.threats]
    # One missile may be among the threats twice, flown in two ways.
    names = [
        missile if missiles.count(missile) == 1 else f"{missile} ({threat.trajectory})"
        for missile, threat in zip(missiles, study.threats, strict=True)
    ]
    repeated = [name if names.count(name) == 1 else f"{name} {i + 1}" for i, name in enumerate(names)]
    return (*repeated, *((MEAN,) if len(missiles) > 1 else ()))


def sensitivity_summary(sensitivity: Sensitivity) -> dict[str, Any]:
    """Return a footprint study's indices as one JSON object.

    Parameters
    ----------
    sensitivity : Sensitivity
        From :func:`footprint_sensitivity`.
    """
    study = sensitivity.study
    ranges = {one.name: one.range_m.value / 1e3 for one in study.defence.radar.ranges}
    return {
        "study": study.id,
        "study_sha256": study.sha256,
        "metric": "defended_fraction",
        "country": study.country,
        "land_grid": {"rows": sensitivity.cells, "columns": sensitivity.cells, "land_cells": sensitivity.land_cells},
        "radar_ranges": [{"name": name, "range_km": ranges.get(name)} for name in sensitivity.radar_ranges],
        **indices_summary(sensitivity.indices),
        "caveats": list(CAVEATS),
    }
