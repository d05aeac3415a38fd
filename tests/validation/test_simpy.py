"""The bundled raid, and harder ones made of it, run by run against the same raid as processes in SimPy."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest
import simpy_raid
from made_raids import difference

from equipoise.analysis.raid import Raid, RaidField, RaidSetting, prepare
from equipoise.study import load_raid_study
from equipoise.study.raid_model import LayerPlacement

RUNS = 12
SEED = 2017


@cache
def field() -> RaidField:
    return RaidField.of(load_raid_study("seongju-raid"))


def check(raid: Raid) -> None:
    twin = simpy_raid.Raid(raid.missiles, raid.tables, raid.layers, raid.shared)
    ours = raid.rows(RUNS, SEED, first_run=1000)
    for row in range(RUNS):
        assert difference(ours, row, twin.run(SEED, 1000 + row)) == ""


def with_numbers(layer: LayerPlacement, **numbers: float) -> LayerPlacement:
    """Return a layer whose battery has other numbers; in SI."""
    changed = {name: replace(layer.battery.launchers, value=value) for name, value in numbers.items()}
    return replace(layer, battery=layer.battery.model_copy(update=changed))


def with_layers(*layers: LayerPlacement) -> RaidField:
    return replace(field(), study=replace(field().study, layers=layers))


@pytest.mark.parametrize("size", [1, 40, 120])
def test_the_bundled_raid(size: int) -> None:
    check(prepare(field(), size=size))


@pytest.mark.parametrize("coordination", ["shared", "independent"])
def test_two_layers_short_of_tracks_channels_and_rounds(coordination: str) -> None:
    own = field().study.layers[0]
    first = with_numbers(own, track_capacity=3, launchers=2, spare_rounds=6, reload_time_s=60.0, reliability=0.7)
    second = replace(
        with_numbers(own, guidance_channels=2, launchers=1, launcher_spacing_s=8.0, track_probability=0.8),
        id="second",
        batteries=2,
    )
    found = with_layers(first, second)
    found = replace(found, study=replace(found.study, coordination=coordination))
    raid = prepare(found)
    check(raid)
    tally = raid.rows(RUNS, SEED, first_run=1000)
    assert np.all(tally.spent.sum(axis=0) > 0)
    # Launch rate, channels and tracks all turn missiles away; rounds do so in the raid of 120.
    assert np.all(tally.refused.sum(axis=(0, 1))[1:] > 0)


def test_a_layer_of_few_tracks_that_launches_before_its_own_radar_sees() -> None:
    found = with_layers(with_numbers(field().study.layers[0], track_capacity=4))
    setting = RaidSetting.central(found.study)
    windows = tuple(
        tuple(replace(window, detection_s=window.first_launch_s + 15.0) for window in row)
        for row in found.windows(setting)
    )
    raid = Raid.of(found.study, windows, setting)
    # Every missile asks for its track when it can first be fired at, and those that get it at once are fired at then.
    first_s = raid.missiles.launch_s + raid.tables.first_launch_s[0, raid.missiles.salvo]
    np.testing.assert_array_equal(raid.order_s, np.sort(first_s[np.isfinite(first_s)]))
    check(raid)
    assert raid.log(0, SEED)[0, 0] == raid.order_s[0]
