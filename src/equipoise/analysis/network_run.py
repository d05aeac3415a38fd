"""A network study worked out: what each sensor sees, what joining them brings, and the example in full."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from equipoise.analysis.arc_engagement import ArcShooter
from equipoise.analysis.arcs import ArcCase, Arcs, fly_arcs
from equipoise.analysis.balance_run import balance_of
from equipoise.analysis.coverage import RangeViews, slices
from equipoise.analysis.footprint import Progress
from equipoise.analysis.network import Watchers, worth
from equipoise.analysis.network_results import (
    DEFENDED,
    SEEN,
    TRACKED,
    WARNING,
    WINDOW,
    Band,
    BatteryLand,
    Defended,
    ElementShare,
    MetricWorth,
    NetworkExample,
    NetworkResults,
    SensorTimeline,
    VariantResult,
)
from equipoise.analysis.shooting import Shooter, ShooterLand
from equipoise.analysis.vertical_cut import cut_through
from equipoise.analysis.views import sensor_views
from equipoise.physics.earth_kernels import ecef_to_geodetic
from equipoise.sensors.accuracy import Accuracy, Tracker
from equipoise.sensors.handover import Bound
from equipoise.sensors.signature import Signature
from equipoise.sensors.station import Station
from equipoise.sensors.timeline import timeline
from equipoise.sensors.tracking import TrackBound, track_bound
from equipoise.study.network_model import WHOLE, NetworkSpec, NetworkStudy, SensorPlacement, Variant

BOUNDS: tuple[Bound, ...] = ("low", "value", "high")
# A predicted intercept point is one where the missile comes back into the air.
INTERCEPT_ALTITUDE_M = 100e3


def run_network(study: NetworkStudy, progress: Progress | None = None) -> NetworkResults:
    """Work out a whole network study.

    Parameters
    ----------
    study : NetworkStudy
        From :func:`equipoise.study.load_network_study`.
    progress : callable, optional
        Called with what is being done and the share of that step that is done.

    Returns
    -------
    NetworkResults
        Arcs are flown once; each sensor, variant and combination of elements looks at them anew.

    Raises
    ------
    UnreachableError
        If not one arc of a heading, or not the example, is in its missile's reach.
    InputError
        If a sensor looks nowhere.
    """
    say = progress if progress is not None else lambda _words, _share: None
    stations = tuple(Station.of(sensor) for sensor in study.sensors)
    others = tuple(Station.of(alternative.sensor) for alternative in study.alternatives)
    arcs = fly_arcs(study, progress)
    arcs.index_of(study.example)
    say("looking at the arcs", 0.0)
    views = sensor_views(stations, arcs)
    ways = sensor_views(others, arcs, "alternative").assign_coords(alternative=[one.id for one in study.alternatives])
    watchers = {bound: Watchers(stations, arcs.table(bound), study.network, bound) for bound in BOUNDS}
    shooters = _shooters(study, stations, progress)
    asked = tuple(ArcShooter(item, arcs, f"study {study.id}, engage[{i}]") for i, item in enumerate(study.engage))
    variants, shares = _variants_and_worth(study, arcs, watchers, shooters, asked, say)
    say("covering the sky", 1.0)
    ranges = range_views(study.sensor(study.focus))
    cut = study.cut
    engagements = tuple(one.engagements(study.network, watchers) for one in asked)
    balance = None if study.balance is None else balance_of(study, arcs, engagements, progress=progress)
    return NetworkResults(
        study=study,
        arcs=arcs,
        views=views,
        alternatives=ways,
        outcome=watchers["value"].outcome(),
        variants=variants,
        worth=shares,
        coverage=slices(ranges, study.coverage_altitudes_m),
        cut=cut_through(ranges, cut.az_rad, ground_range_m=cut.ground_range_m, top_m=cut.top_m),
        example=_example(study, arcs, stations, watchers["value"]),
        lands=tuple(_battery_land(id, by_bound, variants[0].variant) for id, by_bound in shooters.items()),
        engagements=engagements,
        balance=balance,
    )


def range_views(sensor: SensorPlacement) -> RangeViews:
    """Return a sensor in its place with each of its radar's published ranges; the first of several sectors."""
    stations = [Station.of(replace(sensor, radar_range=one.name)) for one in sensor.radar.ranges]
    watch = stations[0].watches[0]
    radars = [station.watches[0].radar for station in stations]
    return RangeViews.of_radars(
        sensor.radar, watch.site, watch.boresight_rad, radars, field_of_view=sensor.field_of_view
    )


