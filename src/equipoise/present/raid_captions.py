"""The figures of a raid study with their titles, captions and descriptions for readers who cannot see them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from equipoise.present.exhaustion_figure import exhaustion_figure
from equipoise.present.leakage_figure import leakage_figure
from equipoise.present.network_names import place_name
from equipoise.present.raid_fates_figure import raid_fates_figure
from equipoise.present.raid_map import raid_map
from equipoise.present.raid_names import band_words, between, constraint_words, missiles_words, number
from equipoise.present.raid_story import leakers_of, missile_fates
from equipoise.present.raid_targets_figure import raid_targets_figure
from equipoise.present.raid_timeline_figure import MOST_ROWS, raid_timeline_figure
from equipoise.present.raid_words import central_side
from equipoise.present.report import ReportFigure
from equipoise.present.sensitivity_words import sensitivity_figure
from equipoise.present.statements import listed
from equipoise.present.style import svg_bytes

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from equipoise.analysis import RaidResults

Drawn = tuple[ReportFigure, "Figure"]


def raid_figures(results: RaidResults, summary: Mapping[str, Any], command: str) -> list[Drawn]:
    """Draw every figure of a raid study.

    Parameters
    ----------
    results : RaidResults
        The results.
    summary : mapping
        From :func:`equipoise.present.raid_exports.plain_summary`.
    command : str
        What remakes the figures.

    Returns
    -------
    list of (ReportFigure, Figure)
        In the order of the page.
    """
    study = results.study
    runs = f"{summary['runs']:,} runs"
    drawn: list[Drawn] = []

    def add(identifier: str, heading: str, caption: str, alt: str, figure: Figure) -> None:
        words = ReportFigure(
            identifier, heading, " ".join(caption.split()), " ".join(alt.split()), command, svg_bytes(figure)
        )
        drawn.append((words, figure))

    if summary["curve"]:
        add(
            "leakage",
            "How much leaks, by the size of the raid",
            f"""Line: the mean of the runs, with the 95 % interval of that mean as a thin bar. Chance: what single raids
            make of it, every number at its central value. Knowledge: what the mean becomes in draws of the defence's
            numbers from their ranges. {_outside(summary)} Below, how large a raid spends each magazine.""",
            "Leaked share against missiles in the raid. " + " ".join(_curve_alt(point) for point in summary["curve"]),
            leakage_figure(results),
        )
    if results.sensitivity is not None:
        drawn.append(sensitivity_figure(results.sensitivity, command))
    add(
        "exhaustion",
        "How far the magazines go",
        f"""Chance: how many of {runs} spend how many rounds, when the last one leaves, and how often that happens in
        raids of other sizes. Knowledge: the mean number of rounds, and the share of raids that spend all, in 90 of 100
        draws, rimmed in the layer's colour; launchers are among what is drawn, so that a magazine may be larger there.
        A bar's height counts within its row.""",
        " ".join(_layer_alt(layer) for layer in summary["layers"]),
        exhaustion_figure(results),
    )
    add(
        "fates",
        "What becomes of the missiles, layer by layer",
        f"""Means over {runs}: chance, every number at its central value. The top bar parts all missiles by who killed
        them; a layer's own bar says what it killed, what it cannot meet and which limit binds, and what it never fired
        at because something ran short. Knowledge is not in this figure.""",
        " ".join(_fate_alt(layer) for layer in summary["layers"])
        + f" Leaked: {number(summary['leakers_mean'], 1)} of {summary['missiles']:,}.",
        raid_fates_figure(results),
    )
    add(
        "targets",
        "Target by target",
        f"""Missiles aimed at each target, and how many of them leak and are killed on average over {runs}; on the
        right, how often at least one leaks. Thin bars: the 95 % interval. Chance alone; knowledge is not worked out by
        target.""",
        "; ".join(
            f"{place_name(target['name'])}: {number(target['leakers_mean'], 2)} of {target['missiles']:,} leak, at "
            f"least one in {number(100.0 * target['hit_probability'], 1)} % of raids"
            for target in summary["targets"]
        )
        + ".",
        raid_targets_figure(results),
    )
    fates = missile_fates(results)
    leaked = sum(leakers_of(fates, len(study.targets)))
    shown = (
        """A line for each missile from launch to its end, a coloured one for each shot from launch to intercept.
        Tinted: when the layer can launch. Of two shots that would both kill, the first to arrive counts."""
        if len(fates) <= MOST_ROWS
        else """A row for each salvo: how many of its missiles fly, scaled to the salvo, and in bins of ten seconds who
        killed, which intercepts did not, and what came down."""
    )
    add(
        "timeline",
        "One raid, shot by shot",
        f"""The first of {runs}, with every number at its central value: one throw of the dice, chance, and neither the
        mean nor a forecast. {shown}""",
        f"A time line of {missiles_words(len(fates))} in {len(study.salvos)} salvos; {leaked:,} leak and "
        f"{len(results.shots):,} rounds are spent.",
        raid_timeline_figure(results),
    )
    layers = listed([f"{layer.id} at {place_name(layer.site.name)}" for layer in study.layers])
    add(
        "map",
        "The raid on the map",
        f"""Ground tracks from launch areas to targets. A target's area tells the missiles aimed at it, its colour how
        often at least one leaks there: chance, over {runs}. A square stands for a layer, beside its town where a target
        has the same place. Sites are towns, nothing finer.""",
        f"A map with {len({salvo.launch_area.id for salvo in study.salvos})} launch areas, {len(study.targets)} "
        f"targets and {layers}.",
        raid_map(results),
    )
    return drawn


def _outside(summary: Mapping[str, Any]) -> str:
    if "knowledge" not in summary or not (side := central_side(summary)):
        return ""
    where = "below" if side < 0 else "above"
    return (
        f"At the study's own size the central result lies {where} the band of the draws, since central values are "
        "not the middle of their ranges."
    )


def _curve_alt(point: Mapping[str, Any]) -> str:
    words = (
        f"{point['missiles']:,}: mean {number(100.0 * point['leaked_share'], 1)} %, chance "
        f"{band_words(point, 'one_raid_leaked_share', scale=100.0, digits=0)} %"
    )
    if "knowledge_leaked_share_p05" in point:
        words += f", knowledge {band_words(point, 'knowledge_leaked_share', scale=100.0, digits=0)} %"
    return words + "."


def _layer_alt(layer: Mapping[str, Any]) -> str:
    return (
        f"{layer['layer']} spends {between(layer, 'spent_mean')} of {layer['rounds']:,} rounds on average and all of "
        f"them in {between(layer, 'exhausted_probability', scale=100.0)} % of raids."
    )


def _fate_alt(layer: Mapping[str, Any]) -> str:
    parts = [f"kills {number(layer['killed_mean'], 1)}"]
    parts += [
        f"cannot meet {count:,} ({constraint_words(name)})" for name, count in layer["out_of_reach_missiles"].items()
    ]
    parts += [
        f"never fires at {number(count, 1)} ({constraint_words(name)})"
        for name, count in layer["refused_mean"].items()
        if count >= 0.05
    ]
    return f"{layer['layer']} {', '.join(parts)}."
