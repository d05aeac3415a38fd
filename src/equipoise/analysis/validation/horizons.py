"""Heights that the 4/3 Earth hides from a radar, by formula and as the radar's own view has them."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from scipy.optimize import brentq

from equipoise.analysis.validation.comparison import Authority, Comparison, Published, Tolerance
from equipoise.catalog import read_authority
from equipoise.physics import Site, destination
from equipoise.physics.earth_kernels import geodetic_to_ecef
from equipoise.sensors import visibility_kernels as vk
from equipoise.sensors.radar import Radar, horizon_range_m, look_at

ID = "four-thirds-earth"
FORMULA = Tolerance(absolute=0.55, reason="worked out to 1 km")
STEP_KM = 0.25
VIEW = Tolerance(
    absolute=FORMULA.absolute + STEP_KM,
    relative=0.005,
    reason="worked out to 1 km, looked for every 0.25 km; the ellipsoid is 0.2 % off the sphere in radius and height",
)
FLOOR_DEG = 5.0
COLUMNS = (("hidden_below_refracted_km", 0.0), ("hidden_below_floor_km", FLOOR_DEG))
SITE = Site.of_degrees(35.92, 128.28)
AZIMUTH_RAD = math.radians(300.0)
HEIGHTS_KM = np.arange(1.0, 1000.0, STEP_KM)


def radar_with(floor_rad: float) -> Radar:
    """Return a radar that sees everything above an elevation floor [rad]."""
    return Radar(
        name="everywhere",
        range_name="all",
        reference_range_m=1e8,
        reference_rcs_m2=1.0,
        reference_snr=20.0,
        azimuth_half_width_rad=math.pi,
        elevation_floor_rad=floor_rad,
        elevation_max_rad=math.pi / 2,
        confirm_time_s=0.0,
    )


def hidden_km(distance_m: float, elevation_rad: float) -> float:
    """Return the height below which the formula hides a target at a distance."""
    height_m = brentq(lambda height: horizon_range_m(height, elevation_rad) - distance_m, 1.0, 3e6)
    return float(height_m) / 1e3


def seen_from_km(distance_m: float, elevation_rad: float) -> tuple[float, bool]:
    """Return the lowest height that the radar's view sees at a distance, and whether it sees all above."""
    radar = radar_with(elevation_rad)
    there = destination(SITE, AZIMUTH_RAD, distance_m)
    points = np.array([geodetic_to_ecef(there.lat_rad, there.lon_rad, 1e3 * height) for height in HEIGHTS_KM])
    seen = look_at(radar, radar.view(SITE, 0.0, 1.0), points).reason == vk.VISIBLE
    return float(HEIGHTS_KM[np.argmax(seen)]), bool(np.all(np.diff(seen.astype(int)) >= 0))


def compare() -> Iterator[Comparison]:
    """Compare the heights of each row, on the horizon and on the elevation floor."""
    for column, floor_deg in COLUMNS:
        for row in read_authority("horizon_four_thirds_earth"):
            distance_m = float(row["ground_distance_km"]) * 1e3
            case = f"{row['ground_distance_km']} km away, " + (
                f"floor of {floor_deg:g} deg" if floor_deg else "horizon"
            )
            theirs = Published.number(float(row[column]))
            for quantity, ours, tolerance in (
                ("hidden below, by formula", hidden_km(distance_m, math.radians(floor_deg)), FORMULA),
                ("lowest height seen", seen_from_km(distance_m, math.radians(floor_deg))[0], VIEW),
            ):
                yield Comparison(ID, "skolnik-2001", case, quantity, "km", theirs, ours, tolerance)


AUTHORITY = Authority(
    ID,
    "Horizons over the 4/3 Earth",
    "theory",
    "Heights hidden from a radar at sea level, worked out by hand on a sphere of 4/3 the Earth's radius; ours by "
    "formula, and as the radar's view on the ellipsoid has them.",
    compare,
)
