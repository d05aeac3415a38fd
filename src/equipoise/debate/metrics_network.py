"""Metrics of network studies: what is seen, what joining brings, what is within reach, what penetrates."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from equipoise.analysis.arc_engagement import BOUNDS, LIMITS, ArcEngagements, Limits
from equipoise.analysis.network_results import TRACKED, WARNING, Band, NetworkResults
from equipoise.analysis.network_summary import seen_by
from equipoise.debate.claims import Measure, MeasureRow
from equipoise.debate.metric_kinds import Setting
from equipoise.debate.runs import StudyRuns
from equipoise.study import NetworkStudy

_RADAR = ("the radar's published range, mode and direction", "the missiles' cross-sections")
_BAND = "What the ends of the missiles' cross-sections make of it, and of the launch warning's bands."
_REACH = ("the interceptor's burnout speed", "whether its published limits hold")
_GAINS = {"warning": WARNING, "track": TRACKED}


def _headings(study: NetworkStudy) -> Sequence[str]:
    return list(dict.fromkeys(group.name for group in study.groups))


def _variants(study: NetworkStudy) -> Sequence[str]:
    return [] if study.network is None else [one.id for one in study.network.variants]


def _shooters(study: NetworkStudy) -> Sequence[str]:
    return [] if study.network is None else [one.id for one in study.network.shooters]


def _land_missiles(study: NetworkStudy) -> Sequence[str]:
    shooters = () if study.network is None else study.network.shooters
    return list(dict.fromkeys(threat.missile.id for one in shooters for threat in one.threats))


def _forces(study: NetworkStudy) -> Sequence[str]:
    return [] if study.balance is None else [one.id for one in study.balance.forces]


def _elements(study: NetworkStudy) -> Sequence[str]:
    return [] if study.balance is None else [one.id for one in study.balance.elements]


WAYS = Setting("ways to take the focus; all of them if left out", lambda study: [one.id for one in study.alternatives],
               needed=False)  # fmt: skip
GROUPS = Setting("headings of arcs; all of them if left out", _headings, needed=False)
VARIANT = Setting("the variant of the network without the sensor", _variants)
VARIANT_OR_NOT = Setting("a variant of the network", _variants, needed=False)
GAIN = Setting("warning or track", lambda _study: list(_GAINS))
BATTERY = Setting("a battery of the engage section", lambda study: [one.id for one in study.engage])
SHOOTER = Setting("a battery that defends land", _shooters)
LAND_MISSILES = Setting("missile classes; all of them if left out", _land_missiles, needed=False)
FORCE = Setting("a force of the balance section", _forces)
ELEMENT = Setting("an element of the balance section", _elements)


def _listed(settings: Mapping[str, Any], name: str) -> list[str] | None:
    wanted = settings.get(name)
    if wanted is None:
        return None
    return [wanted] if isinstance(wanted, str) else list(wanted)


def _groups(settings: Mapping[str, Any]) -> list[str] | None:
    return _listed(settings, "groups")


def _command(study: str) -> str:
    return f"equipoise network {study} --json"


def _row(label: str, band: Band | Sequence[float]) -> MeasureRow:
    low, value, high = (band.low, band.value, band.high) if isinstance(band, Band) else band
    return MeasureRow(label, min(low, value, high), value, max(low, value, high))


def _ways(results: NetworkResults, settings: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    groups, ways = _groups(settings), _listed(settings, "ways")
    for one in results.study.alternatives:
        if ways is not None and one.id not in ways:
            continue
        yield one.title, seen_by(results.alternatives, "alternative", one.id, groups)


def arcs_in_view(runs: StudyRuns, study: str, settings: Mapping[str, Any]) -> Measure:
    """Return the share of arcs in view by each way to take the focus."""
    rows = tuple(
        _row(title, [seen[f"arcs_in_view{end}"] / seen["arcs"] for end in ("_low", "", "_high")])
        for title, seen in _ways(runs.network(study), settings)
    )
    return Measure("share", rows, _RADAR, _command(study), _BAND)


def time_in_view(runs: StudyRuns, study: str, settings: Mapping[str, Any]) -> Measure:
    """Return the mean seconds in view by each way to take the focus."""
    rows = tuple(
        _row(title, [seen[f"mean_in_view{end}_s"] for end in ("_low", "", "_high")])
        for title, seen in _ways(runs.network(study), settings)
    )
    return Measure("s", rows, _RADAR, _command(study), _BAND)


def network_gain(runs: StudyRuns, study: str, settings: Mapping[str, Any]) -> Measure:
    """Return what the network has more of with a sensor than without, joined and, where it is asked, not joined."""
    results = runs.network(study)
    by_id = {one.variant.id: one for one in results.variants}
    metric = _GAINS[str(settings["measure"])]
    without = by_id[str(settings["without"])].metrics[""][metric]
    named = [("joined to the network", results.variants[0])]
    if "unlinked" in settings:
        unlinked = by_id[str(settings["unlinked"])]
        named.append((unlinked.variant.title, unlinked))
    rows = []
    for label, variant in named:
        own = variant.metrics[""][metric]
        ends = [own.low - without.low, own.value - without.value, own.high - without.high]
        rows.append(_row(label, ends))
    decided = ("whether the sensor is joined to the network", *_RADAR)
    return Measure("s", tuple(rows), decided, _command(study), _BAND, "case")


def _engaged(results: NetworkResults, settings: Mapping[str, Any]) -> ArcEngagements:
    return next(one for one in results.engagements if one.battery.id == settings["battery"])


def _cases(found: ArcEngagements) -> Iterator[tuple[str, float, Limits]]:
    for speed_mps in found.battery.burnout_speeds_mps:
        for limits in LIMITS:
            words = "published limits" if limits == "published" else limits
            yield f"{speed_mps / 1e3:g} km/s, {words}", speed_mps, limits


def arcs_in_reach(runs: StudyRuns, study: str, settings: Mapping[str, Any]) -> Measure:
    """Return the share of arcs in reach if fired as the missile leaves, by burnout speed and limits."""
    found = _engaged(runs.network(study), settings)
    rows = []
    for label, speed_mps, limits in _cases(found):
        share = found.share("in_reach", groups=_groups(settings), speed_mps=speed_mps, limits=limits)
        rows.append(MeasureRow(label, share, share, share))
    note = "No interval: whether an arc passes within reach depends on neither radar nor warning."
    return Measure("share", tuple(rows), _REACH, _command(study), note)


def arcs_to_fire_at(runs: StudyRuns, study: str, settings: Mapping[str, Any]) -> Measure:
    """Return the share of arcs that can still be met on the network's tracks, by burnout speed and limits."""
    found = _engaged(runs.network(study), settings)
    variant = settings.get("variant")
    rows = []
    for label, speed_mps, limits in _cases(found):
        which: dict[str, Any] = {
            "groups": _groups(settings), "speed_mps": speed_mps, "limits": limits, "variant": variant
        }  # fmt: skip
        rows.append(_row(label, [found.share("can_fire", bound=bound, **which) for bound in BOUNDS]))
    decided = (*_REACH, "when a track is in the battery's hands", "the missiles' cross-sections")
    return Measure("share", tuple(rows), decided, _command(study), _BAND)


