"""What of a raid study may be varied."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, get_args

from pydantic import BaseModel

from equipoise.analysis.raid import MAX_MISSILES
from equipoise.analysis.raid_setting import (
    NOT_OF_A_RAID,
    OF_THE_RANGE_EQUATION,
    PARTS,
    RaidSetting,
    common,
    cross_section,
    in_layer,
    in_record,
)
from equipoise.analysis.varied import Knob, Panel, check_together
from equipoise.catalog.quantity import In, numbers_of, quantity_of
from equipoise.catalog.radars import HARDWARE
from equipoise.errors import InputError
from equipoise.study.file import Azimuth
from equipoise.study.raid_model import RaidStudy

_SHARE = In("1", 0.0, 1.0)


@dataclass(frozen=True)
class RaidCase:
    """A version of a raid study's numbers, and how many missiles fly; None for the study's own."""

    setting: RaidSetting
    size: int | None = None


Turned = Callable[[RaidCase, Any], RaidCase]


def raid_panel(study: RaidStudy) -> Panel[RaidCase]:
    """Return what of a raid study may be varied: numbers of its layers, and the number of missiles."""
    known: Mapping[str, Knob[RaidCase]] = {knob.key: knob for knob in _knobs(study)}
    ranges = tuple(key for key in known if key.endswith(".radar_range"))

    def check(case: RaidCase) -> None:
        for layer, placement in zip(case.setting.layers, study.layers, strict=True):
            parts = {f"{placement.id}.{part}": getattr(layer, part) for part in PARTS}
            check_together(parts, layer.radar, layer.radar_range, placement.field_of_view, layer.interceptor)

    return Panel(known, RaidCase(RaidSetting.central(study)), ranges, check)


def _knobs(study: RaidStudy) -> Iterator[Knob[RaidCase]]:
    yield Knob("missiles", "1", In("1", 1.0, float(MAX_MISSILES)), (), _sized)
    azimuth: In = get_args(Azimuth)[1]
    for index, layer in enumerate(study.layers):
        if layer.radar is not None and layer.radar_range is not None:
            yield Knob(
                f"{layer.id}.radar_range",
                "",
                None,
                layer.radar.range_names,
                _of_setting(in_layer(index, "radar_range")),
            )
            yield Knob(f"{layer.id}.boresight", "deg", azimuth, (), _of_setting(in_layer(index, "boresight_rad")))
        unused = NOT_OF_A_RAID if layer.radar_range == HARDWARE else (*NOT_OF_A_RAID, *OF_THE_RANGE_EQUATION)
        for part in PARTS:
            record: BaseModel | None = getattr(layer, part)
            if record is None:
                continue
            for name, field, number in numbers_of(record):
                if name not in unused:
                    key = f"{layer.id}.{part}.{field.alias or name}"
                    yield Knob(key, number.unit, quantity_of(field), (), _of_setting(in_record([index], part, name)))
    missiles = {salvo.threat.missile.id: salvo.threat.missile for salvo in study.salvos}
    for id, missile in missiles.items():
        field, size = type(missile).model_fields["rcs_nose_m2"], missile.rcs_nose_m2
        if size is not None:
            yield Knob(f"rcs_nose.{id}", size.unit, quantity_of(field), (), _of_setting(cross_section(id)))
    for name in ("reliability", "track_probability"):
        yield Knob(f"common_mode.{name}", "1", _SHARE, (), _of_setting(common(name)))


def _sized(case: RaidCase, value: float) -> RaidCase:
    if value != round(value):
        raise InputError(f"--vary missiles: got {value:g}; allowed: whole numbers")
    return replace(case, size=round(value))


def _of_setting(put: Callable[[RaidSetting, Any], RaidSetting]) -> Turned:
    return lambda case, value: replace(case, setting=put(case.setting, value))
