from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from equipoise.analysis.boosts import TURN_SPEED_MPS, built, draws_of, one_at_a_time, other_law
from equipoise.catalog import MissileRecord, load_catalog
from equipoise.physics import Aim, Missile, Site, fly

RECORD = load_catalog().missile("hwasong-12")


def test_each_quantity_is_at_the_ends_of_its_range_and_nothing_else_moves() -> None:
    central = Missile.from_record(RECORD)
    ends = {end.quantity: end for end in one_at_a_time(RECORD)}
    assert list(ends) == ["burn time", "pitch rate", "steering law", "payload", "inert mass", "specific impulse"]
    # The numbers as the record's file has them.
    assert (ends["burn time"].low_label, ends["burn time"].high_label) == ("130 s", "170 s")
    assert (ends["payload"].low_label, ends["payload"].high_label) == ("300 kg", "1,000 kg")
    assert (ends["pitch rate"].low_label, ends["pitch rate"].high_label) == ("0.3 deg/s", "1.2 deg/s")
    burn, payload, law = ends["burn time"], ends["payload"], ends["steering law"]
    assert burn.low is not None
    assert payload.high is not None
    assert law.high is not None
    assert burn.low.burn_time_s == 130.0
    assert replace(burn.low, stages=central.stages) == central
    assert replace(payload.high, payload_kg=central.payload_kg) == central
    assert law.low == central
    assert law.high.gravity_turn


def test_sea_level_impulse_goes_with_that_in_vacuum() -> None:
    impulse = next(end for end in one_at_a_time(RECORD) if end.quantity == "specific impulse")
    assert impulse.low is not None
    assert (impulse.low.stages[0].isp_sea_level_s, impulse.low.stages[0].isp_vacuum_s) == (255.0, 285.0)


def test_a_boost_that_cannot_lift_off_is_no_boost() -> None:
    heavy = RECORD.payload_kg
    assert heavy is not None
    assert built(RECORD.model_copy(update={"payload_kg": replace(heavy, value=1e6)})) is None
    assert built(RECORD) == Missile.from_record(RECORD)


def test_the_other_law_begins_its_turn_at_speed() -> None:
    """At the end of the vertical rise the missile has the speed at which turns begin, and a little more or less."""
    turning = other_law(Missile.from_record(RECORD))
    assert turning.gravity_turn
    flown = fly(turning, Site.of_degrees(39.0, 125.7), Aim(1.0, math.radians(1.0)))
    before, after = (np.linalg.norm(flown.at(turning.vertical_time_s + dt)[1]) for dt in (-0.05, 0.05))
    assert 0.75 * TURN_SPEED_MPS < before < after
    back = other_law(turning)
    assert not back.gravity_turn
    assert back.stages == turning.stages


def test_draws_stay_as_they_are_when_more_are_made() -> None:
    few, many = draws_of(RECORD, 5, 1), draws_of(RECORD, 12, 1)
    assert many[: len(few)] == few
    assert len(set(many)) == len(many)
    assert draws_of(RECORD, 5, 2) != few
    assert draws_of(RECORD, 0, 1) == []


@pytest.mark.parametrize("record", [RECORD, load_catalog().missile("scud-b")], ids=lambda record: record.id)
def test_draws_lie_within_the_ranges_and_steer_by_either_law(record: MissileRecord) -> None:
    drawn = draws_of(record, 20, 3)
    stage = record.stages[0]
    for missile in drawn:
        assert stage.burn_time_s.low <= missile.stages[0].burn_time_s <= stage.burn_time_s.high
        assert stage.inert_kg.low <= missile.stages[0].inert_kg <= stage.inert_kg.high
        assert record.payload_kg is not None
        assert record.payload_kg.low <= missile.payload_kg <= record.payload_kg.high
    assert {missile.gravity_turn for missile in drawn} == {True, False}
