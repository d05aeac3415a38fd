from __future__ import annotations

import math

import numpy as np
import pytest

from equipoise.catalog import default_signature, load_catalog
from equipoise.errors import InputError
from equipoise.sensors import AspectRcs, Signature
from equipoise.sensors import timeline_kernels as tk

CONE = AspectRcs(0.01, 0.1, 1.0)


def test_the_anchors_are_exact_and_nothing_lies_outside_them() -> None:
    assert CONE.at([0.0, math.pi / 2, math.pi]) == pytest.approx([0.01, 0.1, 1.0], rel=1e-12)
    aspects = np.linspace(0.0, math.pi, 1001)
    assert np.all(np.diff(CONE.at(aspects)) >= -1e-12)
    assert CONE.at(math.radians(45.0)) == pytest.approx(math.sqrt(0.01 * 0.1), rel=1e-12)  # half way in decibels


def test_it_is_smooth_where_nose_and_rear_meet() -> None:
    # The slope is zero at the side from both ends: no corner, though the ends differ by a hundred.
    step = 1e-4
    near = CONE.at([math.pi / 2 - step, math.pi / 2, math.pi / 2 + step])
    assert np.abs(np.diff(near)).max() / step < 1e-4


def test_it_stays_below_the_straight_line_in_square_metres() -> None:
    aspects = np.linspace(0.0, math.pi / 2, 91)
    share = np.sin(aspects) ** 2
    assert np.all(CONE.at(aspects) <= 0.01 + (0.1 - 0.01) * share + 1e-12)


def test_the_kernel_takes_the_same_curve() -> None:
    aspects = np.linspace(0.0, math.pi, 37)
    kernel = [tk.cross_section(math.cos(aspect), *CONE.logarithms) for aspect in aspects]
    assert kernel == pytest.approx(CONE.at(aspects), rel=1e-12)


def test_a_missile_that_separates_becomes_its_body() -> None:
    record = load_catalog().missile("nodong")
    signature = Signature.from_record(record)
    assert record.rcs_nose_m2 is not None
    assert signature.after_burnout.nose_m2 == record.rcs_nose_m2.value
    assert signature.after_burnout.rear_m2 == default_signature().body_rear_m2.value
    assert signature.boost.side_m2 == default_signature().boost.side_m2.value


def test_a_missile_that_stays_whole_keeps_its_booster() -> None:
    record = load_catalog().missile("nodong").model_copy(update={"separates": False})
    assert Signature.from_record(record).after_burnout == Signature.from_record(record).booster


def test_a_record_may_give_its_own() -> None:
    record = load_catalog().missile("nodong")
    own = record.model_copy(update={"rcs_boost": default_signature().booster, "rcs_rear_m2": record.rcs_side_m2})
    assert Signature.from_record(own).body.rear_m2 == own.rcs_side_m2.value


def test_the_bounds_enclose_the_central_values() -> None:
    record = load_catalog().missile("nodong")
    low, high = Signature.from_record(record, "low"), Signature.from_record(record, "high")
    for part in ("boost", "booster", "body"):
        for field in ("nose_m2", "side_m2", "rear_m2"):
            middle = getattr(getattr(Signature.from_record(record), part), field)
            assert getattr(getattr(low, part), field) < middle < getattr(getattr(high, part), field)


def test_a_missing_cross_section_is_named() -> None:
    record = load_catalog().missile("nodong").model_copy(update={"rcs_side_m2": None})
    with pytest.raises(InputError, match="missile nodong, rcs_side: missing"):
        Signature.from_record(record)


@pytest.mark.parametrize("value", [0.0, -1.0, math.nan, math.inf])
def test_impossible_cross_sections_are_refused(value: float) -> None:
    with pytest.raises(InputError, match="side_m2 must be above 0 m2 and finite"):
        AspectRcs(0.1, value, 0.1)
