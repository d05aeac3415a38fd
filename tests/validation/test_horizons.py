"""The radar's view over the 4/3 Earth; the heights worked out by hand are in ``test_published_results.py``."""

from __future__ import annotations

import math

import pytest

from equipoise.analysis.validation.horizons import FLOOR_DEG, seen_from_km
from equipoise.catalog import read_authority

ROWS = read_authority("horizon_four_thirds_earth")


@pytest.mark.parametrize("elevation_deg", [0.0, FLOOR_DEG])
@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["ground_distance_km"])
def test_what_is_seen_at_one_height_is_seen_from_there_up(row: dict[str, str], elevation_deg: float) -> None:
    _, all_above = seen_from_km(float(row["ground_distance_km"]) * 1e3, math.radians(elevation_deg))
    assert all_above


def test_refraction_hides_less_than_straight_rays() -> None:
    for row in ROWS:
        assert float(row["hidden_below_refracted_km"]) < float(row["hidden_below_straight_km"])
