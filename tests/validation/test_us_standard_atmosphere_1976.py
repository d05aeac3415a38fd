"""The air is that of the U.S. Standard Atmosphere 1976: its published table, and another program's equations."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest
import ussa1976

from equipoise.physics.atmosphere_kernels import air

TABLE = Path(__file__).parents[2] / "authorities" / "us_standard_atmosphere_1976.csv"
# The promise; the table has four or five digits, and its values above 86 km are met by published fits.
TABLE_TOLERANCE = 5e-3
# Speed of sound is printed to 0.01 m/s; the rest is the kinetic temperature above 80 km, which the model leaves out.
SOUND_TOLERANCE_MPS = 0.06
# Same equations, another program; its layer above 80 km carries the falling molar mass (0.06 % at 86 km).
PROGRAM_TOLERANCE = 1e-3


def rows(quantity: str) -> list[tuple[float, float]]:
    with TABLE.open() as file:
        reader = csv.DictReader(line for line in file if not line.startswith("#"))
        return [(float(r["altitude_km"]), float(r[quantity])) for r in reader if r[quantity]]


@pytest.mark.parametrize(("altitude_km", "density"), rows("density_kg_m3"))
def test_density_is_the_tabulated_one(altitude_km: float, density: float) -> None:
    # 1,000 km is the top of the model's air: just below it.
    assert air(min(altitude_km * 1e3, 999_999.0))[0] == pytest.approx(density, rel=TABLE_TOLERANCE)


@pytest.mark.parametrize(("altitude_km", "pressure"), rows("pressure_pa"))
def test_pressure_is_the_tabulated_one(altitude_km: float, pressure: float) -> None:
    # The model's pressure ends at 86 km: just below it.
    assert air(min(altitude_km * 1e3, 85_999.0))[1] == pytest.approx(pressure, rel=TABLE_TOLERANCE)


@pytest.mark.parametrize(("altitude_km", "sound"), rows("sound_mps"))
def test_the_speed_of_sound_is_the_tabulated_one(altitude_km: float, sound: float) -> None:
    assert air(altitude_km * 1e3)[2] == pytest.approx(sound, abs=SOUND_TOLERANCE_MPS)


def test_below_86_km_another_program_finds_the_same_air() -> None:
    altitude_m = np.arange(0.0, 86e3, 137.0)
    theirs = ussa1976.compute(z=altitude_m, variables=["rho", "p", "cs"])
    ours = np.array([air(z) for z in altitude_m])
    np.testing.assert_allclose(ours[:, 0], theirs["rho"].values, rtol=PROGRAM_TOLERANCE)
    np.testing.assert_allclose(ours[:, 1], theirs["p"].values, rtol=PROGRAM_TOLERANCE)
    np.testing.assert_allclose(ours[:, 2], theirs["cs"].values, atol=SOUND_TOLERANCE_MPS)


def test_the_air_thins_without_a_break_up_to_its_top() -> None:
    density = np.array([air(z)[0] for z in np.arange(0.0, 999e3, 500.0)])
    assert np.all(np.diff(density) < 0.0)
    assert air(1000e3)[0] == 0.0
