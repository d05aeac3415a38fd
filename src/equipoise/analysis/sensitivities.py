"""Which disputed number moves a study's answer, whatever its kind."""

from __future__ import annotations

from typing import Any

from equipoise.analysis import raid_sensitivity as rs
from equipoise.analysis import sensitivity as fs
from equipoise.analysis.footprint import Progress
from equipoise.errors import InputError
from equipoise.study.network_model import NetworkStudy
from equipoise.study.raid_model import RaidStudy
from equipoise.study.reading import AnyStudy


def sensitivity_of(
    study: AnyStudy, *, samples: int | None = None, seed: int | None = None, progress: Progress | None = None
) -> fs.Sensitivity | rs.RaidSensitivity:
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
        points = rs.SAMPLES if samples is None else samples
        return rs.raid_sensitivity(study, samples=points, seed=seed, progress=progress)
    points = fs.SAMPLES if samples is None else samples
    return fs.footprint_sensitivity(study, samples=points, seed=seed, progress=progress)


def summary_of(sensitivity: fs.Sensitivity | rs.RaidSensitivity) -> dict[str, Any]:
    """Return the indices as one JSON object."""
    if isinstance(sensitivity, rs.RaidSensitivity):
        return rs.raid_sensitivity_summary(sensitivity)
    return fs.sensitivity_summary(sensitivity)
