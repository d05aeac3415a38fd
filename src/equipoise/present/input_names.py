"""What readers call an uncertain input of a study, and how its range is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from equipoise.catalog.radars import HARDWARE, RadarRecord
from equipoise.present.provenance import field_words, plain_number, plain_unit

if TYPE_CHECKING:
    from equipoise.analysis.sobol import Factor
    from equipoise.study import Study


def input_name(study: Study, owner: str, quantity: str) -> str:
    """Name an input: ``interceptor: burnout speed``.

    Parameters
    ----------
    study : Study
        The study.
    owner, quantity : str
        Catalogue id (or ``study``) and field. What stands in brackets behind the field is left out.
    """
    defence = study.defence
    if owner == "study":
        return "direction of the radar's face" if quantity == "boresight" else field_words(quantity)
    owners = {defence.interceptor.id: "interceptor", defence.radar.id: "radar", defence.battery.id: "battery"}
    owners |= {threat.missile.id: threat.missile.name for threat in study.threats}
    return f"{owners.get(owner, owner)}: {field_words(quantity.split(' (')[0])}"


def input_range(quantity: str, unit: str, low: float, high: float) -> str:
    """Write the range of an input as its file does: ``2.6 to 2.8 km/s``; directions stay below 360 degrees."""
    ends = [round(end % 360.0, 6) if quantity == "boresight" else end for end in (low, high)]
    short = {"deg": "°", "1": ""}.get(unit, f"\N{NO-BREAK SPACE}{plain_unit(unit)}")
    return f"{plain_number(ends[0])} to {plain_number(ends[1])}{short}"


@dataclass(frozen=True)
class FactorNames:
    """Names the factors of a sensitivity analysis.

    Parameters
    ----------
    owners : mapping of str to str
        What readers call each catalogue id.
    radars : mapping of str to RadarRecord
        The radars whose published ranges are chosen from, by id.
    """

    owners: Mapping[str, str]
    radars: Mapping[str, RadarRecord]

    def name(self, factor: Factor) -> str:
        """Name a factor; a number of one published range says of which."""
        if factor.owner == "study":
            layer, _, quantity = factor.quantity.rpartition(".")
            words = "direction of the radar's face" if quantity == "boresight" else field_words(quantity)
            return f"{field_words(layer)}: {words}" if layer else words
        owner = self.owners.get(factor.owner, factor.owner)
        if factor.alternatives:
            return f"{owner}: which published range"
        name = f"{owner}: {field_words(factor.quantity.split(' (')[0])}"
        of = factor.quantity.partition(" (")[2].rstrip(")")
        return f"{name} ({self._range_km(factor.owner, of)}\N{NO-BREAK SPACE}km)" if of else name

    def range(self, factor: Factor) -> str:
        """Write what a factor was drawn from: ``150 to 200 km``, or ``600, 870 or 1,500 km``."""
        if factor.alternatives:
            published = [self._range_km(factor.owner, name) for name in factor.alternatives if name != HARDWARE]
            words = f"{', '.join(published)}\N{NO-BREAK SPACE}km"
            return f"{words} or by hardware" if HARDWARE in factor.alternatives else words
        assert factor.low is not None
        assert factor.high is not None
        return input_range(factor.quantity.rpartition(".")[2], factor.unit, factor.low, factor.high)

    def _range_km(self, radar: str, name: str) -> str:
        return plain_number(self.radars[radar].range_named(name).range_m.value / 1e3)