def _shooters(
    study: NetworkStudy, stations: Sequence[Station], progress: Progress | None
) -> dict[str, dict[Bound, Shooter]]:
    if study.network is None:
        return {}
    found: dict[str, dict[Bound, Shooter]] = {}
    for i, placement in enumerate(study.network.shooters):
        land = ShooterLand.of(placement, f"study {study.id}, network.shooters[{i}].threats", progress)
        found[placement.id] = {bound: Shooter(land, stations, study.network, bound) for bound in BOUNDS}
    return found


def arc_metrics(watchers: Watchers, variant: Variant | None, groups: Sequence[str]) -> dict[str, dict[str, float]]:
    """Return the metrics of one variant by heading of arcs; the empty text stands for all.

    Warning counts from the first firm track of the falling missile at the command node that counts to the impact, zero
    where there is none; tracking is the time in which at least one reporting sensor has the arc in view after its track
    is firm. Both are averages over arcs; the third is the share of arcs with such a track before they come down.
    """
    outcome = watchers.outcome(variant)
    impact_s = watchers.table.times_s[:, 1]
    warning_s = np.maximum(impact_s - outcome.reported_s, 0.0)
    tracked_s = watchers.tracked_s(outcome)
    of = np.array(groups)
    found = {}
    for group in ("", *dict.fromkeys(groups)):
        mine = np.ones(len(of), dtype=bool) if not group else of == group
        found[group] = {
            WARNING: float(warning_s[mine].mean()),
            TRACKED: float(tracked_s[mine].mean()),
            SEEN: float((warning_s[mine] > 0.0).mean()),
        }
    return found


def _variants_and_worth(
    study: NetworkStudy,
    arcs: Arcs,
    watchers: Mapping[Bound, Watchers],
    shooters: Mapping[str, Mapping[Bound, Shooter]],
    asked: Sequence[ArcShooter],
    say: Callable[[str, float], None],
) -> tuple[tuple[VariantResult, ...], tuple[MetricWorth, ...]]:
    groups = [case.group for case in arcs.cases]
    spec = study.network
    whole = Variant(WHOLE, "every sensor by itself, every track at hand at once", frozenset(), frozenset())
    variants = (whole,) if spec is None else spec.variants
    results = []
    for number, variant in enumerate(variants):
        say(f"joining the sensors: {variant.title}", number / len(variants))
        each = [arc_metrics(watchers[bound], variant, groups) for bound in BOUNDS]
        metrics = {
            group: {name: Band.of([one[group][name] for one in each]) for name in each[0][group]} for group in each[0]
        }
        results.append(VariantResult(variant, metrics, _defended(shooters, variant)))
    if spec is None or not spec.elements:
        return tuple(results), ()
    return tuple(results), _worth(spec, watchers, shooters, asked, groups, say)


def _defended(shooters: Mapping[str, Mapping[Bound, Shooter]], variant: Variant) -> tuple[Defended, ...]:
    found = []
    for id, by_bound in shooters.items():
        areas = [by_bound[bound].defended_km2(variant) for bound in BOUNDS]
        land = by_bound["value"].land
        for i, threat in enumerate(land.placement.threats):
            band = Band.of([float(area[i]) for area in areas])
            found.append(Defended(id, threat.missile.id, float(land.land_km2.sum()), band))
    return tuple(found)


def _battery_land(id: str, by_bound: Mapping[Bound, Shooter], variant: Variant) -> BatteryLand:
    import xarray as xr  # takes longer to load than a flight test takes to fly

    land = by_bound["value"].land
    threats = land.placement.threats
    margin_s = np.full((len(BOUNDS), len(threats), len(land.lat_deg), len(land.lon_deg)), np.nan)
    for i, bound in enumerate(BOUNDS):
        margin_s[i][:, land.rows, land.columns] = by_bound[bound].margins_s(variant)
    coordinates = {
        "bound": list(BOUNDS),
        "threat": [threat.missile.id for threat in threats],
        "lat_deg": ("lat", land.lat_deg),
        "lon_deg": ("lon", land.lon_deg),
    }
    return BatteryLand(id, xr.DataArray(margin_s, dims=("bound", "threat", "lat", "lon"), coords=coordinates))


def combination(spec: NetworkSpec, chosen: frozenset[str]) -> Variant:
    """Return the network with only the chosen ones of its elements, and all that is no element."""
    missing = frozenset(spec.elements) - chosen
    links = frozenset(link.id for link in spec.links if link.id)
    return Variant("combination", "", missing & links, missing - links)


