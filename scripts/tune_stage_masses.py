"""Print, for each ballistic missile of the catalogue, the propellant mass whose longest range is the published one.

The stage masses of the North Korean classes are assumed. Their propellant is set by this script, and by nothing else:
the model's longest range at full burn, azimuth 180 degrees from 39.0 N 125.7 E (central North Korea), rotating Earth,
equals the central published range. Inert mass, payload, burn time and specific impulse stay as the record has them.

Usage: python scripts/tune_stage_masses.py [ID ...]
"""

from __future__ import annotations

import math
import sys
from dataclasses import replace

from scipy.optimize import brentq

from equipoise.catalog import load_catalog
from equipoise.physics import Missile, Site, fly, max_range

LAUNCH = Site.of_degrees(39.0, 125.7)
AZIMUTH_RAD = math.pi


def longest_m(missile: Missile, propellant_kg: float) -> float:
    """Return the longest range [m] of a single-stage missile with another propellant mass."""
    changed = replace(missile, stages=(replace(missile.stages[0], propellant_kg=propellant_kg),))
    return fly(changed, LAUNCH, max_range(changed, LAUNCH, AZIMUTH_RAD)).range_m


def main(ids: list[str]) -> None:
    """Tune and print."""
    catalog = load_catalog()
    for missile_id in ids or list(catalog.ids("missile")):
        record = catalog.missile(missile_id)
        if not record.ballistic or len(record.stages) != 1 or record.published_range_m is None:
            continue
        missile = Missile.from_record(record)
        now_kg = missile.stages[0].propellant_kg
        wanted_m = record.published_range_m.value
        tuned_kg = brentq(lambda kg, m=missile, w=wanted_m: longest_m(m, kg) - w, 0.7 * now_kg, 2.0 * now_kg, xtol=0.5)
        print(
            f"{missile_id:12s} published {wanted_m / 1e3:6.0f} km; propellant {now_kg:6.0f} kg flies "
            f"{longest_m(missile, now_kg) / 1e3:6.0f} km; tuned {tuned_kg:6.0f} kg"
        )


if __name__ == "__main__":
    main(sys.argv[1:])
