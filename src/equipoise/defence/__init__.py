"""What a battery can reach, shoot and how often."""

from __future__ import annotations

from equipoise.defence.battery import Battery
from equipoise.defence.reach import Limits, Reach, reach_table

__all__ = ["Battery", "Limits", "Reach", "reach_table"]
