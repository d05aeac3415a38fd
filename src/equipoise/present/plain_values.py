"""Results as plain values for JSON: numbers to nine digits, never a nan."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from equipoise.errors import NumericalError

_SIGNIFICANT_DIGITS = 9


def plain(value: Any, where: str = "") -> Any:
    """Return strings, numbers, truth values, None, and lists and mappings of them as they go into JSON.

    Parameters
    ----------
    value : object
        NumPy's scalars and arrays among it become Python's.
    where : str
        What messages call it.

    Raises
    ------
    NumericalError
        If a number is not finite; the message says which.
    """
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        if not math.isfinite(value):
            raise NumericalError(f"{where.lstrip('.')}: the result is {value}, not a finite number")
        return float(f"{value:.{_SIGNIFICANT_DIGITS}g}")
    if isinstance(value, Mapping):
        return {str(key): plain(item, f"{where}.{key}") for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        if all(type(item) is int for item in value):
            return list(value)
        return [plain(item, f"{where}[{i}]") for i, item in enumerate(value)]
    if hasattr(value, "tolist"):  # NumPy scalars and arrays
        return plain(value.tolist(), where)
    return value
