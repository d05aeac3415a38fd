"""What a sensitivity analysis says: its figure with caption, its tables, and what indices cannot tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from equipoise.analysis.sensitivity import CAVEATS, MEAN
from equipoise.catalog.borders import country_names
from equipoise.present.input_names import factor_name, factor_range
from equipoise.present.report import ReportFigure, WrittenTable
from equipoise.present.sobol_figure import shown_factors, shown_outputs, sobol_figure
from equipoise.present.statements import listed, percent
from equipoise.present.style import svg_bytes

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from equipoise.analysis.sensitivity import Sensitivity
    from equipoise.analysis.sobol import Factor, OutputIndices

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


def output_title(sensitivity: Sensitivity, output: OutputIndices) -> str:
    """Name an output: the missile, and how it is flown if the study has it twice; or the mean over the threats."""
    if output.name == MEAN:
        return "Mean over the threats"
    missile = output.name.partition(" ")[0]
    named = {threat.missile.id: threat.missile.name for threat in sensitivity.study.threats}
    return named.get(missile, missile) + output.name[len(missile) :]


def spread_words(output: OutputIndices) -> str:
    """Say how an output spreads: ``9 draws in 10: 41 to 62 % of land``."""
    low, _, high = output.quantiles
    if not output.moves:
        return f"always {percent(output.mean)} of land"
    return f"9 draws in 10: {100.0 * low:.0f} to {percent(high)} of land"


def leading_words(sensitivity: Sensitivity, output: OutputIndices) -> str:
    """Name the numbers that an output hangs on most, with their total index and its half-width."""
    if not output.moves:
        return f"{output_title(sensitivity, output)}: does not move"
    leading = [
        f"{factor_name(sensitivity.study, each.factor)} {each.total:.2f} ± {each.total_half_width:.2f}"
        for each in output.ranked[:3]
    ]
    return f"{output_title(sensitivity, output)}: {listed(leading)}"


def sensitivity_figure(sensitivity: Sensitivity, command: str) -> tuple[ReportFigure, Figure]:
    """Draw the indices, with title, caption and a description for readers who cannot see them.

    Parameters
    ----------
    sensitivity : Sensitivity
        The indices.
    command : str
        What remakes the figure.
    """
    study, indices = sensitivity.study, sensitivity.indices

    def label(factor: Factor) -> str:
        return f"{factor_name(study, factor)}\n{_shortened(factor_range(study, factor))}"

    figure = sobol_figure(
        indices,
        label,
        [output_title(sensitivity, output) for output in indices.outputs],
        [spread_words(output) for output in indices.outputs],
    )
    outputs, factors = shown_outputs(indices), shown_factors(indices)
    every = len(indices.factors)
    words = f"""Where the spread of the defended share of {country_names()[study.country]}'s land comes from. Total:
        the share of the variance that is left when every other number is known; first order: the share that goes when
        this one is. Where the first is much larger than the second, the number matters together with others.
        {every - len(factors)} of the {every} uncertain numbers matter less than those shown.
        {CAVEATS[0]} {CAVEATS[1]}"""
    alt = f"""Chart of Sobol indices. Largest total index: {
        "; ".join(leading_words(sensitivity, indices.outputs[i]) for i in outputs)
    }."""
    return (
        ReportFigure(
            FIGURE,
            "Which disputed number the answer hangs on",
            " ".join(words.split()),
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


def output_table(sensitivity: Sensitivity, output: OutputIndices) -> WrittenTable:
    """Return the numbers that one output hangs on, largest total index first; the caption counts the others.

    Parameters
    ----------
    sensitivity : Sensitivity
        The indices.
    output : OutputIndices
        One of its outputs.
    """
    shown = [each for each in output.ranked if each.total >= _LEAST][:_ROWS]
    others = len(output.factors) - len(shown)
    still = sum(each.total == 0.0 for each in output.factors)
    title = f"{output_title(sensitivity, output)}: {percent(output.mean)} of the land on average"
    caption = (
        f"{title}, {spread_words(output)}; {others} other numbers move it less, {still} of them not at all"
        if output.moves
        else f"{output_title(sensitivity, output)}: {spread_words(output)}; does not move"
    )
    rows = tuple(
        (
            factor_name(sensitivity.study, each.factor),
            factor_range(sensitivity.study, each.factor),
            f"{each.total:.3f}",
            f"{each.total_half_width:.3f}",
            f"{each.first_order:.3f}",
            f"{each.first_order_half_width:.3f}",
        )
        for each in shown
    )
    return WrittenTable(caption, ("number", "drawn from", "total", "±", "first order", "±"), rows)


def sample_words(sensitivity: Sensitivity) -> str:
    """Say what the indices were worked out from."""
    indices = sensitivity.indices
    return (
        f"{indices.samples} base points, {indices.evaluations:,} evaluations, seed {indices.seed}; ± is half of a "
        f"{percent(indices.confidence)} interval; {sensitivity.land_cells} cells of land"
    )
