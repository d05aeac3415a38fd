"""Sobol indices of a footprint: what is drawn, that short cuts change nothing, and what the answer holds."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from equipoise.analysis import footprint_sensitivity, sensitivity_summary
from equipoise.analysis.inputs import footprint_inputs
from equipoise.analysis.land import Land, Setting
from equipoise.analysis.sensitivity import MEAN, RADAR_RANGE, Sensitivity
from equipoise.analysis.shares import Shares
from equipoise.errors import InputError
from equipoise.study import load_study
from equipoise.study.model import Study

# Enough land for what holds at any size.
CELLS = 8


@pytest.fixture(scope="module")
def study() -> Study:
    """Two threats from two launch areas each, with three of the published ranges."""
    whole = load_study("seongju")
    threats = tuple(replace(threat, launch_areas=threat.launch_areas[:2]) for threat in whole.threats[1:])
    return replace(whole, threats=threats, radar_ranges=("press-2000", "ministry-600", "lewis-postol-870"))


@pytest.fixture(scope="module")
def found(study: Study) -> Sensitivity:
    return footprint_sensitivity(study, samples=8, cells=CELLS)


def test_shares_are_those_of_a_whole_score(study: Study) -> None:
    land = Land.of(study, CELLS)
    shares = Shares(land)
    inputs = footprint_inputs(study, study.radar_ranges)
    rng = np.random.default_rng(5)
    setting = Setting.central(study)
    moved = set()
    for draw in range(30):
        # One number after the other, as neighbours in a sample: some change nothing that a shot depends on.
        one = inputs[draw % len(inputs)]
        setting = one.put(setting, one.quantile(rng.random()))
        chosen = study.radar_ranges[draw % 3]
        setting = replace(setting, radar_range=chosen)
        fraction = shares.of(setting)
        assert np.array_equal(fraction, land.score(setting).fraction)
        assert np.array_equal(fraction, shares.of(setting))
        moved.add(fraction.tobytes())
    assert len(moved) > 5
    central = Setting.central(study)
    assert np.array_equal(
        shares.of(central), land.score(replace(central, radar_range=study.defence.radar_range)).fraction
    )
    assert np.array_equal(
        land.score(central).fraction, land.score(replace(central, radar_range=study.defence.radar_range)).fraction
    )


def test_the_factors_are_the_inputs_and_which_published_range(study: Study, found: Sensitivity) -> None:
    factors = found.indices.factors
    # Shortest first, whatever the study's order.
    names = ("ministry-600", "lewis-postol-870", "press-2000")
    assert found.radar_ranges == names
    inputs = footprint_inputs(study, names)
    assert [(f.owner, f.quantity) for f in factors[:-1]] == [(one.owner, one.quantity) for one in inputs]
    assert (factors[-1].owner, factors[-1].quantity, factors[-1].alternatives) == ("an-tpy-2", RADAR_RANGE, names)
    assert found.indices.evaluations == 8 * (len(factors) + 2)
    assert [factor.quantity for factor in factors if factor.distribution == "even"] == ["boresight"]


def test_the_outputs_are_the_threats_and_their_mean(found: Sensitivity) -> None:
    outputs = found.indices.outputs
    assert [output.name for output in outputs] == ["nodong", "musudan", MEAN]
    assert outputs[2].mean == pytest.approx((outputs[0].mean + outputs[1].mean) / 2.0, abs=1e-12)
    for output in outputs:
        assert 0.0 <= output.quantiles[0] <= output.quantiles[1] <= output.quantiles[2] <= 1.0


def test_what_no_shot_uses_moves_nothing_and_a_cross_section_moves_its_own_missile(found: Sensitivity) -> None:
    nodong = {each.factor.quantity: each for each in found.indices.outputs[0].factors if each.factor.owner != "musudan"}
    for idle in ("kill_probability", "launch_spacing", "average_power", "assessment_delay"):
        assert (nodong[idle].total, nodong[idle].total_half_width) == (0.0, 0.0)
    others = [e for e in found.indices.outputs[0].factors if e.factor.owner == "musudan"]
    assert [(each.factor.quantity, each.total) for each in others] == [("rcs_nose", 0.0)]
    assert nodong["max_range"].total > 0.0


def test_the_answer_does_not_depend_on_threads_or_on_who_asks_again(study: Study, found: Sensitivity) -> None:
    again = footprint_sensitivity(study, samples=8, cells=CELLS, threads=1)
    assert again.indices == found.indices
    other = footprint_sensitivity(study, samples=8, cells=CELLS, seed=study.uncertainty.seed + 1)
    assert other.indices != found.indices


def test_one_range_is_no_choice_and_one_threat_has_no_mean(study: Study) -> None:
    alone = replace(study, threats=study.threats[:1], radar_ranges=(study.defence.radar_range,))
    found = footprint_sensitivity(alone, samples=8, cells=CELLS)
    assert [output.name for output in found.indices.outputs] == ["nodong"]
    assert not [factor for factor in found.indices.factors if factor.alternatives]
    assert found.radar_ranges == ("lewis-postol-870",)


def test_hardware_is_chosen_from_where_the_study_asks_for_it(study: Study) -> None:
    asked = replace(study, threats=study.threats[:1], radar_ranges=("hardware", "ministry-600"))
    found = footprint_sensitivity(asked, samples=8, cells=CELLS)
    assert found.radar_ranges == ("ministry-600", "lewis-postol-870", "hardware")
    power = next(e for e in found.indices.outputs[0].factors if e.factor.quantity == "average_power")
    assert power.factor.unit == "kW"
    json.dumps(sensitivity_summary(found), allow_nan=False)


def test_a_missile_that_flies_in_two_ways_is_two_outputs(study: Study) -> None:
    nodong = study.threats[0]
    twice = replace(study, threats=(nodong, replace(nodong, trajectory="lofted")))
    found = footprint_sensitivity(twice, samples=8, cells=CELLS)
    assert [output.name for output in found.indices.outputs] == ["nodong (cut-off)", "nodong (lofted)", MEAN]
    # Its cross-section is one number all the same.
    assert [factor.quantity for factor in found.indices.factors].count("rcs_nose") == 1


def test_the_summary_says_what_it_was_worked_out_on(study: Study, found: Sensitivity) -> None:
    summary = sensitivity_summary(found)
    json.dumps(summary, allow_nan=False)
    assert (summary["study"], summary["metric"], summary["country"]) == ("seongju", "defended_fraction", "KOR")
    assert summary["land_grid"] == {"rows": CELLS, "columns": CELLS, "land_cells": found.land_cells}
    assert [one["range_km"] for one in summary["radar_ranges"]] == [600.0, 870.0, 2000.0]
    assert (summary["seed"], summary["samples"]) == (study.uncertainty.seed, 8)
    assert any("not a measured distribution" in words for words in summary["caveats"])
    assert any("independent" in words for words in summary["caveats"])


def test_wrong_samples_are_refused_before_anything_flies(study: Study) -> None:
    with pytest.raises(InputError, match="samples must be a power of two"):
        footprint_sensitivity(study, samples=100, cells=CELLS)
