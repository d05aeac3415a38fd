"""The air against another program's equations; the printed table is in ``test_published_results.py``."""

from __future__ import annotations

import numpy as np
import ussa1976

from equipoise.analysis.validation.standard_atmosphere import SOUND
from equipoise.physics.atmosphere_kernels import air

# Same equations, another program; its layer above 80 km carries the falling molar mass (0.06 % at 86 km).
PROGRAM_TOLERANCE = 1e-3


def test_below_86_km_another_program_finds_the_same_air() -> None:
    altitude_m = np.arange(0.0, 86e3, 137.0)
    theirs = ussa1976.compute(z=altitude_m, variables=["rho", "p", "cs"])
    ours = np.array([air(z) for z in altitude_m])
    np.testing.assert_allclose(ours[:, 0], theirs["rho"].values, rtol=PROGRAM_TOLERANCE)
    np.testing.assert_allclose(ours[:, 1], theirs["p"].values, rtol=PROGRAM_TOLERANCE)
    np.testing.assert_allclose(ours[:, 2], theirs["cs"].values, atol=SOUND.absolute)


def test_the_air_thins_without_a_break_up_to_its_top() -> None:
    density = np.array([air(z)[0] for z in np.arange(0.0, 999e3, 500.0)])
    assert np.all(np.diff(density) < 0.0)
    assert air(1000e3)[0] == 0.0
