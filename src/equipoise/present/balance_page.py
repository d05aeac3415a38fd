"""What the page of a network study says of its balance: figures, tables, sentences and files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from equipoise.analysis.balance_run import MATTERS, STOPPED
from equipoise.analysis.balance_summary import ASSUMPTIONS
from equipoise.present.balance_figures import penetrating_figure, stopped_figure
from equipoise.present.balance_tables import (
    balance_files,
    counts_table,
    curve_table,
    matters_table,
    reach_table,
    scenario_table,
    shares,
    warheads,
)
from equipoise.present.exports import write
from equipoise.present.provenance import field_words
from equipoise.present.report import Headline, NumberRow, ReportFigure, Section
from equipoise.present.sobol_figure import sobol_figure
from equipoise.present.statements import listed, percent
from equipoise.present.style import svg_bytes

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from equipoise.analysis.balance import BalanceResults
    from equipoise.analysis.sobol import Factor
    from equipoise.catalog import AnyRecord
    from equipoise.study.balance_model import BalanceSpec

_FILES = (
    ("balance_curve.csv", "warheads that penetrate by arsenal size, alert rate and elements"),
    ("balance_scenarios.csv", "the same at the record's numbers, with each element alone and away"),
    ("balance_matters.csv", "up to how many arriving warheads each yardstick is met"),
    ("balance_sensitivity.csv", "Sobol indices of the balance"),
)


def balance_records(spec: BalanceSpec) -> list[AnyRecord]:
    """Return the catalogue records that the section adds to the study's."""
    return [force.record for force in spec.forces]


def balance_figures(
    results: BalanceResults, summary: Mapping[str, Any], command: str
) -> list[tuple[ReportFigure, Figure]]:
    """Draw the figures of a balance.

    Parameters
    ----------
    results : BalanceResults
        The balance.
    summary : mapping
        Its summary.
    command : str
        What remakes them.
    """
    forces = listed([force["name"] for force in summary["forces"]])
    drawn = [
        _drawn(
            "balance-penetrating",
            "Warheads that penetrate, by arsenal size and alert rate",
            f"""Expected numbers with every element of the defence, and without any (grey). Tinted: what chance does at
            central numbers, missiles, batteries and shots; hatched: what is not known, over {results.draws} draws from
            the sourced ranges. Both scales of equal ratios. What tells a warhead from what flies with it is one sourced
            chance, and every look is right: the most generous to the defence.""",
            f"Curves of warheads that penetrate against warheads in the arsenal for {forces}. {_said(summary)}",
            command,
            penetrating_figure(summary),
        ),
        _drawn(
            "balance-stopped",
            "Share of the arriving warheads that is stopped, with and without each element",
            """At the highest alert rate of the study. Black: every element there; coloured: each one away by itself.
            Dashed: the shares from which on the study says that the defence matters; dotted: published counts of
            warheads. Bands as above.""",
            f"Falling curves of the share stopped against the size of the arsenal for {forces}. {_said(summary)}",
            command,
            stopped_figure(summary, [one.share for one in results.spec.matters]),
        ),
    ]
    if results.sensitivity is not None:
        drawn.append(_sobol(results, command))
    return drawn


def _drawn(
    identifier: str, heading: str, caption: str, alt: str, command: str, figure: Figure
) -> tuple[ReportFigure, Figure]:
    words = ReportFigure(
        identifier, heading, " ".join(caption.split()), " ".join(alt.split()), command, svg_bytes(figure)
    )
    return words, figure


def _said(summary: Mapping[str, Any]) -> str:
    return " ".join(
        f"{force['name']}: {warheads(force, 'arriving')} would arrive, "
        f"{warheads(force['scenarios'][0], 'penetrating')} penetrate."
        for force in summary["forces"]
    )


def _sobol(results: BalanceResults, command: str) -> tuple[ReportFigure, Figure]:
    assert results.sensitivity is not None
    wanted = [f"{force.id}_{what}" for force in results.spec.forces for what in (STOPPED, MATTERS)]
    kept = replace(results.sensitivity, outputs=tuple(one for one in results.sensitivity.outputs if one.name in wanted))
    titles, subtitles = [], []
    first = results.spec.matters[0].share
    for output in kept.outputs:
        is_share = output.name.endswith(STOPPED)
        id = output.name.removesuffix(f"_{STOPPED if is_share else MATTERS}")
        name = id.replace("-", " ").capitalize()
        low, _, high = output.quantiles
        if is_share:
            titles.append(f"{name}: share stopped")
            subtitles.append(f"90 % of draws: {100 * low:.1f} to {100 * high:.1f} %")
        else:
            titles.append(f"{name}: up to how many {percent(first)} are stopped")
            subtitles.append(f"90 % of draws: {low:,.0f} to {high:,.0f}")
    return _drawn(
        "balance-sobol",
        "Which disputed number moves the balance",
        f"""Sobol indices from {results.sensitivity.evaluations:,} evaluations over the sourced ranges: the share of an
        answer's variance that an input makes by itself (squares) and together with others (circles). Alternatives,
        such as rival published counts, are taken as evenly likely.""",
        "Bars of total and first-order Sobol indices. " + _ranking(results),
        command,
        sobol_figure(kept, lambda factor: factor_name(results, factor), titles, subtitles),
    )


