from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

import numpy as np
import pytest
from pydantic import BaseModel

from equipoise.analysis.draws import generator
from equipoise.analysis.raid import RaidField, prepare
from equipoise.analysis.raid_answers import leaked_share
from equipoise.analysis.raid_sensitivity import raid_sensitivity, raid_sensitivity_summary
from equipoise.analysis.raid_setting import RaidSetting, raid_inputs, range_choices
from equipoise.analysis.sensitivities import sensitivity_of
from equipoise.catalog.quantity import Sourced
from equipoise.errors import InputError
from equipoise.present.sensitivity_words import output_table, sensitivity_figure, wording
from equipoise.study import RaidStudy, load_any_study, load_raid_study

M = TypeVar("M", bound=BaseModel)


def without_ranges(record: M) -> M:
    """Return a record whose numbers are known."""
    numbers = {name: getattr(record, name) for name in type(record).model_fields}
    known = {
        name: replace(number, low=number.value, high=number.value)
        for name, number in numbers.items()
        if isinstance(number, Sourced)
    }
    return record.model_copy(update=known)


@pytest.fixture(scope="module")
def study() -> RaidStudy:
    whole = load_raid_study("seongju-raid")
    salvos = tuple(replace(salvo, count=1) for salvo in whole.salvos[3:4])
    return replace(whole, salvos=salvos, targets=whole.targets[3:4], weights=whole.weights[3:4])


@pytest.fixture(scope="module")
def field(study: RaidStudy) -> RaidField:
    return RaidField.of(study)


def test_every_input_moves_its_own_number_and_nothing_else(study: RaidStudy) -> None:
    central = RaidSetting.central(study)
    for one in raid_inputs(study, every_range=True):
        assert one.put(central, one.central) == central
        assert one.put(central, one.high) != central or one.high == one.central
        assert one.put(one.put(central, one.low), one.central) == central


def test_a_draw_is_every_input_at_a_share_of_its_range(study: RaidStudy) -> None:
    rng = generator(5, 0)
    setting = RaidSetting.central(study)
    for one in raid_inputs(study):
        setting = one.put(setting, one.quantile(rng.random()))
    assert setting == RaidSetting.drawn(study, generator(5, 0))


def test_layers_of_one_system_share_what_is_not_known_of_it(study: RaidStudy) -> None:
    first = study.layers[0]
    own = replace(first.interceptor.kill_probability, value=0.5, low=0.4, high=0.6)
    interceptor = first.interceptor.model_copy(update={"kill_probability": own})
    two = replace(study, layers=(first, replace(first, id="second", interceptor=interceptor)))
    kills = [one for one in raid_inputs(two) if one.quantity == "kill_probability"]
    assert len(kills) == 2
    speed = next(one for one in raid_inputs(two) if one.quantity == "burnout_speed")
    moved = speed.put(RaidSetting.central(two), speed.low)
    assert [layer.interceptor.burnout_speed_mps.value for layer in moved.layers] == [speed.low, speed.low]
    low = kills[1].put(RaidSetting.central(two), 0.4)
    assert [layer.interceptor.kill_probability.value for layer in low.layers][1] == 0.4
    assert low.layers[0] == RaidSetting.central(two).layers[0]


def test_rival_ranges_are_one_choice(study: RaidStudy) -> None:
    (choice,) = range_choices(study)
    ranges = {one.name: one.range_m.value for one in study.layers[0].radar.ranges} if study.layers[0].radar else {}
    assert [ranges[name] for name in choice.names] == sorted(ranges.values())
    assert choice.put(RaidSetting.central(study), "press-2000").layers[0].radar_range == "press-2000"


def test_one_missile_that_is_always_met_leaks_by_the_kill_probability_alone(study: RaidStudy, field: RaidField) -> None:
    # All ranges closed but the kill probability's: its indices are one, whatever the dice.
    layer = study.layers[0]
    central = RaidSetting.central(study)
    battery = without_ranges(layer.battery)
    interceptor = without_ranges(layer.interceptor).model_copy(
        update={"kill_probability": layer.interceptor.kill_probability}
    )
    assert layer.radar is not None
    taken = tuple(without_ranges(one) for one in layer.radar.ranges if one.name == layer.radar_range)
    radar = without_ranges(layer.radar).model_copy(update={"ranges": taken})
    alone = replace(
        study,
        layers=(replace(layer, battery=battery, interceptor=interceptor, radar=radar, boresight_spread_rad=0.0),),
    )
    assert {one.quantity for one in raid_inputs(alone)} == {"kill_probability", "rcs_nose"}
    found = raid_sensitivity(alone, samples=64, runs=400, field=RaidField(alone, field.trajectories, field.arcs))
    leaked = found.indices.outputs[0]
    by_name = {each.factor.quantity: each for each in leaked.factors}
    # 64 base points leave the indices known to about a third.
    assert by_name["kill_probability"].total == pytest.approx(1.0, abs=0.35)
    assert by_name["rcs_nose"].total == pytest.approx(0.0, abs=0.05)
    expected = leaked_share(prepare(field, central).run(400, study.chance.seed)).value
    low, _, high = leaked.quantiles
    assert low <= expected <= high


def test_threads_change_nothing_and_the_summary_is_plain(study: RaidStudy, field: RaidField) -> None:
    one = raid_sensitivity(study, samples=8, runs=50, field=field, threads=1)
    two = raid_sensitivity(study, samples=8, runs=50, field=field, threads=3)
    assert raid_sensitivity_summary(one) == raid_sensitivity_summary(two)
    summary = raid_sensitivity_summary(one)
    assert summary["runs_per_evaluation"] == 50
    assert [output["output"] for output in summary["outputs"]] == [
        "leaked_share",
        "weighted_leaked_share",
        "exhausted_probability_thaad",
    ]
    assert all(np.isfinite(output["mean"]) for output in summary["outputs"])


def test_words_and_figure_name_layers_and_ranges(study: RaidStudy, field: RaidField) -> None:
    found = raid_sensitivity(study, samples=8, runs=50, most=100, field=field)
    words = wording(found)
    names = [words.factor_name(factor) for factor in found.indices.factors]
    assert "AN/TPY-2: which published range" in names
    assert "thaad: direction of the radar's face" in names
    assert any("THAAD interceptor: kill probability" in name for name in names)
    assert words.output_title(found.indices.outputs[-1]) == "thaad: magazine spent"
    table = output_table(words, found.indices.outputs[0])
    assert table.caption.startswith("Missiles that leak: ")
    caption, _ = sensitivity_figure(found, "equipoise sensitivity seongju-raid")
    assert "outcome of the raid of 1 missiles" in caption.caption


def test_a_network_study_has_no_such_answer() -> None:
    with pytest.raises(InputError, match="kind: got network; allowed: footprint, raid"):
        sensitivity_of(load_any_study("russia-view"))
