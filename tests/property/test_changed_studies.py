"""A changed study and the file that is written of it are the same study."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from equipoise.analysis.what_if import WhatIf, changed, point_at
from equipoise.catalog import numbers
from equipoise.errors import InputError
from equipoise.present.changed_study import changed_study_text
from equipoise.study import Study, load_study
from equipoise.study.reading import study_from_text

FOOTPRINTS = ("lofted-nodong", "north-korean-classes", "seongju")
study_named = cache(load_study)

NUMBERS = {
    "interceptor.burnout_speed": st.floats(1.0, 5.0).map(lambda x: f"{x:.6g} km/s"),
    "battery.commit_delay": st.integers(0, 300).map(str),
    "radar.range": st.integers(100, 3000).map(lambda x: f"{x} km"),
    "radar.face.tilt": st.integers(0, 80).map(lambda x: f"{x} deg"),
    "radar.required_snr": st.integers(5, 30).map(lambda x: f"{x} dB"),
    "radar.detection_probability": st.floats(0.3, 0.99).map(lambda x: f"{x:.4g}"),
    "study.boresight": st.floats(-360.0, 360.0).map(lambda x: f"{x:.6g}"),
    "study.track_until": st.sampled_from(["intercept", "launch"]),
    "study.radar_range": st.sampled_from(["lewis-postol-870", "press-2000"]),
    "study.field_of_view": st.sampled_from(["sector", "face"]),
}


@st.composite
def changes(draw: st.DrawFn) -> tuple[Study, WhatIf]:
    study = study_named(draw(st.sampled_from(FOOTPRINTS)))
    threat = draw(st.none() | st.sampled_from(study.threats))
    areas: list[str] = []
    if threat is not None:
        areas = draw(st.lists(st.sampled_from([area.id for area in threat.launch_areas]), unique=True))
    at = draw(st.none() | st.tuples(st.floats(34.0, 38.5), st.floats(125.5, 130.0)))
    moved = draw(st.fixed_dictionaries({}, optional=NUMBERS).map(lambda found: dict(list(found.items())[:8])))
    if threat is not None and draw(st.booleans()):
        moved = dict(list(moved.items())[:7]) | {f"rcs_nose.{threat.missile.id}": "0.05"}
    return study, WhatIf(
        missile=None if threat is None else threat.missile.id,
        launch_areas=tuple(areas),
        lat_deg=None if at is None else at[0],
        lon_deg=None if at is None else at[1],
        target=draw(st.none() | st.sampled_from([place.id for place in study.places])),
        numbers=tuple(f"{key}={value}" for key, value in moved.items()),
    )


def read(text: str) -> Study:
    study = study_from_text(text, "changed.yaml", Path("changed.yaml"))
    assert isinstance(study, Study)
    return study


def values(study: Study) -> object:
    """Return all that a footprint hangs on, without the ranges that uncertainty runs draw from."""
    defence, example = study.defence, study.engagement
    records = (defence.radar, defence.battery, defence.interceptor, *(threat.missile for threat in study.threats))
    return (
        [{path: number.value for path, number in numbers(record)} for record in records],
        (defence.radar_range, defence.track_until, defence.field_of_view, defence.boresight_spread_rad),
        math.remainder(defence.boresight_rad, 2 * math.pi),
        [(threat.missile.id, threat.trajectory, [area.id for area in threat.launch_areas]) for threat in study.threats],
        (study.grid, study.country, [place.id for place in study.places], study.coverage_altitudes_m),
        (study.radar_ranges, study.uncertainty),
        (example.threat, example.missile.id, example.launch_area.id),
        [(place.name, place.country, place.lat_rad, place.lon_rad) for place in (defence.site, example.target)],
    )


def flat(value: object) -> Iterator[object]:
    """Yield the leaves of what may be nested, numbers as numbers."""
    if isinstance(value, dict):
        value = tuple(value.items())
    if isinstance(value, tuple | list):
        for part in value:
            yield from flat(part)
    else:
        yield value


@settings(max_examples=60, deadline=None)  # a study is read in some ten milliseconds
@given(changes(), st.booleans())
def test_a_changed_study_and_its_file_are_one(asked: tuple[Study, WhatIf], elsewhere: bool) -> None:
    study, change = asked
    after = changed(study, change)
    example = after.engagement
    if elsewhere:
        example = replace(example, target=point_at(37.123, 127.456, example.target))
    text = changed_study_text(study, change, example)
    again = read(text)
    for found, wanted in zip(flat(values(again)), flat(values(replace(after, engagement=example))), strict=True):
        # Degrees are written to the hundredth and numbers in their own unit: only last bits may differ.
        assert found == (pytest.approx(wanted, rel=1e-12, abs=1e-12) if isinstance(wanted, float) else wanted)
    if change == WhatIf() and not elsewhere:
        assert text == study.text
    else:
        assert again.id == f"{study.id}-changed"
        assert again.published == ()
        assert study.sha256[:12] in text


def test_a_change_that_is_refused_has_no_file() -> None:
    study = study_named("seongju")
    with pytest.raises(InputError, match="allowed"):
        changed_study_text(study, WhatIf(numbers=("interceptor.burnout_speed=99 km/s",)))
