"""Studies run for claims: each at most once, and only when somebody asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from equipoise.analysis import NetworkResults, RaidResults, StudyResults, run_network, run_raid, run_study
from equipoise.analysis.balance import BalanceResults
from equipoise.analysis.footprint import Progress
from equipoise.analysis.proportion import ProportionResults, proportion
from equipoise.errors import InputError
from equipoise.study import (
    AnyStudy,
    NetworkStudy,
    RaidStudy,
    Study,
    load_any_study,
    load_network_study,
    load_raid_study,
    load_study,
)

R = TypeVar("R")


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

    def footprint(self, study: str) -> StudyResults:
        """Return the results of a footprint study."""

        def work() -> StudyResults:
            loaded: Study = load_study(study)
            return run_study(loaded, self._progress)

        return self._once("footprint", study, work)

    def network(self, study: str) -> NetworkResults:
        """Return the results of a network study."""

        def work() -> NetworkResults:
            loaded: NetworkStudy = load_network_study(study)
            return run_network(loaded, self._progress)

        return self._once("network", study, work)

    def raid(self, study: str) -> RaidResults:
        """Return the results of a raid study, without Sobol indices."""

        def work() -> RaidResults:
            loaded: RaidStudy = load_raid_study(study)
            return run_raid(loaded, progress=self._progress)

        return self._once("raid", study, work)

    def proportion(self, study: str) -> ProportionResults:
        """Return what a footprint study's threats ask for, beside what its battery has."""
        return self._once("proportion", study, lambda: proportion(load_study(study)))

    def balance(self, study: str) -> BalanceResults:
        """Return the balance of a network study that has one."""
        found = self.network(study).balance
        if found is None:
            raise InputError(f"study {study}, balance: missing; allowed: a network study with a balance section")
        return found
