"""Sweeps: what a study comes to over a grid of its disputed numbers."""

from __future__ import annotations

from collections.abc import Sequence

from equipoise.analysis.footprint_sweep import FootprintSweep
from equipoise.analysis.raid_sweep import RaidSweep
from equipoise.analysis.sweep_grid import Sweep
from equipoise.errors import InputError
from equipoise.study.network_model import NetworkStudy
from equipoise.study.raid_model import RaidStudy
from equipoise.study.reading import AnyStudy


def sweep_of(study: AnyStudy, vary: Sequence[str], *, runs: int | None = None, seed: int | None = None) -> Sweep:
    """Return the sweep of a study over what is asked for on the command line.

    Parameters
    ----------
    study : Study or RaidStudy
        From :func:`equipoise.study.load_any_study`.
    vary : sequence of str
        ``KEY=LOW:HIGH:N`` or ``KEY=a,b,c``; see :func:`equipoise.analysis.varied.read_varied`. A raid study may be run
        without: an ensemble of one point.
    runs, seed : int, optional
        Of a raid study, at each point; its own if left out.

    Raises
    ------
    InputError
        If the study is of a kind that cannot be swept, or what is asked for is not allowed.
    """
    if isinstance(study, NetworkStudy):
        raise InputError(f"study {study.id}, kind: got network; allowed for a sweep: footprint, raid")
    if isinstance(study, RaidStudy):
        return RaidSweep.of(study, vary, runs, seed)
    for name, value in (("runs", runs), ("seed", seed)):
        if value is not None:
            raise InputError(f"--{name}: given, and study {study.id} has no chance in it; allowed: to leave it out")
    return FootprintSweep.of(study, vary)
