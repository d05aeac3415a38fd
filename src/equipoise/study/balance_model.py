"""What a ``balance`` section is once it has been read: forces and elements with their records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from equipoise.catalog.quantity import Sourced
from equipoise.catalog.records import ForceRecord, PublishedForce
from equipoise.study.balance_file import Alert


@dataclass(frozen=True, slots=True)
class BalanceForce:
    """A force, the headings of arcs it stands for, which share of it can be fired, and its rival counts.

    The first of ``counts`` is the central one.
    """

    id: str
    record: ForceRecord
    groups: tuple[str, ...]
    alert: Alert
    counts: tuple[PublishedForce, ...]

    @property
    def alert_share(self) -> Sourced:
        """The share that can be fired, as the study takes it."""
        return self.record.day_to_day_alert if self.alert == "day-to-day" else self.record.raised_alert


@dataclass(frozen=True, slots=True)
class BalanceElement:
    """What the balance is worked out with and without; ``variant`` is empty where no sensor goes with it."""

    id: str
    title: str
    batteries: tuple[str, ...]
    variant: str


@dataclass(frozen=True, slots=True)
class Yardstick:
    """A share of the arriving warheads, and what the study says it means."""

    share: float
    means: str


@dataclass(frozen=True, slots=True)
class BalanceSpec:
    """The section with its records.

    Attributes
    ----------
    launchers : mapping
        By battery of the engage section: its launchers, where they are not its record's number.
    sensitivity : int
        Base points of the Sobol indices; 0 for none.
    """

    forces: tuple[BalanceForce, ...]
    elements: tuple[BalanceElement, ...]
    launchers: Mapping[str, int]
    arsenal_sizes: tuple[int, ...]
    alert_rates: tuple[float, ...]
    matters: tuple[Yardstick, ...]
    draws: int
    seed: int
    sensitivity: int

    def force(self, id: str) -> BalanceForce:
        """Return one of the forces."""
        return next(force for force in self.forces if force.id == id)

    def element(self, id: str) -> BalanceElement:
        """Return one of the elements."""
        return next(element for element in self.elements if element.id == id)
