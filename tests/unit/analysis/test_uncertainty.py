"""Draws from the catalogue's ranges and one number at a time: what must hold whatever the numbers are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from equipoise.analysis import footprint, footprint_summary, footprint_uncertainty, swings
from equipoise.analysis.land import Land, Setting
from equipoise.analysis.regions import country_area_km2
from equipoise.analysis.uncertainty import fraction_quantiles
from equipoise.study import load_study
from equipoise.study.model import Study

# Cells of the coarse land grid are about 17 km; a footprint's edge of some 600 km then moves the share by this much.
COARSE_GRID = 0.03


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study("lofted-nodong")


@pytest.fixture(scope="module")
def land(study: Study) -> Land:
    return Land.of(study)


def test_land_cells_hold_the_whole_country(study: Study, land: Land) -> None:
    assert land.weights.sum() == pytest.approx(1.0, abs=1e-12)
    assert np.all(land.weights > 0.0)
    # The largest cell cannot hold more than its own area: 1/40 of the grid's height by 1/40 of its width.
    grid = study.grid
    height_km = np.degrees(grid.north_rad - grid.south_rad) * 111.3 / 40
    width_km = np.degrees(grid.east_rad - grid.west_rad) * 111.4 * np.cos(grid.south_rad) / 40
    assert land.weights.max() * country_area_km2("KOR") <= height_km * width_km


def test_central_setting_scores_as_the_footprint_does(study: Study, land: Land) -> None:
    fine = footprint_summary(footprint(study), study)
    assert land.score(Setting.central(study)).fraction[0] == pytest.approx(fine["defended_fraction"], abs=COARSE_GRID)


def test_draws_do_not_depend_on_how_many_follow(study: Study, land: Land) -> None:
    few = footprint_uncertainty(study, draws=3, land=land)["defended_fraction"].values
    more = footprint_uncertainty(study, draws=5, land=land)["defended_fraction"].values
    assert np.array_equal(few, more[:3])
    other = footprint_uncertainty(study, draws=3, seed=study.uncertainty.seed + 1, land=land)
    assert not np.array_equal(few, other["defended_fraction"].values)


def test_how_a_radar_searches_moves_no_footprint(study: Study, land: Land) -> None:
    radar = study.defence.radar
    assert radar.search is not None
    ratio = replace(radar.required_snr, value=30.0, low=10.0, high=100.0)
    search = radar.search.model_copy(update={"beamwidth_rad": ratio, "dwell_s": ratio})
    drawn, swung = [], []
    for changes in ({"search": None, "rcs_ratio": None}, {"search": search, "rcs_ratio": ratio}):
        changed = replace(study, defence=replace(study.defence, radar=radar.model_copy(update=changes)))
        drawn.append(footprint_uncertainty(changed, draws=3, land=land)["defended_fraction"].values)
        swung.append(swings(changed, land=land))
    assert np.array_equal(*drawn)
    assert np.array_equal(drawn[0], footprint_uncertainty(study, draws=3, land=land)["defended_fraction"].values)
    assert swung[0] == swung[1]


def test_what_matters_to_raids_alone_moves_no_footprint(study: Study, land: Land) -> None:
    battery = study.defence.battery
    changes = {
        name: replace(battery.launchers, value=0.5, low=0.1, high=0.9)
        for name, field in type(battery).model_fields.items()
        if field.default is None and name != "radar"
    }
    assert {"track_capacity", "guidance_channels", "reload_time_s", "reliability", "track_probability"} <= set(changes)
    changed = replace(study, defence=replace(study.defence, battery=battery.model_copy(update=changes)))
    bare = replace(study, defence=replace(study.defence, battery=battery.model_copy(update=dict.fromkeys(changes))))
    drawn = [footprint_uncertainty(one, draws=3, land=land)["defended_fraction"].values for one in (changed, bare)]
    assert np.array_equal(*drawn)
    assert swings(changed, land=land) == swings(bare, land=land)


def test_probabilities_are_shares_of_the_draws(study: Study, land: Land) -> None:
    drawn = footprint_uncertainty(study, draws=4, land=land)
    values = drawn["place_probability_defended"].values
    assert set(np.unique(values[~np.isnan(values)])) <= {0.0, 0.25, 0.5, 0.75, 1.0}
    quantiles = fraction_quantiles(drawn)["nodong"]
    assert (
        quantiles["defended_fraction_p05"] <= quantiles["defended_fraction_p50"] <= quantiles["defended_fraction_p95"]
    )


def test_swings_name_what_moves_and_leave_out_what_does_not(study: Study, land: Land) -> None:
    found = {(swing.owner, swing.quantity): swing for swing in swings(study, land=land)}
    # A longer reach cannot shrink what is defended; a cost or the band of a kill moves no geometry.
    reach = found["thaad", "max_range"]
    assert (reach.low, reach.high, reach.unit) == (150.0, 200.0, "km")
    assert reach.fraction_low[0] < reach.fraction_high[0]
    assert ("thaad", "unit_cost") not in found
    assert ("thaad", "kill_probability") not in found
    widths = [swing.widest for swing in found.values()]
    assert widths == sorted(widths, reverse=True)


def test_swing_flips_are_those_of_the_scores(study: Study, land: Land) -> None:
    reach = next(swing for swing in swings(study, land=land) if swing.quantity == "max_range")
    central = Setting.central(study)
    record = central.interceptor
    met = [
        land.score(
            central.with_record(
                "interceptor",
                record.model_copy(update={"max_range_m": replace(record.max_range_m, value=end)}),
            )
        ).met[0, len(land.weights) :]
        for end in (record.max_range_m.low, record.max_range_m.high)
    ]
    flipped = {study.places[i].id for i in np.flatnonzero(met[0] != met[1])}
    assert flipped == {place for _, place in reach.flips}
    assert flipped
