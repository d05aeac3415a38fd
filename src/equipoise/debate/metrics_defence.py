"""Metrics of footprint and raid studies: land and places, proportion, what leaks, and the radar's neighbours."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from equipoise.analysis.near_radar import near_radar
from equipoise.analysis.proportion import ClassNeeds
from equipoise.analysis.raid_answers import leaked_share as leaked
from equipoise.arrays import FloatArray
from equipoise.debate.claims import Measure, MeasureRow
from equipoise.debate.metric_kinds import Setting
from equipoise.debate.runs import StudyRuns
from equipoise.study import Study

_OUT_OF_REACH_S = 0.0


def _missiles(study: Study) -> Sequence[str]:
    return list(dict.fromkeys(threat.missile.id for threat in study.threats))


MISSILE = Setting("a missile of the study", _missiles)
MISSILE_OR_NOT = Setting("a missile of the study", _missiles, needed=False)
PLACE = Setting("a place of the study", lambda study: [place.id for place in study.places])
DISTANCE = Setting("along the ground [m]", low=10.0, high=50e3)


def _range_label(study: Study, name: str) -> str:
    for one in study.defence.radar.ranges:
        if one.name == name:
            return f"{one.range_m.written:,.0f} {one.range_m.unit}: {one.label}"
    return "range equation"


def land_defended(runs: StudyRuns, study: str, settings: Mapping[str, Any]) -> Measure:
    """Return the defended share of the land by published range of the radar."""
    results = runs.footprint(study)
    rows = []
    for name, summary in results.summaries.items():
        threat = next(one for one in summary["threats"] if one["missile"] == settings["missile"])
        value = float(threat["defended_fraction"])
        low, high = (float(threat.get(f"defended_fraction_{end}", value)) for end in ("p05", "p95"))
        rows.append(MeasureRow(_range_label(results.study, name), min(low, value), value, max(high, value)))
    note = (
        "With the study's own range: 5 to 95 per cent of draws from the ranges of every number of the defence. With "
        "the others the middle alone."
    )
    decided = ("the radar's published range", *_moving(results, settings["missile"]))
    return Measure("share", tuple(rows), decided, f"equipoise footprint {study} --json", note)


def _moving(results: Any, missile: str) -> tuple[str, ...]:
    """Return the three numbers of the defence that move a missile's share of the land most, one at a time."""
    i = [threat.missile.id for threat in results.study.threats].index(missile)
    moves = [(abs(one.fraction_high[i] - one.fraction_low[i]), one) for one in results.swings]
    ranked = sorted((pair for pair in moves if pair[0] > 0.0), key=lambda pair: -pair[0])
    return tuple(f"{one.owner}: {one.quantity}" for _, one in ranked[:3])


def place_margin(runs: StudyRuns, study: str, settings: Mapping[str, Any]) -> Measure:
    """Return the least margin of a place against a missile by published range of the radar."""
    results = runs.footprint(study)
    rows = []
    for name, dataset in results.footprints.items():
        own = dataset.isel(case=dataset["missile"].values == settings["missile"]).sel(place=settings["place"])
        margins_s = own["place_margin_s"].values[np.asarray(own["place_threatened"].values, dtype=bool)]
        margin_s = float(margins_s.min()) if len(margins_s) else _OUT_OF_REACH_S
        rows.append(MeasureRow(_range_label(results.study, name), margin_s, margin_s, margin_s))
    note = "The middle of every other number."
    return Measure("s", tuple(rows), ("the radar's published range",), f"equipoise footprint {study} --json", note)


def radar_range_over_needed(runs: StudyRuns, study: str, settings: Mapping[str, Any]) -> Measure:
    """Return published radar ranges over the range at which a class must be seen at the latest."""
    results = runs.proportion(study)
    wanted = settings.get("missile")
    found: ClassNeeds = results.most_demanding
    if wanted is not None:
        found = next(one for one in results.classes if one.threat.missile.id == wanted)
    needed_m = found.radar_needed_m.most
    rows = tuple(
        MeasureRow(
            f"{one.range.range_m.written:,.0f} {one.range.range_m.unit}: {one.range.label}",
            one.low_m / found.radar_needed_high_m.most, one.value_m / needed_m,
            one.high_m / found.radar_needed_low_m.most,
        )
        for one in found.ranges
    )  # fmt: skip
    decided = (
        "the radar's published range",
        f"the cross-section of the {found.threat.missile.name}",
        "the interceptor's speed and the battery's delays",
    )
    ends_m = (found.radar_needed_low_m.most, found.radar_needed_high_m.most)
    needed = f"{needed_m / 1e3:,.0f} km ({ends_m[0] / 1e3:,.0f} to {ends_m[1] / 1e3:,.0f})"
    note = (
        f"Over the cross-section of the {found.threat.missile.name}, the interceptor's speed and the battery's delays; "
        f"needed: {needed}."
    )
    return Measure("1", rows, decided, f"equipoise proportion {study} --json", note)


