"""What a sensitivity analysis says: its figure with caption, its tables, and what indices cannot tell.

A :class:`Wording` holds what the kinds of study call their numbers and outputs; the rest is the same for all.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from equipoise.analysis.raid_sensitivity import CAVEATS as RAID_CAVEATS
from equipoise.analysis.raid_sensitivity import EXHAUSTED, LEAKED, RaidSensitivity
from equipoise.analysis.sensitivity import CAVEATS, MEAN
from equipoise.catalog.borders import country_names
from equipoise.present.input_names import FactorNames
from equipoise.present.report import ReportFigure, WrittenTable
from equipoise.present.sobol_figure import shown_factors, shown_outputs, sobol_figure
from equipoise.present.statements import listed, percent
from equipoise.present.style import svg_bytes

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from equipoise.analysis.sensitivity import Sensitivity
    from equipoise.analysis.sobol import Factor, OutputIndices, SobolIndices

FIGURE = "sobol"
# Rows of a table, and the total index below which a number is only counted.
_ROWS, _LEAST = 12, 0.01
# Longest line of a label in the figure. [characters]
_LABEL = 44

METHOD = (
    "Total: the share of the variance that is left when every other number is known. First order: the share that goes "
    "when this number is known. Where the first is much larger, the number matters together with others.",
    "Drawn from: a triangle between low, central and high value; a direction, evenly; published ranges, evenly likely.",
)


@dataclass(frozen=True)
class Wording:
    """How a study's factors and outputs are called.

    Parameters
    ----------
    indices : SobolIndices
        The indices.
    title : str
        Of the study.
    subject : str
        What the figure shows the spread of, as it goes on after "Where the spread of".
    factor_name, factor_range : callable
        Name a factor, and write what it was drawn from.
    output_title, output_of : callable
        Name an output, and what its share is of: ``of land``.
    sample : str
        What each evaluation was worked out on.
    caveats : tuple of str
        What the indices cannot tell.
    drawn : tuple of int
        Which outputs the figure shows.
    """

    indices: SobolIndices
    title: str
    subject: str
    factor_name: Callable[[Factor], str]
    factor_range: Callable[[Factor], str]
    output_title: Callable[[OutputIndices], str]
    output_of: Callable[[OutputIndices], str]
    sample: str
    caveats: tuple[str, ...]
    drawn: tuple[int, ...]


def wording(sensitivity: Sensitivity | RaidSensitivity) -> Wording:
    """Return how the factors and outputs of a sensitivity analysis are called."""
    if isinstance(sensitivity, RaidSensitivity):
        return _raid_wording(sensitivity)
    study = sensitivity.study
    missiles = {threat.missile.id: threat.missile.name for threat in study.threats}

    def title(output: OutputIndices) -> str:
        if output.name == MEAN:
            return "Mean over the threats"
        missile = output.name.partition(" ")[0]
        return missiles.get(missile, missile) + output.name[len(missile) :]

    owners = {
        study.defence.interceptor.id: "interceptor",
        study.defence.radar.id: "radar",
        study.defence.battery.id: "battery",
    }
    names = FactorNames(owners | missiles, {study.defence.radar.id: study.defence.radar})
    return Wording(
        sensitivity.indices,
        study.title,
        f"the defended share of {country_names()[study.country]}'s land",
        names.name,
        names.range,
        title,
        lambda _output: "of land",
        f"{sensitivity.land_cells} cells of land",
        CAVEATS,
        tuple(range(len(sensitivity.indices.outputs))),
    )


def _raid_wording(sensitivity: RaidSensitivity) -> Wording:
    study = sensitivity.study

    def title(output: OutputIndices) -> str:
        if output.name.startswith(EXHAUSTED):
            return f"{output.name[len(EXHAUSTED) + 1 :]}: magazine spent"
        return "Missiles that leak" if output.name == LEAKED else "Weighted by target"

    owners: dict[str, str] = {}
    for layer in study.layers:
        owners[layer.interceptor.id] = layer.interceptor.name
        owners[layer.battery.id] = layer.battery.name
        owners[layer.launcher.id] = layer.launcher.name
        if layer.radar is not None:
            owners[layer.radar.id] = layer.radar.name.split(" (")[0]
    owners |= {salvo.threat.missile.id: salvo.threat.missile.name for salvo in study.salvos}
    names = FactorNames(owners, {layer.radar.id: layer.radar for layer in study.layers if layer.radar is not None})
    outputs = sensitivity.indices.outputs

    def spread(index: int) -> float:
        return outputs[index].standard_deviation

    return Wording(
        sensitivity.indices,
        study.title,
        f"the outcome of the raid of {study.missiles} missiles",
        names.name,
        names.range,
        title,
        lambda output: "of raids" if output.name.startswith(EXHAUSTED) else "of missiles",
        f"the mean of {sensitivity.runs} raids each{_left(sensitivity)}",
        RAID_CAVEATS,
        # What leaks, and of the magazines the one whose end is least certain.
        (0, 1, *sorted((i for i in range(2, len(outputs)) if outputs[i].moves), key=lambda i: (-spread(i), i))[:1]),
    )


def _left(sensitivity: RaidSensitivity) -> str:
    if not sensitivity.left:
        return ""
    return (
        f"; {sensitivity.left} numbers that by themselves move the leaked share by at most "
        f"{percent(sensitivity.left_swing)} are left at their central values"
    )


def spread_words(words: Wording, output: OutputIndices) -> str:
    """Say how an output spreads: ``9 draws in 10: 41 to 62 % of land``."""
    low, _, high = output.quantiles
    if not output.moves:
        return f"always {percent(output.mean)} {words.output_of(output)}"
    return f"9 draws in 10: {100.0 * low:.0f} to {percent(high)} {words.output_of(output)}"


def leading_words(words: Wording, output: OutputIndices) -> str:
    """Name the numbers that an output hangs on most, with their total index and its half-width."""
    if not output.moves:
        return f"{words.output_title(output)}: does not move"
    leading = [
        f"{words.factor_name(each.factor)} {each.total:.2f} ± {each.total_half_width:.2f}" for each in output.ranked[:3]
    ]
    return f"{words.output_title(output)}: {listed(leading)}"


def sensitivity_figure(sensitivity: Sensitivity | RaidSensitivity, command: str) -> tuple[ReportFigure, Figure]:
    """Draw the indices, with title, caption and a description for readers who cannot see them.

    Parameters
    ----------
    sensitivity : Sensitivity or RaidSensitivity
        The indices.
    command : str
        What remakes the figure.
    """
    words = wording(sensitivity)
    indices = replace(words.indices, outputs=tuple(words.indices.outputs[i] for i in words.drawn))

    def label(factor: Factor) -> str:
        return f"{words.factor_name(factor)}\n{_shortened(words.factor_range(factor))}"

    figure = sobol_figure(
        indices,
        label,
        [words.output_title(output) for output in indices.outputs],
        [spread_words(words, output) for output in indices.outputs],
    )
    outputs, factors = shown_outputs(indices), shown_factors(indices)
    every = len(indices.factors)
    caption = f"""Where the spread of {words.subject} comes from. Total:
        the share of the variance that is left when every other number is known; first order: the share that goes when
        this one is. Where the first is much larger than the second, the number matters together with others.
        {every - len(factors)} of the {every} uncertain numbers matter less than those shown. Evaluated: {words.sample}.
        {words.caveats[0]} {words.caveats[1]}"""
    alt = f"""Chart of Sobol indices. Largest total index: {
        "; ".join(leading_words(words, indices.outputs[i]) for i in outputs)
    }."""
    return (
        ReportFigure(
            FIGURE,
            "Which disputed number the answer hangs on",
            " ".join(caption.split()),
            " ".join(alt.split()),
            command,
            svg_bytes(figure),
        ),
        figure,
    )


def _shortened(text: str) -> str:
    """Shorten a list of ranges to its ends, where it is too long for a label."""
    if len(text) <= _LABEL:
        return text
    parts = text.split(", ")
    return f"{len(parts)} from {parts[0]} to {parts[-1]}"


def output_table(words: Wording, output: OutputIndices) -> WrittenTable:
    """Return the numbers that one output hangs on, largest total index first; the caption counts the others.

    Parameters
    ----------
    words : Wording
        From :func:`wording`.
    output : OutputIndices
        One of its outputs.
    """
    shown = [each for each in output.ranked if each.total >= _LEAST][:_ROWS]
    others = len(output.factors) - len(shown)
    still = sum(each.total == 0.0 for each in output.factors)
    title = f"{words.output_title(output)}: {percent(output.mean)} {words.output_of(output)} on average"
    caption = (
        f"{title}, {spread_words(words, output)}; {others} other numbers move it less, {still} of them not at all"
        if output.moves
        else f"{words.output_title(output)}: {spread_words(words, output)}; does not move"
    )
    rows = tuple(
        (
            words.factor_name(each.factor),
            words.factor_range(each.factor),
            f"{each.total:.3f}",
            f"{each.total_half_width:.3f}",
            f"{each.first_order:.3f}",
            f"{each.first_order_half_width:.3f}",
        )
        for each in shown
    )
    return WrittenTable(caption, ("number", "drawn from", "total", "±", "first order", "±"), rows)


def sample_words(words: Wording) -> str:
    """Say what the indices were worked out from."""
    indices = words.indices
    return (
        f"{indices.samples} base points, {indices.evaluations:,} evaluations, seed {indices.seed}; ± is half of a "
        f"{percent(indices.confidence)} interval; {words.sample}"
    )
