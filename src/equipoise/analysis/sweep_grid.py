"""What every sweep has in common: a grid of varied numbers, and the columns that a figure draws."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from equipoise.analysis.subject import Columns, Subject
from equipoise.analysis.varied import Value, Varied


@dataclass(frozen=True)
class Curve:
    """A column of the result that a figure draws.

    Attributes
    ----------
    column : str
        Its name.
    label : str
        What the legend calls it.
    axis : str
        What the axis measures, with its unit.
    factor, low, high : float
        From the column to the axis, and the ends of the axis.
    """

    column: str
    label: str
    axis: str
    factor: float
    low: float
    high: float


class Sweep(Subject, Protocol):
    """A subject whose points are a grid of varied numbers."""

    @property
    def varied(self) -> tuple[Varied, ...]:
        """What is varied; the last key turns fastest."""

    @property
    def curves(self) -> tuple[Curve, ...]:
        """What a figure draws."""

    @property
    def title(self) -> str:
        """Of the study."""


@dataclass(frozen=True)
class Grid:
    """What sweeps of every kind of study know of themselves.

    Parameters
    ----------
    text, name : str
        Of the study's file, and what messages call it: all that travels to a worker.
    varied : tuple of Varied
        What is varied; without any, there is one point.
    """

    text: str
    name: str
    varied: tuple[Varied, ...]

    @property
    def points(self) -> int:
        """Number of points of the grid."""
        return math.prod(len(one.values) for one in self.varied)

    def coordinates(self, start: int, stop: int) -> Columns:
        """Return the varied values."""
        return grid_columns(self.varied, start, stop) if self.varied else {}

    def digest(self, *also: object) -> str:
        """Return the SHA-256 of study, grid and whatever else decides the result; the catalogue is part of the code."""
        grid = [[one.key, one.unit, list(one.values)] for one in self.varied]
        return hashlib.sha256(json.dumps([self.text, grid, *also]).encode()).hexdigest()


def grid_columns(varied: Sequence[Varied], start: int, stop: int) -> Columns:
    """Return the values of each key at the points ``start`` to ``stop``; the last key turns fastest."""
    shape = tuple(len(one.values) for one in varied)
    indices = np.unravel_index(np.arange(start, stop), shape)
    return {one.column: np.array(one.values)[index] for one, index in zip(varied, indices, strict=True)}


def values_at(varied: Sequence[Varied], point: int) -> dict[str, Value]:
    """Return the value of each key in SI at a point of the grid."""
    indices = np.unravel_index(point, tuple(len(one.values) for one in varied))
    return {one.key: one.si[int(index)] for one, index in zip(varied, indices, strict=True)}


def varied_fields(varied: Sequence[Varied]) -> list[dict[str, Any]]:
    """Return what is varied as plain values, for ``results.json``."""
    return [{"key": one.key, "column": one.column, "unit": one.unit, "values": list(one.values)} for one in varied]
