"""Published statements on how much several shots or layers stop."""

from __future__ import annotations

from collections.abc import Iterator

from equipoise.analysis.validation.comparison import Authority, Comparison, Published, Tolerance
from equipoise.catalog import read_authority
from equipoise.defence.effectiveness import layered_kill_probability, leakage_probability

ID = "shots-and-layers"
TOLERANCE = Tolerance(absolute=0.5, reason="published to the whole per cent")


def compare() -> Iterator[Comparison]:
    """Compute the share that each statement's defence stops."""
    for row in read_authority("shots_and_layers"):
        of_layer = 1.0 - leakage_probability(float(row["kill_probability"]), int(row["shots_each"]))
        yield Comparison(
            ID,
            row["source"],
            row["case"],
            "share stopped",
            "%",
            Published.number(float(row["stopped_percent"])),
            100.0 * layered_kill_probability([of_layer] * int(row["layers"])),
            TOLERANCE,
        )


AUTHORITY = Authority(
    ID,
    "Shots and layers, as argued in public",
    "published",
    "Independent shots and layers in closed form, with the numbers that each statement names. They are arithmetic, not "
    "evidence: whether shots are independent is what the argument is about.",
    compare,
)