def window_gain(runs: StudyRuns, study: str, settings: Mapping[str, Any]) -> Measure:
    """Return what a battery's mean firing window has more of with a sensor than without."""
    found = _engaged(runs.network(study), settings)
    rows = []
    for limits in LIMITS:
        ends = []
        for bound in BOUNDS:
            which: dict[str, Any] = {"groups": _groups(settings), "limits": limits, "bound": bound}
            whole = found.values("firing_window_s", **which).mean()
            ends.append(float(whole - found.values("firing_window_s", variant=settings["without"], **which).mean()))
        rows.append(_row("published limits" if limits == "published" else limits, ends))
    decided = ("whether its published limits hold", "when a track is in the battery's hands", *_RADAR)
    return Measure("s", tuple(rows), decided, _command(study), _BAND, "case")


def land_defended(runs: StudyRuns, study: str, settings: Mapping[str, Any]) -> Measure:
    """Return the share of the land in reach that a battery of the network defends, by missile class."""
    results = runs.network(study)
    land = next(one for one in results.lands if one.shooter == settings["battery"])
    rows = []
    for missile in _listed(settings, "missiles") or [str(one) for one in land.margin_s["threat"].values]:
        own = land.margin_s.sel(threat=missile)
        # Cells by their width: they are equally high and wide in degrees. Nan is out of the missile's reach; minus
        # infinity is in its reach and never met.
        in_reach = ~np.isnan(own.values).all(axis=0)
        weight = np.cos(np.radians(own["lat_deg"].values))[:, None] * in_reach
        total = float(weight.sum())
        shares = [
            float((weight * (own.sel(bound=bound).values > 0.0)).sum()) / total if total else 0.0 for bound in BOUNDS
        ]
        rows.append(_row(results.study.catalog.missile(missile).name, shares))
    decided = ("the missile class", "whether its own radar must see the target", "the missiles' cross-sections")
    return Measure("share", tuple(rows), decided, _command(study), _BAND, "case")


def penetrating_change(runs: StudyRuns, study: str, settings: Mapping[str, Any]) -> Measure:
    """Return the share of arriving warheads by which an element lowers those that penetrate, by number and alert."""
    balance = runs.balance(study)
    force, element = str(settings["force"]), str(settings["element"])
    rows = []
    for one in balance.spec.force(force).counts:
        size = one.warheads.value
        for alert in balance.spec.alert_rates:
            band = balance.change(force, element, arsenal_size=size, alert_rate=alert)
            rows.append(_row(f"{one.label}: {size:,.0f} warheads, {100 * alert:.0f} % of them fired", band))
    decided = (
        "how many warheads there are, and how many of them are ready",
        "kill and track probabilities of the interceptors",
        "which arcs the interceptors reach",
    )
    note = "5 to 95 per cent of draws from the sourced ranges: what is not known. Dice are left out."
    return Measure("share", tuple(rows), decided, f"equipoise balance {study} --json", note)
