"""Free flight with the closed form's speed and elevation; the relations are in ``test_published_results.py``."""

from __future__ import annotations

import pytest

from equipoise.analysis.validation.least_energy import A_M, RANGES_KM, RELATION, fly_free, least_energy
from equipoise.physics import flight_kernels as fk
from equipoise.physics.earth_kernels import ecef_to_geodetic


@pytest.mark.parametrize("range_km", RANGES_KM)
def test_speed_and_elevation_of_least_energy_fly_the_range(range_km: float) -> None:
    phi = range_km * 1e3 / A_M
    closed = least_energy(phi)
    arc = fly_free(closed.speed_mps, closed.elevation_rad)
    _, lon_rad, _ = ecef_to_geodetic(*arc[fk.S_IMPACT : fk.S_IMPACT + 3])
    # Range moves 2 and more times faster than speed: the relation is met in speed.
    faster = fly_free(closed.speed_mps * (1.0 + RELATION.relative), closed.elevation_rad)
    slower = fly_free(closed.speed_mps * (1.0 - RELATION.relative), closed.elevation_rad)
    assert slower[fk.S_LON] < phi < faster[fk.S_LON]
    assert lon_rad == pytest.approx(phi, rel=3 * RELATION.relative)
    assert arc[fk.S_APOGEE_M] == pytest.approx(closed.apogee_m, rel=2 * RELATION.relative)
    assert arc[fk.S_IMPACT_T] == pytest.approx(closed.time_s, rel=2 * RELATION.relative)
