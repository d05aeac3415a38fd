"""Maximum ranges that Forden (2007) published, flown from his inputs.

His pitch program is not in our sources, so ours is varied over plausible rates; nothing is tuned. One specific impulse
is given and used at every height, the drag is the default table, the launch is in North Korea. Whether his Earth turns
is not in our sources either, so both are flown.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from equipoise.analysis.flight_report import CENTRAL_NORTH_KOREA
from equipoise.analysis.validation.comparison import Authority, Comparison, Published, Tolerance
from equipoise.analysis.validation.flights import longest_flight
from equipoise.catalog import load_catalog, read_authority
from equipoise.physics import Missile, Stage

ID = "forden-2007"
PITCH_RATES_DEG_S = (1.0, 2.0, 3.0, 5.0)
TOLERANCE = Tolerance(relative=0.05, reason="a few per cent: his drag, steering and Earth are not in our sources")


def missile_of(row: Mapping[str, str], pitch_rate_deg_s: float) -> Missile:
    """Build the missile of one row, with a pitch rate [deg/s] of ours."""
    propellant_kg, payload_kg = float(row["propellant_kg"]), float(row["payload_kg"])
    impulse_s = float(row["specific_impulse_s"])
    stage = Stage(
        propellant_kg=propellant_kg,
        inert_kg=float(row["launch_mass_kg"]) - propellant_kg - payload_kg,
        isp_sea_level_s=impulse_s,
        isp_vacuum_s=impulse_s,
        burn_time_s=float(row["burn_time_s"]),
        diameter_m=float(row["diameter_m"]),
    )
    default_drag = load_catalog().missile("scud-b").drag
    assert default_drag is not None
    table = tuple(zip(default_drag.mach, default_drag.cd, strict=True))
    return Missile(row["missile"], (stage,), payload_kg, table, pitch_rate_rad_s=math.radians(pitch_rate_deg_s))


def compare() -> Iterator[Comparison]:
    """Fly each missile as far as it goes, at each pitch rate, over a turning and over a still Earth."""
    for row in read_authority("forden_2007"):
        azimuth_rad = math.radians(float(row["azimuth_deg"]))
        for pitch_rate_deg_s in PITCH_RATES_DEG_S:
            missile = missile_of(row, pitch_rate_deg_s)
            for earth, rotation in (("turning", True), ("still", False)):
                arc = longest_flight(missile, CENTRAL_NORTH_KOREA, azimuth_rad, rotation=rotation)
                yield Comparison(
                    ID,
                    "forden-2007",
                    f"{row['missile']}, pitch at {pitch_rate_deg_s:g} deg/s, {earth} Earth",
                    "greatest range",
                    "km",
                    Published.number(float(row["max_range_km"])),
                    arc.range_m / 1e3,
                    TOLERANCE,
                )


AUTHORITY = Authority(
    ID,
    "Forden (2007): greatest ranges",
    "published",
    "His launch mass, propellant, payload, burn time, specific impulse and diameter, flown at azimuth 40 degrees from "
    "39.0 N, 125.7 E. His steering is not in our sources, so the rate at which the thrust pitches over is varied. At 1 "
    "degree a second the No-dong's 70 s of thrust end before it lies at the angle of longest range.",
    compare,
)