def _worth(
    spec: NetworkSpec,
    watchers: Mapping[Bound, Watchers],
    shooters: Mapping[str, Mapping[Bound, Shooter]],
    asked: Sequence[ArcShooter],
    groups: Sequence[str],
    say: Callable[[str, float], None],
) -> tuple[MetricWorth, ...]:
    total = 2 ** len(spec.elements) * len(BOUNDS)
    done = 0

    def value(chosen: frozenset[str], bound: Bound) -> dict[str, float]:
        nonlocal done
        say("dividing the worth among the elements", done / total)
        done += 1
        variant = combination(spec, chosen)
        found = arc_metrics(watchers[bound], variant, groups)[""]
        for id, by_bound in shooters.items():
            found[f"{DEFENDED}/{id}"] = float(by_bound[bound].defended_km2(variant).mean())
        for one in asked:
            found[f"{WINDOW}/{one.item.id}"] = one.mean_window_s(spec, watchers[bound], variant)
        return found

    each = [worth(spec.elements, lambda chosen, bound=bound: value(chosen, bound)) for bound in BOUNDS]  # type: ignore[misc]
    found = []
    for ends in zip(*each, strict=True):
        metric, _, shooter = ends[1].metric.partition("/")
        shares = tuple(
            ElementShare(
                element,
                Band.of([end.shares[i].without for end in ends]),
                Band.of([end.shares[i].lost for end in ends]),
                Band.of([end.shares[i].shapley for end in ends]),
            )
            for i, element in enumerate(spec.elements)
        )
        whole, none = Band.of([end.whole for end in ends]), Band.of([end.none for end in ends])
        found.append(MetricWorth(metric, shooter, whole, none, shares))
    return tuple(found)


def _example(study: NetworkStudy, arcs: Arcs, stations: Sequence[Station], watchers: Watchers) -> NetworkExample:
    index = arcs.index_of(study.example)
    case = arcs.cases[index]
    signature = Signature.from_record(case.missile)
    outcome = watchers.outcome()
    alone = watchers.firm_alone_s()
    intercept_s = _comes_down_s(case)
    rows = []
    trackers = []
    for k, (sensor, station) in enumerate(zip(study.sensors, stations, strict=True)):
        seen = tuple(timeline(case.flown, watch, signature.in_band(station.rcs_ratio)) for watch in station.watches)
        tracker = _tracker(sensor, station)
        bound = None
        if tracker is not None and any(one.in_view_s > 0.0 for one in seen):
            trackers.append(tracker)
            bound = _bound(case, [tracker], intercept_s)
        giver = int(outcome.cued_by[k, index])
        rows.append(
            SensorTimeline(
                sensor=sensor.id,
                name=sensor.name,
                seen=seen,
                firm_alone_s=_finite(float(alone[k, index])),
                firm_s=_finite(float(outcome.firm_s[k, index])),
                cued_by=outcome.givers[giver] if giver >= 0 else None,
                bound=bound,
            )
        )
    warning = None if study.network is None else study.network.warning
    return NetworkExample(
        case=case,
        rows=tuple(rows),
        warning_s=None if warning is None else warning.record.delay_s.value,
        joined=_bound(case, trackers, intercept_s),
        intercept_time_s=intercept_s,
    )


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _tracker(sensor: SensorPlacement, station: Station) -> Tracker | None:
    """Return a sensor as one that tracks; None where its record does not say how well it measures."""
    if sensor.radar.hardware is None or sensor.radar.bandwidth_hz is None:
        return None
    watch = station.watches[0]
    return Tracker(watch.radar, station.site, watch.boresight_rad, Accuracy.from_record(sensor.radar))


def _bound(case: ArcCase, trackers: Sequence[Tracker], intercept_s: float) -> TrackBound | None:
    """Return the bound of some radars' looks from the end of thrust on; None where they never determine the state."""
    if not trackers:
        return None
    bound = track_bound(case.flown, trackers, Signature.from_record(case.missile), intercept_time_s=intercept_s)
    return bound if bound.determined.any() else None


def _comes_down_s(case: ArcCase) -> float:
    """Return when the missile comes down through 100 km, or its apogee if it stays lower [s]."""
    flown = case.flown
    if flown.apogee_m <= INTERCEPT_ALTITUDE_M:
        return max(flown.apogee_time_s, flown.burnout.time_s)
    low_s, high_s = flown.apogee_time_s, flown.time_of_flight_s
    for _ in range(40):
        middle_s = 0.5 * (low_s + high_s)
        r_ecef_m, _ = flown.at(middle_s)
        if ecef_to_geodetic(*r_ecef_m)[2] > INTERCEPT_ALTITUDE_M:
            low_s = middle_s
        else:
            high_s = middle_s
    return low_s
