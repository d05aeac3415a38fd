"""Tables as CSV, the same bytes each time."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any


def csv_text(rows: Iterable[Mapping[str, Any]]) -> str:
    """Write rows under the columns in order of first appearance; what a row lacks is empty.

    Parameters
    ----------
    rows : iterable of mapping
        Plain values by column; a None is empty.
    """
    listed = list(rows)
    columns = list(dict.fromkeys(name for row in listed for name in row))
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n", restval="")
    writer.writeheader()
    writer.writerows(listed)
    return text.getvalue()
