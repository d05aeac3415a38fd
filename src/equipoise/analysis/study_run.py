"""A whole study worked out: footprints for every radar range, uncertainty, coverage and the example engagement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from equipoise.analysis.coverage import coverage
from equipoise.analysis.engagement import Engagement, engagement
from equipoise.analysis.footprint import Progress, fly_fans, footprint
from equipoise.analysis.land import Land
from equipoise.analysis.sensitivity import Sensitivity
from equipoise.analysis.summary import footprint_summary
from equipoise.analysis.uncertainty import Swing, footprint_uncertainty, fraction_quantiles, swings
from equipoise.study.model import Study

if TYPE_CHECKING:
    import xarray as xr


@dataclass(frozen=True)
class StudyResults:
    """What a study came to.

    Parameters
    ----------
    study : Study
        The study.
    footprints : mapping of str to xarray.Dataset
        By radar range; the study's central one first.
    summaries : mapping of str to dict
        What each footprint comes to, by radar range.
    uncertainty : xarray.Dataset or None
        Draws from the catalogue's ranges; None if the study asks for none.
    swings : tuple of Swing
        Which numbers of the defence move the answer, one at a time; empty if the study asks for no draws.
    coverage : xarray.Dataset
        What the radar sees.
    engagement : Engagement
        The example.
    sensitivity : Sensitivity, optional
        Sobol indices of the defended share, where somebody has had them worked out; :func:`run_study` does not.
    """

    study: Study
    footprints: Mapping[str, xr.Dataset]
    summaries: Mapping[str, dict[str, Any]]
    uncertainty: xr.Dataset | None
    swings: tuple[Swing, ...]
    coverage: xr.Dataset
    engagement: Engagement
    sensitivity: Sensitivity | None = None

    @property
    def central(self) -> xr.Dataset:
        """The footprint with the study's central radar range."""
        return self.footprints[self.study.defence.radar_range]

    @property
    def summary(self) -> dict[str, Any]:
        """What the central footprint comes to."""
        return self.summaries[self.study.defence.radar_range]


def summarise(study: Study, dataset: xr.Dataset, uncertainty: xr.Dataset | None) -> dict[str, Any]:
    """Return the summary of the central footprint, with the spread over the draws where there are any."""
    summary = footprint_summary(dataset, study)
    if uncertainty is not None:
        quantiles = fraction_quantiles(uncertainty)
        summary["uncertainty"] = {
            "draws": int(uncertainty.attrs["draws"]),
            "seed": int(uncertainty.attrs["seed"]),
            "drawn": "interceptor, battery and radar records, missile cross-sections, direction of the radar",
        }
        for threat in summary["threats"]:
            threat.update(quantiles[threat["missile"]])
    return summary


def run_study(study: Study, progress: Progress | None = None) -> StudyResults:
    """Work out a whole study.

    Parameters
    ----------
    study : Study
        From :func:`equipoise.study.load_study`.
    progress : callable, optional
        Called with what is being done and the share of that step that is done.

    Returns
    -------
    StudyResults
        The threats are flown once; each radar range only engages them anew.
    """
    # First, as a target out of reach shows here at once.
    example = engagement(study)
    fans = fly_fans(study, progress=progress)
    central = study.defence.radar_range
    names = [central, *(name for name in study.radar_ranges if name != central)]
    footprints = {name: footprint(study, name, fans=fans, progress=progress) for name in names}
    drawn: xr.Dataset | None = None
    moved: tuple[Swing, ...] = ()
    if study.uncertainty.draws:
        land = Land.of(study)
        drawn = footprint_uncertainty(study, land=land, progress=progress)
        moved = swings(study, land=land, progress=progress)
    summaries = {
        name: summarise(study, dataset, drawn if name == central else None) for name, dataset in footprints.items()
    }
    return StudyResults(
        study=study,
        footprints=footprints,
        summaries=summaries,
        uncertainty=drawn,
        swings=moved,
        coverage=coverage(study),
        engagement=example,
    )