def _ranking(results: BalanceResults) -> str:
    assert results.sensitivity is not None
    said = []
    for output in results.sensitivity.outputs:
        if output.moves and output.name.endswith((STOPPED, MATTERS)):
            best = output.ranked[0]
            said.append(f"{field_words(output.name)}: most by {factor_name(results, best.factor)} ({best.total:.2f}).")
    return " ".join(said)


def factor_name(results: BalanceResults, factor: Factor) -> str:
    """Name an input of a balance."""
    owners = {force.record.id: force.record.name.split(",")[0] for force in results.spec.forces}
    for one in results.batteries:
        owners |= {one.battery.id: one.battery.name, one.interceptor.id: one.interceptor.name}
    words = field_words(factor.quantity)
    if factor.owner == "study":
        return words
    if factor.alternatives and factor.quantity == "warheads":
        words = "which published count"
    return f"{owners.get(factor.owner, factor.owner)}:\n{words}"


def balance_section(summary: Mapping[str, Any]) -> Section:
    """Return the tables of a balance under one heading."""
    tables = [table for force in summary["forces"] for table in (scenario_table(summary, force), counts_table(force))]
    reach = [reach_table(force) for force in summary["forces"]]
    return Section(
        "balance",
        "What it comes to against published forces",
        "The balance",
        (*tables, matters_table(summary), *reach),
        tuple(curve_table(force) for force in summary["forces"]),
        "By arsenal size and alert rate",
    )


def balance_lede(summary: Mapping[str, Any]) -> tuple[str, ...]:
    """Say what the balance comes to in a few sentences."""
    sentences = []
    for force in summary["forces"]:
        whole = force["scenarios"][0]
        sentences.append(
            f"{force['name']}: of {warheads(force, 'arriving')} warheads that would arrive, "
            f"{warheads(whole, 'penetrating')} are expected to penetrate with every element of the defence there; "
            f"{shares(whole, 'stopped_share')} are stopped. Numbers in brackets hold 90 of 100 draws over the sourced "
            "ranges."
        )
        titles = {element["element"]: element["title"] for element in summary["elements"]}
        changes = [f"{titles[one['element']]} {shares(one, 'fewer_share')}" for one in force["changes"]]
        sentences.append(
            f"Each element, added to the others, keeps so many of the arriving warheads from it: {listed(changes)}."
        )
        for one in force["matters"]:
            if one["elements"] == "all":
                sentences.append(
                    f"The defence stops {percent(one['share'])} or more ({one['means']}) of up to "
                    f"{warheads(one, 'arriving_up_to')} arriving warheads."
                )
    return tuple(sentences)


def balance_headlines(summary: Mapping[str, Any]) -> tuple[Headline, ...]:
    """Return one number for each force at the head of the page."""
    found = []
    for force in summary["forces"]:
        whole = force["scenarios"][0]
        value, _, ends = shares(whole, "stopped_share").partition(" (")
        span = f"{ends.rstrip(')')} % over draws. " if ends else ""
        found.append(
            Headline(
                value,
                f"of the warheads that arrive are stopped: {force['name']}",
                f"{span}{warheads(whole, 'penetrating')} of {warheads(force, 'arriving')} are expected to penetrate.",
            )
        )
    return tuple(found)


def balance_limits() -> tuple[str, ...]:
    """Say what a balance cannot tell."""
    return (
        *ASSUMPTIONS,
        "Whether a number of warheads deters anybody, and what anybody would do. The yardsticks are the study's "
        "choice.",
        "Counts of warheads are published for other purposes: treaties count bombers as one, and stocks hold warheads "
        "that reach no other continent. Each is run by itself.",
    )


def balance_method(results: BalanceResults) -> tuple[str, ...]:
    """Say how a balance was worked out."""
    return (
        "Arriving warheads are those published, times the share that can be fired, times the chance that a missile "
        "works. A battery may shoot only at arcs at which it can fire, as often as its window allows; rounds are "
        "shared out evenly over what it may shoot at; a warhead that gets m of them is killed with "
        "P_track [1 - (1 - p)^m] (Wilkening 1999), and each battery shoots at what those before it have left. Expected "
        "numbers are averaged over which batteries work at all. What is not known comes from "
        f"{results.draws} draws with seed {results.seed} over every ranged number, the rival counts, published limits "
        "or flight alone, and the ends of cross-sections and launch warning; chance is the binomial of missiles and "
        "shots at central numbers, mixed over which batteries work.",
    )


def balance_settings(spec: BalanceSpec) -> list[NumberRow]:
    """Return what the section sets itself."""
    rows = [
        NumberRow(f"{id}: launchers", str(count), "", "", "study-file", "", "assumed", "the study's choice")
        for id, count in spec.launchers.items()
    ]
    for force in spec.forces:
        note = "which share of the record can be fired"
        rows.append(NumberRow(f"{force.id}: alert", force.alert, "", "", "study-file", "", "assumed", note))
    for one in spec.matters:
        rows.append(NumberRow("yardstick", percent(one.share), "", "", "study-file", "", "assumed", one.means))
    return rows


def balance_file_rows(summary: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Return the files of a balance with what is in them."""
    written = balance_files(summary)
    return tuple(row for row in _FILES if row[0] in written)


def write_balance(directory: Path, summary: Mapping[str, Any]) -> None:
    """Write the data of the figures and tables as CSV."""
    for name, text in balance_files(summary).items():
        write(directory / name, text)
