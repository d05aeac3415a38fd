"""What readers call an uncertain input of a study, and how its range is written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from equipoise.catalog.radars import HARDWARE
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


def factor_name(study: Study, factor: Factor) -> str:
    """Name a factor of a sensitivity analysis; a number of one published range says of which.

    Parameters
    ----------
    study : Study
        The study.
    factor : Factor
        From :func:`equipoise.analysis.sensitivity.footprint_sensitivity`.
    """
    if factor.alternatives:
        return "radar: which published range"
    name = input_name(study, factor.owner, factor.quantity)
    of = factor.quantity.partition(" (")[2].rstrip(")")
    return f"{name} ({_range_km(study, of)}\N{NO-BREAK SPACE}km)" if of else name


def factor_range(study: Study, factor: Factor) -> str:
    """Write what a factor was drawn from: ``150 to 200 km``, or ``600, 870 or 1,500 km``."""
    if factor.alternatives:
        published = [_range_km(study, name) for name in factor.alternatives if name != HARDWARE]
        words = f"{', '.join(published)}\N{NO-BREAK SPACE}km"
        return f"{words} or by hardware" if HARDWARE in factor.alternatives else words
    assert factor.low is not None
    assert factor.high is not None
    return input_range(factor.quantity, factor.unit, factor.low, factor.high)


def _range_km(study: Study, name: str) -> str:
    return plain_number(study.defence.radar.range_named(name).range_m.value / 1e3)
