"""The tables of a raid study, as written. Chance and knowledge never share a column."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from equipoise.present.network_names import place_name
from equipoise.present.raid_names import REFUSAL_WORDS, band_words, between, constraint_words, number, salvo_name
from equipoise.present.report import WrittenTable

if TYPE_CHECKING:
    from equipoise.analysis import RaidResults
    from equipoise.study import RaidStudy

PERCENT = 100.0
_NONE = "–"


def targets_table(study: RaidStudy, summary: Mapping[str, Any]) -> WrittenTable:
    """Return what becomes of the missiles at each target."""
    rows = tuple(
        (
            place_name(target["name"]),
            f"{target['missiles']:,}",
            between(target, "leakers_mean", digits=2),
            number(target["missiles"] - target["leakers_mean"], 2),
            between(target, "hit_probability", scale=PERCENT),
            number(target["weight"], 0 if target["weight"] >= 100.0 or target["weight"].is_integer() else 3),
        )
        for target in summary["targets"]
    )
    caption = (
        f"Chance, over {summary['runs']:,} runs with every number at its central value; in brackets the 95 % interval "
        f"that more runs narrow. Knowledge is not worked out target by target. Weights: {study.weighting}."
    )
    columns = ("Target", "missiles aimed", "leak, mean", "killed, mean", "raids in which one leaks, %", "weight")
    return WrittenTable(caption, columns, rows)


def layers_table(summary: Mapping[str, Any]) -> WrittenTable:
    """Return what each layer spends and kills."""
    knowledge = summary.get("knowledge")
    rows = []
    for i, layer in enumerate(summary["layers"]):
        cells: tuple[str, ...] = (
            layer["layer"],
            f"{layer['rounds']:,}",
            between(layer, "spent_mean"),
            band_words(layer, "spent", digits=0),
            number(layer["killed_mean"], 2),
            between(layer, "exhausted_probability", scale=PERCENT),
            band_words(layer, "exhausted", digits=0, unit="_s") if "exhausted_p05_s" in layer else _NONE,
        )
        if knowledge is not None:
            drawn = knowledge["layers"][i]
            cells += band_words(drawn, "spent_mean"), band_words(drawn, "exhausted_probability", scale=PERCENT)
        rows.append(cells)
    caption = "Chance: over the runs, every number at its central value; in brackets the 95 % interval."
    columns: tuple[str, ...] = (
        "Layer",
        "rounds",
        "spent, mean: chance",
        "spent in 90 of 100 raids: chance",
        "killed, mean: chance",
        "raids that spend all, %: chance",
        "last round leaves after, s: chance",
    )
    if knowledge is not None:
        caption += (
            " Knowledge: the same means in 90 of 100 draws from the ranges, in which the number of launchers may "
            "differ too."
        )
        columns += "spent, mean: knowledge", "raids that spend all, %: knowledge"
    return WrittenTable(caption, columns, tuple(rows))


def refusals_table(summary: Mapping[str, Any]) -> WrittenTable:
    """Return why each layer did not fire, missile by missile."""
    binding = list(dict.fromkeys(name for layer in summary["layers"] for name in layer["out_of_reach_missiles"]))
    rows = []
    for layer in summary["layers"]:
        out = layer["out_of_reach_missiles"]
        rows.append(
            (
                layer["layer"],
                f"{summary['missiles']:,}",
                *(f"{out[name]:,}" if name in out else _NONE for name in binding),
                *(number(layer["refused_mean"][name], 2) for name in REFUSAL_WORDS),
            )
        )
    caption = (
        "Missiles that a layer cannot meet at all, by what binds: the same in every run. Then missiles that it could "
        "have met and never fired at, a raid on average: chance."
    )
    columns = (
        "Layer",
        "missiles",
        *(f"out of reach: {constraint_words(name)}" for name in binding),
        *REFUSAL_WORDS.values(),
    )
    return WrittenTable(caption, columns, tuple(rows))


def windows_table(results: RaidResults) -> WrittenTable:
    """Return when each layer can fire at a missile of each salvo."""
    study = results.study
    rows = []
    for layer, windows in zip(study.layers, results.raid.windows, strict=True):
        for salvo, window in zip(study.salvos, windows, strict=True):
            sight = f"{window.detection_s:,.0f}" if math.isfinite(window.detection_s) else _NONE
            times = (_NONE, _NONE, _NONE)
            if window.can_fire:
                first, last = window.first_launch_s, window.last_launch_s
                times = (f"{first:,.0f}", f"{last:,.0f}", f"{last - first:,.0f}")
            rows.append(
                (
                    f"{layer.id}: {salvo_name(salvo)}",
                    f"{salvo.count:,}",
                    sight,
                    *times,
                    number(window.margin_s, 1),
                    _NONE if window.can_fire else constraint_words(_constraint(window.constraint)),
                )
            )
    caption = (
        "From the missile's launch, every number at its central value. First sight is that of the radar that guides. "
        "The margin is the smallest slack before or behind the limit that binds; below zero the layer cannot meet "
        "the missile."
    )
    columns = (
        "Layer against salvo",
        "missiles",
        "first sight, s",
        "first launch, s",
        "last launch, s",
        "window, s",
        "margin, s",
        "what binds",
    )
    return WrittenTable(caption, columns, tuple(rows))


def _constraint(code: int) -> str:
    from equipoise.analysis.footprint import CONSTRAINTS

    return CONSTRAINTS[code]


def curve_table(summary: Mapping[str, Any]) -> WrittenTable:
    """Return what leaks against the size of the raid."""
    drawn = "knowledge" in summary
    rows = tuple(
        (
            f"{point['missiles']:,}",
            between(point, "leaked_share", scale=PERCENT),
            band_words(point, "one_raid_leaked_share", scale=PERCENT, digits=0),
            *((band_words(point, "knowledge_leaked_share", scale=PERCENT),) if drawn else ()),
            between(point, "no_leaker_probability", scale=PERCENT, digits=2),
            *(between(layer, "exhausted_probability", scale=PERCENT) for layer in point["layers"]),
        )
        for point in summary["curve"]
    )
    layers = [layer["layer"] for layer in summary["layers"]]
    columns = (
        "Missiles",
        "leaked, mean, %: chance",
        "leaked in 90 of 100 raids, %: chance",
        *(("leaked, mean, in 90 of 100 draws, %: knowledge",) if drawn else ()),
        "raids without a leaker, %: chance",
        *(f"raids that spend {layer}, %: chance" for layer in layers),
    )
    caption = "Raids of other sizes, in the study's proportions and with its spacing. In brackets the 95 % interval."
    return WrittenTable(caption, columns, rows)


def spent_table(summary: Mapping[str, Any]) -> WrittenTable:
    """Return the smallest raids that spend each magazine."""
    rows = tuple(
        (
            one["layer"],
            f"{one['rounds']:,}",
            *(
                f"{size:,}" if (size := one[f"missiles_{end}"]) is not None else f"over {one['up_to_missiles']:,}"
                for end in ("p05", "p50", "p95")
            ),
        )
        for one in summary["magazine_spent_at"]
    )
    caption = (
        "Which raid spends a magazine: the fewest missiles with which the last round is launched in 5, 50 and 95 of "
        "100 raids. Chance, every number at its central value."
    )
    columns = ("Layer", "rounds", "5 of 100 raids", "half of them", "95 of 100 raids")
    return WrittenTable(caption, columns, rows)


def needed_table(summary: Mapping[str, Any]) -> WrittenTable:
    """Return what a wanted confidence would take."""
    needed = summary["interceptors_needed"]
    shots = needed["shots_at_each"]
    rows = [
        ("wanted: raids without a leaker", f"{PERCENT * needed['confidence']:g} %"),
        ("missiles that no layer can meet", f"{needed['out_of_reach_missiles']:,}"),
        ("fewest shots of each layer at each missile", "no number is enough" if shots is None else f"{shots}"),
    ]
    if not needed["out_of_reach_missiles"]:
        rows += [
            ("shots that come nearest", f"{needed['best_shots_at_each']}"),
            ("raids without a leaker with these", f"{between(needed, 'no_leaker_probability', scale=PERCENT)} %"),
            ("interceptors then spent, mean", between(needed, "interceptors_mean")),
            ("interceptors that do in 95 of 100 raids", f"{needed['interceptors_p95']:,}"),
        ]
    caption = (
        "What would be enough, if rounds, launchers, channels and tracks were without end: windows, kill probabilities "
        "and common modes are what remains. Chance, every number at its central value."
    )
    return WrittenTable(caption, ("Enough", "this study"), tuple(rows))


def one_more_table(summary: Mapping[str, Any]) -> WrittenTable:
    """Return what one more battery changes."""
    one = summary["one_more_battery"]
    rows = (
        ("leaked without it, %", between(one, "leaked_share_before", scale=PERCENT)),
        ("leaked with it, %", between(one, "leaked_share_after", scale=PERCENT)),
        ("fewer leakers in a raid, mean", between(one, "fewer_leakers_mean", digits=2)),
    )
    caption = (
        f"One more battery beside those of {one['layer']}, the same dice thrown with and without it. Chance, every "
        "number at its central value."
    )
    return WrittenTable(caption, ("One more", "mean"), rows)


def cost_table(study: RaidStudy, summary: Mapping[str, Any]) -> WrittenTable:
    """Return what is spent in a raid and what the missiles cost, in millions of US dollars."""
    cost = summary["cost_exchange"]
    rows = [
        (
            f"interceptors of {layer['layer']}",
            f"{number(_rounds(summary, layer['layer']), 1)} × {number(layer['unit_cost_usd'] / 1e6, 2)}",
            number(layer["spent_usd"] / 1e6, 1),
            _NONE,
        )
        for layer in cost["layers"]
    ]
    rows.append(("interceptors in all", _NONE, number(cost["interceptors_usd"] / 1e6, 1), _span(cost, "interceptors")))
    if "ratio" in cost:
        rows.append(("missiles of the raid", _NONE, number(cost["missiles_usd"] / 1e6, 1), _span(cost, "missiles")))
        low, high = number(cost["ratio_low"], 2), cost["ratio_high"]
        span = f"from {low}" if high is None else f"{low} to {number(high, 2)}"
        rows.append(("interceptors over missiles", _NONE, number(cost["ratio"], 2), span))
    else:
        names = [study.catalog.missile(id).name if id in study.catalog.ids("missile") else id
                 for id in cost["missiles_without_cost"]]  # fmt: skip
        rows.append(("missiles of the raid", f"no unit cost known: {', '.join(names)}", _NONE, _NONE))
    caption = (
        "Cost exchange in millions of US dollars at the mean number of rounds. Knowledge: the ends are those of the "
        "published unit costs, all at one end together. What a leaker costs is not counted."
    )
    columns = ("Cost", "rounds, mean × unit cost", "million US dollars", "over the unit costs' ranges: knowledge")
    return WrittenTable(caption, columns, tuple(rows))


def _rounds(summary: Mapping[str, Any], layer: str) -> float:
    return next(float(one["spent_mean"]) for one in summary["layers"] if one["layer"] == layer)


def _span(cost: Mapping[str, Any], name: str) -> str:
    low, high = (number(cost[f"{name}_{end}_usd"] / 1e6, 1) for end in ("low", "high"))
    return low if low == high else f"{low} to {high}"
