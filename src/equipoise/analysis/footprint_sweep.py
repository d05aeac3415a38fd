"""A sweep of a footprint study: the defended shares over a grid of the defence's numbers."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from equipoise.analysis.footprint_panel import footprint_panel
from equipoise.analysis.land import Land
from equipoise.analysis.regions import country_area_km2
from equipoise.analysis.subject import Columns
from equipoise.analysis.sweep_grid import Curve, Grid, values_at, varied_fields
from equipoise.analysis.varied import read_varied
from equipoise.arrays import FloatArray
from equipoise.errors import InputError
from equipoise.study.model import Study
from equipoise.study.reading import study_from_text


@dataclass(frozen=True)
class FootprintSweep(Grid):
    """Shares of the land that a battery defends, over a grid of its numbers.

    Parameters
    ----------
    text, name, varied
        See :class:`~equipoise.analysis.sweep_grid.Grid`.

    Notes
    -----
    Aim points are the coarse grid of the uncertainty draws (:class:`equipoise.analysis.land.Land`): a share differs
    from that of the footprint's own grid by the cells that the edge crosses. Each process flies the threats once.
    Without a threat's name in a column, a point counts as met if each threat that reaches it is met.
    """

    @classmethod
    def of(cls, study: Study, vary: Sequence[str]) -> FootprintSweep:
        """Read what is to be varied; errors are those of :func:`equipoise.analysis.varied.read_varied`."""
        if not vary:
            raise InputError("--vary: missing; a footprint has no chance in it, so a sweep of it varies something")
        return cls(study.text, study.id, read_varied(footprint_panel(study), vary))

    @property
    def key(self) -> str:
        """SHA-256 of study and grid; the catalogue is part of the code."""
        return self.digest("footprint")

    @property
    def about(self) -> Mapping[str, Any]:
        """Study and grid, for ``results.json``."""
        study = _study(self.text, self.name)
        return {
            "kind": "footprint",
            "study": study.id,
            "study_sha256": study.sha256,
            "country": study.country,
            "vary": varied_fields(self.varied),
        }

    @property
    def title(self) -> str:
        """Of the study."""
        return _study(self.text, self.name).title

    @property
    def runs(self) -> int:
        """One: nothing is random."""
        return 1

    @property
    def added(self) -> bool:
        """No: each point is a row."""
        return False

    @property
    def curves(self) -> tuple[Curve, ...]:
        """The defended share of the land against each threat."""
        study = _study(self.text, self.name)
        names = [threat.missile.name for threat in study.threats]
        labels = [
            name if names.count(name) == 1 else f"{name}, {threat.trajectory}"
            for name, threat in zip(names, study.threats, strict=True)
        ]
        return tuple(
            Curve(f"defended_fraction_{suffix}", label, "defended share of the land, %", 100.0, 0.0, 100.0)
            for suffix, label in zip(_suffixes(study), labels, strict=True)
        )

    def prepare(self) -> None:
        """Fly the threats."""
        _land(self.text, self.name)

    def finished(self, columns: Columns) -> Columns:
        """Return the rows as they are."""
        return columns

    def work(self, point: int, start: int, stop: int) -> Columns:
        """Engage every aim point with the defence of one point of the grid."""
        land = _land(self.text, self.name)
        study = land.study
        score = land.score(footprint_panel(study).at(values_at(self.varied, point)))
        every = (score.met | ~score.reached).all(axis=0) & score.reached.any(axis=0)
        found: dict[str, npt.NDArray[Any]] = {}
        for suffix, met in (("", every), *zip(_suffixes(study), score.met, strict=True)):
            tail = f"_{suffix}" if suffix else ""
            share = _share(met, land.weights)
            found[f"defended_fraction{tail}"] = np.array([share])
            found[f"defended_land_area{tail}_km2"] = np.array([share * country_area_km2(study.country)])
            found[f"places_defended{tail}"] = np.array([np.count_nonzero(met[len(land.weights) :])])
        return found


def _share(met: npt.NDArray[np.bool_], weights: FloatArray) -> float:
    """Return the share of the land that is met, rounded once: no order of adding up can change a bit of it."""
    return math.fsum(weights[met[: len(weights)]])


def _suffixes(study: Study) -> list[str]:
    """Return how the columns of each threat end: the missile's id, and a number from the second of its threats on."""
    suffixes: list[str] = []
    for threat in study.threats:
        name = threat.missile.id.replace("-", "_")
        same = sum(one == name or (one.startswith(f"{name}_") and one[len(name) + 1 :].isdigit()) for one in suffixes)
        suffixes.append(f"{name}_{same + 1}" if same else name)
    return suffixes


@lru_cache(maxsize=2)
def _study(text: str, name: str) -> Study:
    study = study_from_text(text, name, Path(name))
    if not isinstance(study, Study):
        raise InputError(f"study {study.id}, kind: allowed for a footprint sweep: footprint")
    return study


@lru_cache(maxsize=2)
def _land(text: str, name: str) -> Land:
    return Land.of(_study(text, name))
