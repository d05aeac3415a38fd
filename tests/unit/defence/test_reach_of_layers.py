"""The bundled interceptors: their tables against flights of their own, and whether they come as far as is published."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from scipy import ndimage

from equipoise.analysis.draws import drawn, generator
from equipoise.arrays import FloatArray
from equipoise.catalog import load_catalog
from equipoise.defence import Reach, reach_table
from equipoise.defence.reach import interceptor_missile
from equipoise.physics import flight_kernels as fk

CATALOG = load_catalog()
MEAN_RADIUS_M, EQUATOR_M = 6371008.8, 6378137.0
# How much later than a flown arc the table may be: what straight lines between nodes and arcs cost. Most at the lowest
# altitudes, where arcs come down steeply; slow falling arcs near the edge of an SM-3 Block IIA's reach are worst.
LATE_S = {"pac-3-mse": 0.02, "l-sam": 0.1, "thaad": 0.1, "sm-3-ib": 0.02, "sm-3-iia": 3.0, "gbi": 0.3}
pytestmark = pytest.mark.parametrize("id", CATALOG.ids("interceptor"))


@cache
def reach_of(id: str) -> Reach:
    return reach_table(CATALOG.interceptor(id), cached=False)


def flown(id: str, elevation_deg: float) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return times [s], ground ranges and altitudes [m] of one flight over a still Earth, along the equator."""
    missile = interceptor_missile(CATALOG.interceptor(id))
    nodes, summary = np.empty((4096, fk.NODE_SIZE)), np.empty(fk.SUMMARY_SIZE)
    arrays = (missile.stage_array, missile.vehicle_array, missile.drag_array)
    angle = math.radians(elevation_deg)
    fk.fly_arc(*arrays, 0.0, 0.0, math.pi / 2, angle, math.inf, 0.0, 0.1, nodes, summary)
    count = int(summary[fk.S_NODES])
    times = np.linspace(1.0, min(nodes[count - 1, 0], reach_of(id).limits.max_flight_time_s), 400)
    states = np.empty((len(times), 6))
    fk.sample_arc(nodes, count, times, states)
    ground = np.arctan2(states[:, 1], states[:, 0]) * MEAN_RADIUS_M
    return times, ground, np.linalg.norm(states[:, :3], axis=1) - EQUATOR_M


def test_tables_agree_with_flights_between_their_elevations(id: str) -> None:
    reach, limits = reach_of(id), reach_of(id).limits
    compared, on_the_front = 0, 0
    for elevation in np.arange(6.13, 90.0, 5.37):
        times, ground, altitude = flown(id, elevation)
        # Two cells off the edge of reach: a cell with a corner beyond it counts as out of reach.
        beyond = reach.time_to(ground + 2.0 * reach.step_m, altitude)
        inside = (altitude >= limits.min_altitude_m) & (altitude <= limits.max_altitude_m) & (ground >= 0.0)
        inside &= (ground <= limits.max_range_m - 2.0 * reach.step_m) & np.isfinite(beyond)
        late = reach.time_to(ground[inside], altitude[inside]) - times[inside]
        assert np.all(late <= LATE_S[id])
        compared += len(late)
        on_the_front += int(np.sum(late > -LATE_S[id]))
    assert compared > 100
    # The table is no quicker than flights either: most points of the fan are reached first by the flight itself.
    assert on_the_front > 0.7 * compared


def test_there_is_no_hole_in_reach(id: str) -> None:
    reach, limits = reach_of(id), reach_of(id).limits
    inside = reach.table[:, math.ceil(limits.min_altitude_m / reach.step_m) :]
    holes, count = ndimage.label(np.isinf(inside))
    # What is out of reach is one region, beyond the farthest arcs.
    assert count <= 1
    assert not np.isinf(inside[:20]).any()
    assert count == 0 or holes[-1].any()


def test_published_range_and_altitude_are_reached_somewhere(id: str) -> None:
    reach, limits = reach_of(id), reach_of(id).limits
    altitudes = np.linspace(limits.min_altitude_m, limits.max_altitude_m, 200)
    assert np.isfinite(reach.time_to(limits.max_range_m, altitudes)).any()
    assert np.isfinite(reach.time_to(np.linspace(0.0, limits.max_range_m, 200), limits.max_altitude_m)).any()
    assert np.isfinite(reach.time_to(np.linspace(0.0, limits.max_range_m, 200), limits.min_altitude_m)).all()


def test_every_limit_cuts(id: str) -> None:
    reach, limits = reach_of(id), reach_of(id).limits
    middle = 0.5 * (limits.min_altitude_m + limits.max_altitude_m)
    assert np.isinf(reach.time_to(limits.max_range_m + 0.1, np.linspace(0.0, limits.max_altitude_m, 50))).all()
    assert np.isinf(reach.time_to(0.0, limits.max_altitude_m + 0.1))
    assert np.isinf(reach.time_to(0.0, limits.min_altitude_m - 0.1))
    assert np.isfinite(reach.time_to(0.0, middle))
    times = reach.time_to(np.linspace(0.0, limits.max_range_m, 300)[:, None], np.linspace(0.0, 2.0 * middle, 200))
    assert times[np.isfinite(times)].max() <= limits.max_flight_time_s


def test_the_ends_of_every_sourced_range_fly(id: str) -> None:
    record = CATALOG.interceptor(id)
    for name in ("burnout_speed_mps", "burn_time_s", "isp_vacuum_s", "launch_mass_kg", "structure_share", "stages"):
        number = getattr(record, name)
        for end in () if number is None else (number.low, number.high):
            changed = record.model_copy(update={name: replace(number, value=end)})
            assert interceptor_missile(changed).payload_kg > 0.0


def test_draws_from_the_sourced_ranges_fly(id: str) -> None:
    record = CATALOG.interceptor(id)
    for draw in range(40):
        assert interceptor_missile(drawn(record, generator(1, draw))).payload_kg > 0.0
