"""Values as outside authorities published them, bundled as plain tables.

The tables lie in ``equipoise/authorities``; its README says what their columns are and where each is from. They are
what the model is held against, and nothing that a computation takes in.
"""

from __future__ import annotations

import csv
from functools import cache
from pathlib import Path

from equipoise.errors import UnknownIdError

AUTHORITIES = Path(__file__).parents[1] / "authorities"


def authority_names() -> tuple[str, ...]:
    """Return the names of the bundled tables, sorted."""
    return tuple(sorted(path.stem for path in AUTHORITIES.glob("*.csv")))


@cache
def read_authority(name: str) -> tuple[dict[str, str], ...]:
    """Return the rows of one table, as written.

    Parameters
    ----------
    name : str
        Of the table, without suffix, for example ``"forden_2007"``.

    Returns
    -------
    tuple of dict
        One dictionary a row, by column; an empty cell is an empty text.

    Raises
    ------
    UnknownIdError
        If there is no such table; the message suggests the nearest.

    Examples
    --------
    >>> read_authority("forden_2007")[0]["max_range_km"]
    '288'
    """
    path = AUTHORITIES / f"{name}.csv"
    if name not in authority_names():
        raise UnknownIdError.of("authority", name, authority_names())
    with path.open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))