def reach_over_needed(runs: StudyRuns, study: str, _settings: Mapping[str, Any]) -> Measure:
    """Return the interceptor's published range over the ground range that arcs ask for, by class."""
    results = runs.proportion(study)
    has = results.study.defence.interceptor.max_range_m
    rows = []
    for one in results.classes:
        for words, needed_m in (
            ("half of its arcs", one.ground_needed_m.middle),
            ("all of them", one.ground_needed_m.most),
        ):
            if np.isfinite(needed_m):
                ends = (has.low / needed_m, has.value / needed_m, has.high / needed_m)
                rows.append(MeasureRow(f"{one.threat.missile.name}, {words}", *ends))
    note = "Over the range of the interceptor's published range."
    decided = ("the missile class", "how many of the places are to be protected", "the interceptor's published range")
    return Measure("1", tuple(rows), decided, f"equipoise proportion {study} --json", note, "case")


def magazine_over_inventory(runs: StudyRuns, study: str, _settings: Mapping[str, Any]) -> Measure:
    """Return the battery's interceptors over published inventories: each class's, and all of them together."""
    results = runs.proportion(study)
    known = results.inventories()
    rows = [
        MeasureRow(
            f"{number.written:,.0f} {threat.missile.name} ({number.source})",
            results.rounds / number.high, results.rounds / number.value, results.rounds / number.low,
        )
        for threat, number in known
    ]  # fmt: skip
    low, value, high = (sum(getattr(number, end) for _, number in known) for end in ("low", "value", "high"))
    rows.append(
        MeasureRow(
            f"{value:,.0f} of these together", results.rounds / high, results.rounds / value, results.rounds / low
        )
    )
    note = "Over the range of the published inventories."
    return Measure("1", tuple(rows), ("the published inventories",), f"equipoise proportion {study} --json", note)


def power_density(runs: StudyRuns, study: str, settings: Mapping[str, Any]) -> Measure:
    """Return the power density at a distance: the model's band, and the measurements nearest to it."""
    loaded = runs.study(study)
    assert isinstance(loaded, Study)
    distance_m = float(settings["distance_m"])
    near = near_radar(loaded.defence.radar, np.array([distance_m]))
    rows = []
    if near is not None:
        ends = (float(near.low_w_m2[0]), float(near.central_w_m2[0]), float(near.high_w_m2[0]))
        rows.append(MeasureRow(f"the model at {distance_m:,.0f} m", *ends))
        closest = min(abs(one.distance_m - distance_m) for one in near.measured)
        for one in near.measured:
            if abs(one.distance_m - distance_m) == closest:
                label = f"measured at {one.distance_m:,.0f} m, {one.site} ({one.statistic})"
                rows.append(MeasureRow(label, one.density_w_m2, one.density_w_m2, one.density_w_m2))
    decided = ("power, antenna and side lobes of the radar", "the ground's reflection")
    note = "The model's band over power, antenna, side lobes and ground; a measurement is one number."
    return Measure("W/m2", tuple(rows), decided, f"equipoise radar {loaded.defence.radar.id} --json", note, "case")


def magazine_spent_at(runs: StudyRuns, study: str, _settings: Mapping[str, Any]) -> Measure:
    """Return the size of a raid at which the first layer's magazine is spent."""
    spent = runs.raid(study).spent_at[0]
    sizes = (("in one raid of twenty", 0), ("in half of the raids", 1), ("in nineteen raids of twenty", 2))
    rows = tuple(MeasureRow(words, *([float(spent.sizes[i] or np.inf)] * 3)) for words, i in sizes)
    note = "Chance alone, at the middle of every number."
    return Measure("1", rows, ("chance", "the doctrine of the study"), f"equipoise raid {study} --json", note, "case")


def leaked_share(runs: StudyRuns, study: str, _settings: Mapping[str, Any]) -> Measure:
    """Return the share of a raid that leaks: the study's own raid with what is not known, and by size."""
    results = runs.raid(study)
    known = results.knowledge
    rows = [
        _drawn(
            f"{results.raid.size:,} missiles, the study's raid",
            leaked(results.counts).value,
            None if known is None else known.leaked,
        )
    ]
    for i, one in enumerate(results.curve):
        drawn = None if known is None else known.leaked_by_size[:, i]
        rows.append(_drawn(f"{one.size:,} missiles", one.leaked.value, drawn))
    note = "5 to 95 per cent of draws from the sourced ranges, each averaged over chance."
    decided = ("the size of the raid", "kill and track probabilities", "reliability of battery and radar")
    return Measure("share", tuple(rows), decided, f"equipoise raid {study} --json", note, "case")


def _drawn(label: str, value: float, drawn: FloatArray | None) -> MeasureRow:
    """Return a row whose interval holds 90 per cent of some draws, and the value."""
    if drawn is None:
        return MeasureRow(label, value, value, value)
    low, high = (float(np.quantile(drawn, share)) for share in (0.05, 0.95))
    return MeasureRow(label, min(low, value), value, max(high, value))
