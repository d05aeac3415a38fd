"""The numbers that a footprint depends on: which they are, and that each goes where it belongs."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from scipy.stats import triang

from equipoise.analysis.draws import triangle_quantile
from equipoise.analysis.inputs import Input, footprint_inputs
from equipoise.analysis.land import Setting
from equipoise.catalog.quantity import Sourced
from equipoise.study import load_study
from equipoise.study.model import Study


@pytest.fixture(scope="module")
def study() -> Study:
    return load_study("seongju")


def named(inputs: tuple[Input, ...]) -> dict[tuple[str, str], Input]:
    found = {(one.owner, one.quantity): one for one in inputs}
    assert len(found) == len(inputs)
    return found


@pytest.mark.parametrize("peak", [2.0, 2.3, 4.0, 5.0])
def test_the_triangles_quantile_is_that_of_scipy(peak: float) -> None:
    shares = np.linspace(0.0, 1.0, 41)
    theirs = triang(c=(peak - 2.0) / 3.0, loc=2.0, scale=3.0).ppf(shares)
    assert [triangle_quantile(float(share), 2.0, peak, 5.0) for share in shares] == pytest.approx(theirs, abs=1e-12)


def test_a_boresight_is_even_between_its_ends(study: Study) -> None:
    boresight = named(footprint_inputs(study))["study", "boresight"]
    assert np.degrees([boresight.quantile(share) for share in (0.0, 0.25, 1.0)]) == pytest.approx([315.0, 327.5, 365.0])
    assert boresight.written == pytest.approx((315.0, 340.0, 365.0))


def test_every_ranged_number_of_the_records_is_among_them_and_nothing_of_how_a_radar_searches(study: Study) -> None:
    found = named(footprint_inputs(study))
    interceptor = study.defence.interceptor
    ranged = {
        name
        for name in type(interceptor).model_fields
        if isinstance(number := getattr(interceptor, name), Sourced) and number.low < number.high
    }
    assert len([owner for owner, _ in found if owner == interceptor.id]) == len(ranged)
    assert not [quantity for _, quantity in found if quantity in ("mode_switch", "rcs_ratio", "bandwidth")]
    assert not [quantity for _, quantity in found if quantity.startswith(("search", "face"))]
    assert {owner for owner, quantity in found if quantity == "rcs_nose"} == {"scud-c", "nodong", "musudan"}


def test_published_ranges_bring_their_own_numbers(study: Study) -> None:
    central = named(footprint_inputs(study))
    both = named(footprint_inputs(study, ("lewis-postol-870", "press-2000")))
    added = set(both) - set(central)
    assert added == {("an-tpy-2", "range (press-2000)"), ("an-tpy-2", "reference_rcs (press-2000)")}
    hardware = replace(study, defence=replace(study.defence, radar_range="hardware"))
    assert ("an-tpy-2", "reference_rcs (lewis-postol-870)") not in named(footprint_inputs(hardware))


def test_a_face_counts_where_the_study_looks_through_it(study: Study) -> None:
    through = replace(study, defence=replace(study.defence, field_of_view="face"))
    added = set(named(footprint_inputs(through))) - set(named(footprint_inputs(study)))
    assert added == {("an-tpy-2", f"face.{name}") for name in ("tilt", "half_width", "scan_exponent")}


def test_putting_a_value_changes_that_number_and_no_other(study: Study) -> None:
    study = replace(study, defence=replace(study.defence, field_of_view="face"))
    central = Setting.central(study)
    inputs = footprint_inputs(study, study.radar_ranges)
    changed = [one.put(central, one.high) for one in inputs]
    for one, setting in zip(inputs, changed, strict=True):
        if one.central != one.high:
            assert setting != central, one.quantity
            assert one.put(setting, one.central) == central, one.quantity
    # One after the other they are all there, in any order.
    forwards, backwards = central, central
    for one in inputs:
        forwards = one.put(forwards, one.high)
    for one in reversed(inputs):
        backwards = one.put(backwards, one.high)
    assert forwards == backwards
    assert forwards.interceptor.burnout_speed_mps.value == study.defence.interceptor.burnout_speed_mps.high
    assert forwards.radar.range_named("press-2000").reference_rcs_m2.value == pytest.approx(1.0)
