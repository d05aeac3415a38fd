"""Print, for each ballistic missile of the catalogue, the propellant masses whose longest range is the published one.

The stage masses of most classes are assumed. Their propellant is set by this script, and by nothing else: the model's
longest range at full burn, azimuth 180 degrees from 39.0 N 125.7 E (central North Korea), rotating Earth, equals the
central published range. Where there are several stages, one common factor multiplies the propellant of each. Inert
mass, payload, burn time and specific impulse stay as the record has them.

Usage: python scripts/tune_stage_masses.py [ID ...]
"""

from __future__ import annotations

import math
import sys
from dataclasses import replace
from itertools import pairwise

from scipy.optimize import brentq

from equipoise.catalog import load_catalog
from equipoise.errors import InputError
from equipoise.physics import Missile, Site, fly, max_range

LAUNCH = Site.of_degrees(39.0, 125.7)
AZIMUTH_RAD = math.pi
# The search widens from the masses in the record by this factor, five times over at most, and ends this near. [1], [kg]
STEP = 1.15
WITHIN_KG = 0.1


def scaled(missile: Missile, factor: float) -> Missile:
    """Return a missile with the propellant of every stage multiplied by one factor."""
    stages = tuple(replace(stage, propellant_kg=factor * stage.propellant_kg) for stage in missile.stages)
    return replace(missile, stages=stages)


def longest_m(missile: Missile, factor: float) -> float:
    """Return the longest range [m] of a missile with its propellant multiplied by a factor.

    A missile too weak to lift off has no range.
    """
    try:
        changed = scaled(missile, factor)
    except InputError:
        return 0.0
    return fly(changed, LAUNCH, max_range(changed, LAUNCH, AZIMUTH_RAD)).range_m


def tuned_factor(missile: Missile, wanted_m: float) -> float:
    """Return the factor on the propellant that flies a range [m].

    Found outwards from 1, because a missile much too strong flies past the antipode, where ranges fall again.
    """
    step = STEP if longest_m(missile, 1.0) < wanted_m else 1.0 / STEP
    ends = [step**i for i in range(6)]
    for near, far in pairwise(ends):
        if (longest_m(missile, far) - wanted_m) * math.log(step) >= 0.0:
            now_kg = sum(stage.propellant_kg for stage in missile.stages)
            return float(brentq(lambda x: longest_m(missile, x) - wanted_m, near, far, xtol=WITHIN_KG / now_kg))
    raise SystemExit(
        f"{missile.name}: {wanted_m / 1e3:.0f} km is out of reach with {ends[-1]:.2f} times the propellant"
    )


def main(ids: list[str]) -> None:
    """Tune and print."""
    catalog = load_catalog()
    for missile_id in ids or list(catalog.ids("missile")):
        record = catalog.missile(missile_id)
        if not record.ballistic or record.published_range_m is None:
            continue
        missile = Missile.from_record(record)
        wanted_m = record.published_range_m.value
        tuned = scaled(missile, tuned_factor(missile, wanted_m))
        print(
            f"{missile_id:12s} published {wanted_m / 1e3:6.0f} km; propellant {masses(missile)} kg flies "
            f"{longest_m(missile, 1.0) / 1e3:6.0f} km; tuned {masses(tuned)} kg, "
            f"{tuned.launch_mass_kg / 1e3:.1f} t at launch"
        )


def masses(missile: Missile) -> str:
    """Return the propellant masses of the stages [kg], first to last."""
    return " + ".join(f"{stage.propellant_kg:.0f}" for stage in missile.stages)


if __name__ == "__main__":
    main(sys.argv[1:])
