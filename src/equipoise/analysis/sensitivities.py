"""Which disputed number moves a study's answer, whatever its kind."""

from __future__ import annotations

from typing import Any

from equipoise.analysis.footprint import Progress
from equipoise.analysis.raid_sensitivity import SAMPLES as RAID_SAMPLES
from equipoise.analysis.raid_sensitivity import RaidSensitivity, raid_sensitivity, raid_sensitivity_summary
from equipoise.analysis.sensitivity import SAMPLES, Sensitivity, footprint_sensitivity, sensitivity_summary
from equipoise.errors import InputError
from equipoise.study.network_model import NetworkStudy
from equipoise.study.raid_model import RaidStudy
from equipoise.study.reading import AnyStudy


def sensitivity_of(
    study: AnyStudy, *, samples: int | None = None, seed: int | None = None, progress: Progress | None = None
) -> Sensitivity | RaidSensitivity:
    """Work out the Sobol indices of a footprint study's defended share, or of a raid study's outcome.

    Parameters
    ----------
    study : Study or RaidStudy
        The study.
    samples : int, optional
        Base points, a power of two; 512 for a footprint and 128 for a raid by default.
    seed : int, optional
        Of sample and bootstrap; by default the study's own.
    progress : callable, optional
        Called with what is being done and the share that is done.

    Raises
    ------
    InputError
        If the study is of another kind, ``samples`` is not allowed, or nothing is uncertain.
    """
    if isinstance(study, NetworkStudy):
        raise InputError(f"study {study.id}, kind: got network; allowed: footprint, raid")
    if isinstance(study, RaidStudy):
        points = RAID_SAMPLES if samples is None else samples
        return raid_sensitivity(study, samples=points, seed=seed, progress=progress)
    points = SAMPLES if samples is None else samples
    return footprint_sensitivity(study, samples=points, seed=seed, progress=progress)


def summary_of(sensitivity: Sensitivity | RaidSensitivity) -> dict[str, Any]:
    """Return the indices as one JSON object."""
    if isinstance(sensitivity, RaidSensitivity):
        return raid_sensitivity_summary(sensitivity)
    return sensitivity_summary(sensitivity)
