"""What of a footprint study may be varied."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any, get_args

from pydantic import BaseModel

from equipoise.analysis.inputs import (
    NOT_OF_A_BATTERY,
    NOT_OF_A_RADAR,
    cross_section,
    in_face,
    in_published_range,
    in_record,
    threats_of,
)
from equipoise.analysis.land import Setting
from equipoise.analysis.varied import Knob, Panel, check_together
from equipoise.catalog.quantity import In, numbers_of, quantity_of
from equipoise.catalog.radars import HARDWARE
from equipoise.errors import InputError
from equipoise.study.file import Azimuth, FieldOfView, TrackUntil
from equipoise.study.model import Study

# Numbers of the records that no share of the land hangs on.
_MOVES_NOTHING = {
    "interceptor": ("kill_probability", "unit_cost_usd"),
    "battery": ("assessment_delay_s", "launch_spacing_s", "launchers", "shots_per_opportunity", *NOT_OF_A_BATTERY),
    "radar": NOT_OF_A_RADAR,
}


def footprint_panel(study: Study) -> Panel[Setting]:
    """Return what of a footprint study may be varied."""
    known = {knob.key: knob for knob in _knobs(study)}
    settings = tuple(key for key in known if key.startswith("study."))
    still = {
        f"{part}.{re.sub(r'_(s|hz|usd)$', '', name)}" for part, left_out in _MOVES_NOTHING.items() for name in left_out
    }
    names = {key.removeprefix("study."): key for key in settings}
    aliases = names | {f"defence.{name}": key for name, key in names.items()}
    return Panel(known, Setting.central(study), settings, _check, frozenset(still), aliases)


def _knobs(study: Study) -> Iterator[Knob[Setting]]:
    defence = study.defence
    yield Knob("study.radar_range", "", None, defence.radar.range_names, _field("radar_range"))
    yield Knob("study.track_until", "", None, get_args(TrackUntil), _field("track_until"))
    faces = get_args(FieldOfView) if defence.radar.face is not None else ("sector",)
    yield Knob("study.field_of_view", "", None, faces, _field("field_of_view"))
    azimuth: In = get_args(Azimuth)[1]
    yield Knob("study.boresight", "deg", azimuth, (), _field("boresight_rad"))
    central = Setting.central(study)
    for part, left_out in _MOVES_NOTHING.items():
        record: BaseModel = getattr(central, part)
        for name, field, number in numbers_of(record):
            if name not in left_out:
                key = f"{part}.{field.alias or name}"
                yield Knob(key, number.unit, quantity_of(field), (), in_record(part, name))
    if defence.radar.face is not None:
        for name, field, number in numbers_of(defence.radar.face):
            yield Knob(f"radar.face.{field.alias or name}", number.unit, quantity_of(field), (), in_face(name))
    for name, field, number in numbers_of(defence.radar.ranges[0]):
        yield Knob(f"radar.{field.alias or name}", number.unit, quantity_of(field), (), _of_range(name))
    for missile in dict.fromkeys(threat.missile.id for threat in study.threats):
        record = next(threat.missile for threat in study.threats if threat.missile.id == missile)
        field, unit = type(record).model_fields["rcs_nose_m2"], record.rcs_nose_m2
        if unit is not None:
            yield Knob(
                f"rcs_nose.{missile}", unit.unit, quantity_of(field), (), cross_section(threats_of(study, missile))
            )


def _field(name: str) -> Callable[[Setting, Any], Setting]:
    def turned(setting: Setting, value: Any) -> Setting:
        changed: dict[str, Any] = {name: value}
        return replace(setting, **changed)

    return turned


def _of_range(name: str) -> Callable[[Setting, float], Setting]:
    """Change the published range that the setting takes."""

    def turned(setting: Setting, value: float) -> Setting:
        taken = setting.radar_range
        if taken == HARDWARE:
            raise InputError(
                f"--vary: radar.range and radar.reference_rcs change a published range; the radar range is {HARDWARE}"
            )
        return in_published_range(taken, name)(setting, value)

    return turned


def _check(setting: Setting) -> None:
    parts = {part: getattr(setting, part) for part in _MOVES_NOTHING}
    check_together(parts, setting.radar, setting.radar_range, setting.field_of_view, setting.interceptor)
