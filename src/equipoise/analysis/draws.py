"""Draws from the catalogue's ranges: a record with each of its numbers drawn between low and high."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import numpy as np
from pydantic import BaseModel

from equipoise.catalog.quantity import Sourced

M = TypeVar("M", bound=BaseModel)


def generator(seed: int, draw: int) -> np.random.Generator:
    """Return the counter-based generator of one draw: the same numbers in any order and on any number of workers."""
    return np.random.Generator(np.random.Philox(key=np.array([seed, draw], dtype=np.uint64)))


def triangle_quantile(share: float, low: float, peak: float, high: float) -> float:
    """Return the point of the triangle between ``low``, ``peak`` and ``high`` that a share in [0, 1] lies below.

    ``low`` must lie below ``high``.
    """
    width, top = high - low, (peak - low) / (high - low)
    offset = float(np.sqrt(share * top)) if share < top else 1.0 - float(np.sqrt((1.0 - share) * (1.0 - top)))
    return low + offset * width


def drawn_number(number: Sourced, rng: np.random.Generator) -> Sourced:
    """Return a number drawn from the triangle between its low, central and high value; one without a range stays.

    One random number is used in either case, so that a range added to one number leaves the draws of the others.
    """
    share = rng.random()
    if number.low == number.high:
        return number
    return replace(number, value=triangle_quantile(share, number.low, number.value, number.high))


def drawn(record: M, rng: np.random.Generator) -> M:
    """Return a record with every sourced number in it drawn anew, also those of nested parts."""
    changes: dict[str, object] = {}
    for name in type(record).model_fields:
        value = getattr(record, name)
        if isinstance(value, Sourced):
            changes[name] = drawn_number(value, rng)
        elif isinstance(value, BaseModel):
            changes[name] = drawn(value, rng)
        elif isinstance(value, tuple) and value and all(isinstance(item, BaseModel) for item in value):
            changes[name] = tuple(drawn(item, rng) for item in value)
    return record.model_copy(update=changes)
