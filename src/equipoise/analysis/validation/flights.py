"""Flights that several authorities ask for."""

from __future__ import annotations

from equipoise.physics import Missile, Site, Trajectory, fly, max_range


def longest_flight(missile: Missile, launch: Site, az_rad: float, *, rotation: bool = True) -> Trajectory:
    """Fly a missile as far as it goes along an azimuth [rad]."""
    return fly(missile, launch, max_range(missile, launch, az_rad, rotation=rotation), rotation=rotation)
