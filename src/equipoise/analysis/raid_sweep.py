"""A sweep of a raid study, or an ensemble of its runs: whole numbers of each point, added up over chunks of runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from equipoise.analysis.intervals import Estimate, mean, share
from equipoise.analysis.raid import Raid, RaidField, counts_of_size
from equipoise.analysis.raid_panel import raid_panel
from equipoise.analysis.subject import Columns
from equipoise.analysis.sweep_grid import Curve, Grid, values_at, varied_fields
from equipoise.analysis.varied import Varied, read_varied
from equipoise.errors import InputError
from equipoise.study.raid_model import RaidStudy
from equipoise.study.reading import study_from_text


@dataclass(frozen=True)
class RaidSweep(Grid):
    """Runs of a raid over a grid of its numbers; without any, an ensemble of one point.

    Parameters
    ----------
    text, name, varied
        See :class:`~equipoise.analysis.sweep_grid.Grid`.
    runs : int
        Of each point.
    seed : int
        Of every draw: all points throw the same dice.
    """

    runs: int
    seed: int

    @classmethod
    def of(cls, study: RaidStudy, vary: Sequence[str], runs: int | None, seed: int | None) -> RaidSweep:
        """Read what is to be varied; errors are those of :func:`equipoise.analysis.varied.read_varied`."""
        return cls(
            study.text,
            study.id,
            read_varied(raid_panel(study), vary) if vary else (),
            study.chance.runs if runs is None else runs,
            study.chance.seed if seed is None else seed,
        )

    @property
    def key(self) -> str:
        """SHA-256 of study, grid, runs and seed; the catalogue is part of the code."""
        return self.digest("raid", self.runs, self.seed)

    @property
    def about(self) -> Mapping[str, Any]:
        """Study, grid, runs and seed, for ``results.json``."""
        study = _study(self.text, self.name)
        return {
            "kind": "raid",
            "study": study.id,
            "study_sha256": study.sha256,
            "runs": self.runs,
            "seed": self.seed,
            "vary": varied_fields(self.varied),
        }

    @property
    def title(self) -> str:
        """Of the study."""
        return _study(self.text, self.name).title

    @property
    def added(self) -> bool:
        """Yes: the runs of a point are counted."""
        return True

    @property
    def curves(self) -> tuple[Curve, ...]:
        """Leaked share, and the probability that each layer launches its last round."""
        study = _study(self.text, self.name)
        axis = "share or probability, %"
        return (
            Curve("leaked_share", "missiles that leak", axis, 100.0, 0.0, 100.0),
            Curve("no_leaker_probability", "raids without a leaker", axis, 100.0, 0.0, 100.0),
            *(
                Curve(f"exhausted_probability_{_word(layer.id)}", f"{layer.id} spends all", axis, 100.0, 0.0, 100.0)
                for layer in study.layers
            ),
        )

    def prepare(self) -> None:
        """Fly the missiles."""
        _field(self.text, self.name)

    def work(self, point: int, start: int, stop: int) -> Columns:
        """Run the raid of one point and count."""
        raid = _raid(self.text, self.name, self.varied, point)
        counts = raid.run(stop - start, self.seed, first_run=start)
        leakers = np.arange(len(counts.leakers))
        found: dict[str, npt.NDArray[Any]] = {
            "runs": counts.runs,
            "leakers": counts.leakers @ leakers,
            "leakers_squared": counts.leakers @ leakers**2,
            "runs_without_leaker": counts.leakers[0],
        }
        for i, target in enumerate(raid.study.targets):
            found[f"leakers_{_word(target.id)}"] = counts.target_leakers[i]
            found[f"runs_with_leaker_{_word(target.id)}"] = counts.target_hit[i]
        for i, (layer, magazine) in enumerate(zip(raid.study.layers, raid.magazine, strict=True)):
            rounds = np.arange(counts.spent.shape[1])
            found[f"spent_{_word(layer.id)}"] = counts.spent[i] @ rounds
            found[f"spent_squared_{_word(layer.id)}"] = counts.spent[i] @ rounds**2
            found[f"runs_exhausted_{_word(layer.id)}"] = counts.spent[i, magazine]
            found[f"killed_{_word(layer.id)}"] = counts.killed[i]
        return {name: np.asarray(values) for name, values in found.items()}

    def finished(self, columns: Columns) -> Columns:
        """Return the counts with what follows from them: means and probabilities, and their 95 % intervals."""
        study = _study(self.text, self.name)
        rows = range(len(columns["runs"]))
        runs = [int(value) for value in columns["runs"]]
        missiles = self._missiles(columns)
        leaked = [
            mean(float(columns["leakers"][i]), float(columns["leakers_squared"][i]), runs[i]).scaled(1.0 / missiles[i])
            for i in rows
        ]
        found: dict[str, npt.NDArray[Any]] = {**columns, "missiles": np.array(missiles)}
        _put(found, "leaked_share", leaked)
        _put(found, "no_leaker_probability", [share(int(columns["runs_without_leaker"][i]), runs[i]) for i in rows])
        for layer in study.layers:
            word = _word(layer.id)
            spent, squared = columns[f"spent_{word}"], columns[f"spent_squared_{word}"]
            _put(found, f"spent_mean_{word}", [mean(float(spent[i]), float(squared[i]), runs[i]) for i in rows])
            exhausted = columns[f"runs_exhausted_{word}"]
            _put(found, f"exhausted_probability_{word}", [share(int(exhausted[i]), runs[i]) for i in rows])
        return found

    def _missiles(self, columns: Columns) -> list[int]:
        study = _study(self.text, self.name)
        if any(one.key == "missiles" for one in self.varied):
            return [round(float(size)) for size in columns["missiles"]]
        return [sum(counts_of_size(study))] * len(columns["runs"])


def _put(found: dict[str, npt.NDArray[Any]], name: str, estimates: list[Estimate]) -> None:
    found[name] = np.array([one.value for one in estimates])
    found[f"{name}_low"] = np.array([one.low for one in estimates])
    found[f"{name}_high"] = np.array([one.high for one in estimates])


def _word(id: str) -> str:
    return id.replace("-", "_")


@lru_cache(maxsize=2)
def _study(text: str, name: str) -> RaidStudy:
    study = study_from_text(text, name, Path(name))
    if not isinstance(study, RaidStudy):
        raise InputError(f"study {study.id}, kind: allowed for a raid sweep: raid")
    return study


@lru_cache(maxsize=2)
def _field(text: str, name: str) -> RaidField:
    return RaidField.of(_study(text, name))


@lru_cache(maxsize=64)
def _raid(text: str, name: str, varied: tuple[Varied, ...], point: int) -> Raid:
    """Return the raid of a point: many chunks ask for one, and its windows take longer than their runs."""
    field = _field(text, name)
    case = raid_panel(field.study).at(values_at(varied, point)) if varied else raid_panel(field.study).central
    return Raid.of(field.study, field.windows(case.setting), case.setting, size=case.size)
