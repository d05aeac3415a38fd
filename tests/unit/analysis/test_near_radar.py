"""Power density near a radar: what the command and the figure show."""

from __future__ import annotations

import numpy as np
import pytest

from equipoise.analysis.near_radar import near_radar
from equipoise.catalog import load_catalog, read_authority


def test_the_still_beam_far_away_is_power_times_gain_over_the_sphere() -> None:
    near = near_radar(load_catalog().radar("an-tpy-2"), np.array([10e3, 50e3]))
    assert near is not None
    # 81 kW and a gain of 4 pi 0.8 9.2 / 0.03^2 = 1.03e5: 6.6e8 W over R^2, as worked out by hand. The wavelength at
    # 10 GHz is 0.07 % shorter than 3 cm, and at 10 km the beam is still 0.1 % under its far field.
    assert near.beam_w_m2 * near.distance_m**2 == pytest.approx(81e3 * 1.0276e5 / (4.0 * np.pi), rel=0.005)


def test_the_band_holds_its_middle_and_falls_with_the_square() -> None:
    near = near_radar(load_catalog().radar("an-tpy-2"), np.array([100.0, 1000.0]))
    assert near is not None
    assert np.all(near.low_w_m2 < near.central_w_m2)
    assert np.all(near.central_w_m2 < near.high_w_m2)
    assert near.central_w_m2[0] == pytest.approx(100.0 * near.central_w_m2[1])
    assert near.public_limit_w_m2 == 10.0


def test_every_measurement_with_a_place_is_shown_as_published() -> None:
    near = near_radar(load_catalog().radar("an-tpy-2"))
    assert near is not None
    placed = [row for row in read_authority("radiation_measurements") if row["distance_m"]]
    assert [(one.site, f"{one.density_w_m2:g}") for one in near.measured] == [
        (row["site"], f"{float(row['power_density_w_m2']):g}") for row in placed
    ]
    assert len(placed) == 5


def test_a_radar_of_which_nothing_is_assumed_has_none() -> None:
    assert near_radar(load_catalog().radar("uewr")) is None
