"""Raw values of the outside authorities, as kept at the root of the repository."""

from __future__ import annotations

import csv
from pathlib import Path

AUTHORITIES = Path(__file__).parents[2] / "authorities"


def read_authority(name: str) -> list[dict[str, str]]:
    """Return the rows of an authority's table; lines that start with # say where it is from."""
    with (AUTHORITIES / f"{name}.csv").open() as file:
        lines = file.readlines()
    assert lines[0].startswith("#"), f"{name} must say its source"
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))
