"""Studies run for claims: each at most once, and only when somebody asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from equipoise.analysis import NetworkResults, RaidResults, StudyResults, run_network, run_raid, run_study
from equipoise.analysis.balance import BalanceResults
from equipoise.analysis.footprint import Progress
from equipoise.analysis.proportion import ProportionResults, proportion
from equipoise.errors import InputError
from equipoise.study import AnyStudy, NetworkStudy, RaidStudy, Study, load_any_study, study_kind

R = TypeVar("R")
S = TypeVar("S", Study, NetworkStudy, RaidStudy)


class StudyRuns:
    """The results of studies by what names them: a bundled id or a path.

    Parameters
    ----------
    progress : callable, optional
        Called with what is being done and the share of that step that is done.
    """

    def __init__(self, progress: Progress | None = None) -> None:
        self._progress = progress
        self._kept: dict[tuple[str, str], Any] = {}

    def _once(self, how: str, study: str, work: Callable[[], R]) -> R:
        if (how, study) not in self._kept:
            self._kept[how, study] = work()
        found: R = self._kept[how, study]
        return found

    def study(self, study: str) -> AnyStudy:
        """Return a study as it was read."""
        return self._once("study", study, lambda: load_any_study(study))

    def _of_kind(self, study: str, kind: type[S]) -> S:
        loaded = self.study(study)
        if not isinstance(loaded, kind):
            raise InputError(f"study {study}, kind: got {study_kind(loaded)}; allowed: another for this number")
        return loaded

    def footprint(self, study: str) -> StudyResults:
        """Return the results of a footprint study."""
        return self._once("footprint", study, lambda: run_study(self._of_kind(study, Study), self._progress))

    def network(self, study: str) -> NetworkResults:
        """Return the results of a network study."""
        return self._once("network", study, lambda: run_network(self._of_kind(study, NetworkStudy), self._progress))

    def raid(self, study: str) -> RaidResults:
        """Return the results of a raid study, without Sobol indices."""
        return self._once("raid", study, lambda: run_raid(self._of_kind(study, RaidStudy), progress=self._progress))

    def proportion(self, study: str) -> ProportionResults:
        """Return what a footprint study's threats ask for, beside what its battery has."""
        return self._once("proportion", study, lambda: proportion(self._of_kind(study, Study), self._progress))

    def balance(self, study: str) -> BalanceResults:
        """Return the balance of a network study that has one."""
        found = self.network(study).balance
        if found is None:
            raise InputError(f"study {study}, balance: missing; allowed: a network study with a balance section")
        return found
