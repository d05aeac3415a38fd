"""Equipoise: the open laboratory for missile defence and strategic stability."""

from __future__ import annotations

from equipoise._version import __version__

__all__ = ["__version__"]
