"""Equipoise: the open laboratory for missile defence and strategic stability.

The names below come from the floors on first use, so that importing the package loads nothing heavy.

>>> import equipoise
>>> nodong = equipoise.Missile.from_record(equipoise.load_catalog().missile("nodong"))
>>> round(equipoise.fly(nodong, equipoise.Site.of_degrees(39.0, 125.7), equipoise.Aim(2.4, 0.8)).apogee_m / 1e3)
376
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from equipoise._version import __version__

_HOME = {
    "Aim": "physics",
    "Missile": "physics",
    "Site": "physics",
    "aim_at": "physics",
    "fly": "physics",
    "max_range": "physics",
    "load_catalog": "catalog",
    "load_network_study": "study",
    "load_study": "study",
    "coverage": "analysis",
    "FlightReport": "analysis",
    "engagement": "analysis",
    "flight_test": "analysis",
    "footprint": "analysis",
    "run_network": "analysis",
    "run_study": "analysis",
    "validate": "analysis.validation",
}

__all__ = [
    "Aim",
    "FlightReport",
    "Missile",
    "Site",
    "__version__",
    "aim_at",
    "coverage",
    "engagement",
    "flight_test",
    "fly",
    "footprint",
    "load_catalog",
    "load_network_study",
    "load_study",
    "max_range",
    "run_network",
    "run_study",
    "validate",
]


def __getattr__(name: str) -> Any:
    """Return a public name from the floor where it lives."""
    if name in _HOME:
        return getattr(import_module(f"equipoise.{_HOME[name]}"), name)
    raise AttributeError(f"module 'equipoise' has no attribute {name!r}")


def __dir__() -> list[str]:
    """List the public names."""
    return sorted(__all__)
