"""The missile classes are missiles, and the reported flights come down where they are aimed.

Their greatest ranges and apogees against published ones are in ``test_published_results.py``.
"""

from __future__ import annotations

import pytest

from equipoise.analysis.validation.reported_apogees import FLIGHTS, Flight, flown
from equipoise.catalog import load_catalog
from equipoise.physics import Missile

BALLISTIC = [id for id in load_catalog().ids("missile") if load_catalog().missile(id).ballistic]


@pytest.mark.parametrize("flight", [flight for flight in FLIGHTS if flight.kind], ids=lambda flight: flight.missile)
def test_a_reported_distance_is_flown(flight: Flight) -> None:
    assert flown(flight).range_m / 1e3 == pytest.approx(float(flight.reported()["distance_km"]), rel=1e-3)


@pytest.mark.parametrize("id", BALLISTIC)
def test_thrust_and_launch_mass_are_those_of_a_missile(id: str) -> None:
    # It lifts off, and no faster than liquid missiles do.
    missile = Missile.from_record(load_catalog().missile(id))
    stage = missile.stages[0]
    thrust_over_weight = stage.propellant_kg / stage.burn_time_s * stage.isp_sea_level_s / missile.launch_mass_kg
    assert 1.2 < thrust_over_weight < 2.5
