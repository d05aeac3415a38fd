"""Flight over the rotating Earth: kernels under thin objects."""

from __future__ import annotations

from equipoise.physics.aiming import aim_at, max_range
from equipoise.physics.flight import Aim, State, Trajectory, fly, fly_many
from equipoise.physics.geodesy import Site, destination, geodesic
from equipoise.physics.missile import Missile, Stage

__all__ = [
    "Aim",
    "Missile",
    "Site",
    "Stage",
    "State",
    "Trajectory",
    "aim_at",
    "destination",
    "fly",
    "fly_many",
    "geodesic",
    "max_range",
]
