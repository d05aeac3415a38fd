"""What a network study came to: each sensor by itself, the variants of the network, worth, and the example."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from equipoise.analysis.arc_engagement import ArcEngagements
from equipoise.analysis.arcs import ArcCase, Arcs
from equipoise.analysis.network import Outcome
from equipoise.sensors.timeline import Timeline
from equipoise.sensors.tracking import TrackBound
from equipoise.study.network_model import NetworkStudy, Variant

if TYPE_CHECKING:
    import xarray as xr

    from equipoise.analysis.balance import BalanceResults

WARNING, TRACKED, SEEN, DEFENDED = "warning_s", "tracked_s", "arcs_seen", "defended_area_km2"
WINDOW = "firing_window_s"


@dataclass(frozen=True)
class Band:
    """A number with what it is at both ends of the cross-sections and of the launch warning's bands."""

    low: float
    value: float
    high: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Band:
        """Build it from the results at low, central and high inputs; the ends are the least and the most of them."""
        return cls(min(values), values[1], max(values))


@dataclass(frozen=True)
class Defended:
    """What a battery defends against one missile: land from which it is met, whatever launch area it comes from."""

    shooter: str
    missile: str
    land_km2: float
    defended_area_km2: Band


@dataclass(frozen=True)
class BatteryLand:
    """Where a battery defends land with the whole network.

    Parameters
    ----------
    shooter : str
        Its id.
    margin_s : xarray.DataArray
        On (bound, threat, lat, lon): the least margin over the launch areas, above zero where a cell is defended; nan
        off the land and where no launch area reaches. [s]
    """

    shooter: str
    margin_s: xr.DataArray


@dataclass(frozen=True)
class VariantResult:
    """What one variant of the network comes to.

    Parameters
    ----------
    variant : Variant
        Its cuts.
    metrics : mapping
        By heading of arcs (the empty text stands for all): the metrics with their bands, averaged over arcs.
    defended : tuple of Defended
        By battery and missile.
    """

    variant: Variant
    metrics: Mapping[str, Mapping[str, Band]]
    defended: tuple[Defended, ...]


@dataclass(frozen=True)
class ElementShare:
    """What one element is worth by one metric: the value without it, what is lost, and its Shapley share."""

    element: str
    without: Band
    lost: Band
    shapley: Band


@dataclass(frozen=True)
class MetricWorth:
    """The worth of the whole by one metric, and how it divides among the elements.

    ``metric`` is one of the metrics; for a defended area or a firing window ``shooter`` says whose.
    """

    metric: str
    shooter: str
    whole: Band
    none: Band
    shares: tuple[ElementShare, ...]

    def share_of(self, element: str) -> ElementShare | None:
        """Return the share of one element; None if it is none of the elements."""
        return next((share for share in self.shares if share.element == element), None)


@dataclass(frozen=True)
class SensorTimeline:
    """One sensor's view of the example: its stretches, and when it has a firm track alone and in the network [s]."""

    sensor: str
    name: str
    seen: tuple[Timeline, ...]
    firm_alone_s: float | None
    firm_s: float | None
    cued_by: str | None
    bound: TrackBound | None


@dataclass(frozen=True)
class NetworkExample:
    """The example arc in full.

    Parameters
    ----------
    case : ArcCase
        The arc.
    rows : tuple of SensorTimeline
        The sensors.
    warning_s : float or None
        When launch warning is given. [s]
    joined : TrackBound or None
        The bound with the looks of every sensor whose accuracy is known; None if they never determine the state.
    intercept_time_s : float
        The moment whose predicted position the bounds give. [s]
    """

    case: ArcCase
    rows: tuple[SensorTimeline, ...]
    warning_s: float | None
    joined: TrackBound | None
    intercept_time_s: float


@dataclass(frozen=True)
class NetworkResults:
    """What a network study came to.

    Parameters
    ----------
    study : NetworkStudy
        The study.
    arcs : Arcs
        What was flown, and what is out of reach.
    views : xarray.Dataset
        Each sensor by itself, on (arc, sensor).
    alternatives : xarray.Dataset
        The ways to take the focus, on (arc, alternative).
    outcome : Outcome
        Of the whole network, at central values.
    variants : tuple of VariantResult
        The whole network first.
    worth : tuple of MetricWorth
        What each element is worth; empty if the study names none.
    coverage, cut : xarray.Dataset
        Of the focus, with each published range.
    example : NetworkExample
        The example.
    lands : tuple of BatteryLand
        Where each battery defends land, with the whole network.
    engagements : tuple of ArcEngagements
        What the study's batteries reach of the arcs; empty if it asks about none.
    balance : BalanceResults or None
        Forces against the batteries; None if the study asks for none.
    """

    study: NetworkStudy
    arcs: Arcs
    views: xr.Dataset
    alternatives: xr.Dataset
    outcome: Outcome
    variants: tuple[VariantResult, ...]
    worth: tuple[MetricWorth, ...]
    coverage: xr.Dataset
    cut: xr.Dataset
    example: NetworkExample
    lands: tuple[BatteryLand, ...] = ()
    engagements: tuple[ArcEngagements, ...] = ()
    balance: BalanceResults | None = None
